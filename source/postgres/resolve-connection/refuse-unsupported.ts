import {UsageError} from '../../model/usage-error.ts';
import {isSecret, parameterOf} from './parameters.ts';
import {quoted, type Setting, type Settings, sourceText} from './setting.ts';

/**
 * Refuses by name each parameter whose value asks for something that pgtop does not do: a connection that quietly leaves
 * out a demand of its user may reach the wrong server, or trust it too much. @throws UsageError
 */
export function refuseUnsupported(settings: Settings): void {
  for (const setting of settings.values()) {
    const refusal = parameterOf(setting.name)?.refusal;
    if (refusal !== undefined && !refusal.harmless.includes(setting.value)) {
      throw refused(setting, refusal.reason);
    }
  }
  const host = settings.get('host');
  if (host?.value.split(',').some(each => each.startsWith('@'))) {
    throw new UsageError(
      `host ${quoted(host.value)} (from ${sourceText(host.source)}) is not supported: pgtop does not use abstract sockets`,
      'Give the folder of the socket, or the name of the host.',
    );
  }
}

function refused({name, value, source}: Setting, reason: string): UsageError {
  const shown = isSecret(name) ? name : `${name}=${quoted(value)}`;
  const leaveOut =
    source.kind === 'environment'
      ? `Run it without the variable: env -u ${source.name} pgtop …`
      : `Leave ${name} out of ${sourceText(source)}.`;
  return new UsageError(`${shown} (from ${sourceText(source)}) is not supported: ${reason}`, leaveOut);
}
