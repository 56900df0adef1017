import {maskPasswords} from '../../model/mask-passwords.ts';
import {sanitise} from '../../model/sanitise.ts';
import {UsageError} from '../../model/usage-error.ts';
import type {ParameterSource} from './connection-plan.ts';

/** The value of one parameter that somebody gave. It may be empty: to libpq an empty value hides those of weaker sources. */
export type Setting = {readonly name: string; readonly value: string; readonly source: ParameterSource};

/** What was given, by the parameter's name. */
export type Settings = ReadonlyMap<string, Setting>;

const SHOWN_LENGTH = 60;

/** A text of the user's for the screen: one line, harmless to a terminal, without what looks like a password (a wrong quote can put a whole connection string into a host). */
export function safeLine(text: string): string {
  return sanitise(maskPasswords(text));
}

/** A value in quotes for a message: one line, harmless to a terminal, cut when long. */
export function quoted(value: string): string {
  const line = safeLine(value);
  return `"${line.length > SHOWN_LENGTH ? `${line.slice(0, SHOWN_LENGTH)}…` : line}"`;
}

/** Where a value came from, as an error says it: `-p`, `PGPORT`, `the connection string`. */
export function sourceText(source: ParameterSource): string {
  switch (source.kind) {
    case 'option':
    case 'environment':
    case 'passfile':
    case 'service':
      return source.name;
    case 'argument':
      return 'the command line';
    case 'conninfo':
      return 'the connection string';
    case 'uri':
      return 'the connection URI';
    case 'default':
      return 'the default';
  }
  return source satisfies never;
}

/** The value of a parameter, undefined when it is absent or empty. */
export function givenValue(settings: Settings, name: string): string | undefined {
  const value = settings.get(name)?.value;
  return value === '' ? undefined : value;
}

/** A whole number as libpq reads one: decimal, 32 bits, with a sign and spaces around allowed. Undefined when absent. @throws UsageError */
export function integerOf(settings: Settings, name: string): number | undefined {
  const setting = settings.get(name);
  if (setting === undefined) return undefined;
  const number = /^\s*[+-]?\d+\s*$/.test(setting.value) ? Number(setting.value) : Number.NaN;
  if (Math.abs(number) < 2 ** 31) return number;
  throw new UsageError(
    `${name} from ${sourceText(setting.source)} is not a whole number: ${quoted(setting.value)}`,
  );
}

/** One of the values that a parameter can have; `otherwise` when it is absent. An empty one is a value too. @throws UsageError */
export function choiceOf<const Value extends string>(
  settings: Settings,
  name: string,
  values: readonly Value[],
  otherwise: Value,
): Value {
  const setting = settings.get(name);
  if (setting === undefined) return otherwise;
  const found = values.find(value => value === setting.value);
  if (found !== undefined) return found;
  throw new UsageError(
    `${name} from ${sourceText(setting.source)} is unknown: ${quoted(setting.value)}`,
    `It is one of ${values.join(', ')}.`,
  );
}
