import {usageText} from './commands/flags.ts';
import {type Arguments, parseArguments} from './commands/parse-arguments.ts';
import {print} from './commands/print.ts';
import type {KeepCode} from './host/code-file.ts';
import {sanitise, sanitiseLines} from './model/sanitise.ts';
import type {Cli} from './program.ts';

/** Errors that a user, a server or the system made: told in a line and a hint, since a stack trace would say nothing more. */
const EXIT_CODES: ReadonlyMap<string, number> = new Map([
  ['UsageError', 2],
  ['ConnectError', 1],
  ['DemoError', 1],
  ['PasswordPromptError', 1],
  ['PoolerInBetween', 1],
  ['UnsupportedServer', 1],
  ['StatementTimeout', 1],
  ['ConnectionLost', 1],
]);

const warn = (line: string) => console.error(`pgtop: ${line}`);

async function run(parsed: Arguments, keepCode: KeepCode): Promise<number> {
  switch (parsed.command) {
    case 'monitor':
      return await (await import('./commands/monitor.ts')).monitor(parsed, warn, keepCode);
    case 'demo':
      return await (await import('./commands/demo.ts')).demo(parsed, warn, keepCode);
    case 'sessions':
      return await (await import('./commands/sessions.ts')).sessions(parsed, warn);
    case 'locks':
      return await (await import('./commands/locks.ts')).locks(parsed, warn);
    case 'cancel':
    case 'terminate':
      return await (await import('./commands/signal-sessions.ts')).signalSessions(
        parsed,
        parsed.command,
        warn,
      );
    case 'doctor':
      return await (await import('./commands/doctor.ts')).doctor(parsed);
    default:
      return parsed.command satisfies never;
  }
}

/** Runs the command line and resolves with the exit code; what went wrong stands on stderr by then. */
export const main: Cli['main'] = async (words, importMeta, keepCode) => {
  try {
    const parsed = parseArguments(words, importMeta);
    if (parsed.switches.has('help') || parsed.switches.has('version')) {
      await print(parsed.switches.has('help') ? usageText() : PGTOP_VERSION);
      return 0;
    }
    return await run(parsed, keepCode);
  } catch (error) {
    return tell(error);
  }
};

/** The exit code for an error, told on stderr; a mistake of the program itself with the stack that a report of it needs. */
function tell(error: unknown): number {
  if (!(error instanceof Error)) return tellMistake(String(error));
  // The driver's and the system's errors have a code of their own.
  const code =
    EXIT_CODES.get(error.name) ?? ('code' in error && typeof error.code === 'string' ? 1 : undefined);
  if (code === undefined) return tellMistake(error.stack ?? error.message);
  warn(sanitise(error.message));
  if ('hint' in error && typeof error.hint === 'string') console.error(sanitiseLines(error.hint));
  return code;
}

function tellMistake(trace: string): number {
  warn('this is a mistake of pgtop itself, please report it with these lines:');
  console.error(sanitiseLines(trace));
  return 1;
}
