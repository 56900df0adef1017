/** On which servers no signal can be sent, as PGTOP_READ_ONLY tells it. */
export type ReadOnlyRule = (host: string) => boolean;

const EVERYWHERE = /^(?:1|true|yes|on)$/i;
const NOWHERE = /^(?:0|false|no|off)?$/i;

/**
 * The rule that a value of PGTOP_READ_ONLY stands for: `1` (true, yes, on) is every server, `0` (false, no, off) or nothing is none,
 * anything else lists host names or socket folders with commas between them, `*` standing for any text: `prod-*,db1.example`.
 * `local` is every Unix-domain socket.
 */
export function readOnlyRule(value: string | undefined): ReadOnlyRule {
  const text = value?.trim() ?? '';
  if (NOWHERE.test(text)) return () => false;
  if (EVERYWHERE.test(text)) return () => true;
  const patterns = text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
    .map(patternOf);
  return host => {
    const names = host.startsWith('/') ? [host, 'local'] : [host];
    return patterns.some(pattern => names.some(name => pattern.test(name)));
  };
}

function patternOf(text: string): RegExp {
  const source = text.replace(/[\\^$.+?()[\]{}|]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${source}$`, 'i');
}
