import meow from 'meow';
import {UsageError} from '../model/usage-error.ts';
import {type CommandName, FLAGS, type Flag, usageText} from './flags.ts';

/** The command line in pieces. Every value is as typed. */
export type Arguments = {
  readonly command: CommandName;
  /** The one word besides the command: a database, conninfo or URI. */
  readonly connection: string | undefined;
  /** The words after `cancel` and `terminate`. */
  readonly pids: readonly number[];
  readonly values: Readonly<Record<string, string | undefined>>;
  /** The names of the switches that are on. */
  readonly switches: ReadonlySet<string>;
};

const COMMAND_WORDS: readonly CommandName[] = ['demo', 'sessions', 'locks', 'cancel', 'terminate', 'doctor'];

/** Takes the words after the program's name apart. @throws UsageError for whatever is not understood, before anything else happens. */
export function parseArguments(words: readonly string[], importMeta: ImportMeta): Arguments {
  const {input, flags} = parse(words, importMeta);
  const [first, ...rest] = input;
  const command = COMMAND_WORDS.find(word => word === first) ?? 'monitor';
  const takesPids = command === 'cancel' || command === 'terminate';
  const positional = command === 'monitor' ? input : takesPids ? [] : rest;
  const pids = takesPids ? rest.map(pidOf) : [];
  if (positional.length > 1) {
    throw new UsageError(`one CONNECTION at most, not "${positional.join(' ')}"`, HINT);
  }
  if (command === 'demo' && positional.length > 0) {
    throw new UsageError('pgtop demo takes no CONNECTION: it starts a server of its own', HINT);
  }
  const values: Record<string, string> = {};
  const switches = new Set<string>();
  for (const [key, given] of Object.entries(flags)) {
    const flag = given === false ? negated(key) : FLAGS.find(({name}) => key === propertyOf(name));
    if (flag === undefined) throw unknownOption(key);
    if (!flag.commands.includes(command))
      throw new UsageError(`--${flag.name} does not belong to pgtop ${command}`, HINT);
    if (flag.value === undefined) switches.add(flag.name);
    else values[flag.name] = textOf(flag, given);
  }
  return {command, connection: positional[0], pids, values, switches};
}

const HINT = 'Try pgtop --help.';

function pidOf(word: string): number {
  const pid = Number(word);
  if (/^\d+$/.test(word) && pid > 0 && pid < 2 ** 31) return pid;
  throw new UsageError(`"${word}" is no process id`, 'A database is named with -d. Try pgtop --help.');
}

function unknownOption(key: string): UsageError {
  const name = key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
  return new UsageError(`there is no option ${name.length === 1 ? `-${name}` : `--${name}`}`, HINT);
}

/** The switch `--no-key`, which meow hands over as `key: false`. */
function negated(key: string): Flag | undefined {
  return FLAGS.find(({name}) => name === `no-${key}`);
}

/** `-p5432` as psql takes it: meow wants the value apart. */
function separate(word: string): readonly string[] {
  const [, short, value] = /^-([A-Za-z])(.+)$/s.exec(word) ?? [];
  const flag = FLAGS.find(candidate => candidate.short === short && candidate.value !== undefined);
  return flag === undefined || value === undefined ? [word] : [`-${short}`, value];
}

function propertyOf(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

function textOf({name, value}: Flag, given: unknown): string {
  if (Array.isArray(given)) throw new UsageError(`--${name} is given more than once`, HINT);
  if (typeof given !== 'string' || given === '')
    throw new UsageError(`--${name} needs a value: ${value}`, HINT);
  return given;
}

function parse(words: readonly string[], importMeta: ImportMeta) {
  const flags = Object.fromEntries(
    FLAGS.map(({name, short, value}) => [
      propertyOf(name),
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        ...(short === undefined ? {} : {shortFlag: short}),
      },
    ]),
  );
  try {
    return meow(usageText(), {
      importMeta,
      argv: words.flatMap(separate),
      pkg: {name: 'pgtop', version: PGTOP_VERSION},
      flags,
      description: false,
      booleanDefault: undefined,
      autoHelp: false,
      autoVersion: false,
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), HINT, {cause: error});
  }
}
