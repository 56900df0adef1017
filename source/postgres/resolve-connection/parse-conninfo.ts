import {UsageError} from '../../model/usage-error.ts';
import {isShowable, type WrittenParameter} from './written-parameter.ts';

/** Space is what C's isspace calls so: to libpq a no-break space is a letter. */
const NAME_AND_EQUALS = /([^= \t-\r]*)[ \t-\r]*(=?)[ \t-\r]*/y;
const SPACES = /[ \t-\r]*/y;
const BARE_VALUE = /(?:\\[\s\S]?|[^\\ \t-\r])*/y;
const QUOTED_VALUE = /'((?:\\[\s\S]|[^'\\])*)('?)/y;

const QUOTING =
  "A value with spaces stands in single quotes, with \\' and \\\\ inside them: password='two words'.";

/**
 * Reads `key=value` pairs as libpq does: spaces around `=` allowed, single quotes around a value, a backslash before a
 * character that stands for itself. Errors do not repeat what may be a part of a password. @throws UsageError
 */
export function parseConninfo(text: string): readonly WrittenParameter[] {
  const parameters: WrittenParameter[] = [];
  let at = wholeAt(SPACES, text, 0).length;
  while (at < text.length) {
    const [whole, name = '', equals] = findAt(NAME_AND_EQUALS, text, at);
    const mayShow = isShowable(name, text.slice(0, at), '');
    if (equals === '') throw missingEquals(mayShow ? `"${name}"` : 'a word');
    at += whole.length;
    const written = wholeAt(text[at] === "'" ? QUOTED_VALUE : BARE_VALUE, text, at);
    parameters.push({name, value: plainValue(written), isShowable: mayShow});
    at += written.length;
    at += wholeAt(SPACES, text, at).length;
  }
  return parameters;
}

function plainValue(written: string): string {
  if (!written.startsWith("'")) return unescaped(written);
  const [, inner = '', close] = findAt(QUOTED_VALUE, written, 0);
  if (close === "'") return unescaped(inner);
  throw new UsageError('a single quote in the connection string is not closed', QUOTING);
}

function unescaped(value: string): string {
  return value.replace(/\\([\s\S]?)/g, '$1');
}

function findAt(pattern: RegExp, text: string, at: number): readonly [string, ...string[]] {
  pattern.lastIndex = at;
  const [whole = '', ...groups] = pattern.exec(text) ?? [];
  return [whole, ...groups];
}

function wholeAt(pattern: RegExp, text: string, at: number): string {
  return findAt(pattern, text, at)[0];
}

function missingEquals(word: string): UsageError {
  return new UsageError(`${word} in the connection string is not followed by "="`, QUOTING);
}
