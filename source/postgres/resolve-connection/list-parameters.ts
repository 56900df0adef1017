import type {ParameterSource, ResolvedParameter} from './connection-plan.ts';
import {isSecret, PARAMETERS} from './parameters.ts';
import {type Settings, safeLine} from './setting.ts';

/** The values pgtop uses, by parameter: those that were given, and what stands in for those that were not. */
export type ValuesInForce = Readonly<Record<string, string | undefined>>;

/**
 * Every parameter in force, in libpq's order and with its source, to be shown to the user. One that was given empty
 * counts as its default. A password is listed without its value.
 */
export function listParameters(
  settings: Settings,
  passwordSource: ParameterSource | undefined,
  inForce: ValuesInForce,
): readonly ResolvedParameter[] {
  return Object.keys(PARAMETERS).flatMap((name): readonly ResolvedParameter[] => {
    if (isSecret(name)) {
      const isUsed = name === 'password' && passwordSource !== undefined;
      return isUsed ? [{name, value: undefined, source: passwordSource}] : [];
    }
    const setting = settings.get(name);
    const isGiven = setting !== undefined && setting.value !== '';
    const value = inForce[name] ?? (isGiven ? setting.value : undefined);
    if (value === undefined) return [];
    return [{name, value: safeLine(value), source: isGiven ? setting.source : {kind: 'default'}}];
  });
}
