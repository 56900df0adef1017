import {UsageError} from '../model/usage-error.ts';
import type {Connection} from '../postgres/connection.ts';
import {prepareMonitoring} from '../postgres/poller.ts';
import {filterChoice, secondsChoice, sortChoice, viewChoice, wordChoice} from './choices.ts';
import {connectorFor} from './connect.ts';
import type {Arguments} from './parse-arguments.ts';
import type {MonitorRun} from './run-monitor.tsx';

/** The live monitor: `pgtop [CONNECTION]`. Resolves with the exit code. @throws UsageError, ConnectError */
export async function monitor(parsed: Arguments, warn: (line: string) => void): Promise<number> {
  const choices = monitorChoices(parsed);
  requireTerminal();
  const connector = connectorFor(parsed, warn);
  return await watch(() => connector.open(), choices);
}

/** Connects, and runs the monitor on the terminal. The screen is taken only when the first connection stands. */
export async function watch(
  open: () => Promise<Connection>,
  choices: Pick<MonitorRun, 'choices' | 'hasColor'>,
): Promise<number> {
  // The drawing library loads while the connection is made.
  const loading = import('./run-monitor.tsx');
  const first = await prepareMonitoring(open);
  const {runMonitor} = await loading;
  return await runMonitor({first, open, ...choices});
}

/** What the command line chooses for the monitor. @throws UsageError */
export function monitorChoices({values, switches}: Arguments): Pick<MonitorRun, 'choices' | 'hasColor'> {
  return {
    choices: {
      options: {
        isReadOnly: switches.has('read-only'),
        isAscii: switches.has('ascii'),
        keys: wordChoice('keys', values.keys, ['default', 'vim']),
      },
      view: viewChoice(values),
      sort: sortChoice(values),
      filter: filterChoice(values),
      intervalMs: secondsChoice('interval', values.interval, 1),
    },
    // https://no-color.org: any value but the empty one.
    hasColor: !switches.has('no-color') && (process.env.NO_COLOR ?? '') === '',
  };
}

/** @throws UsageError where there is no terminal to draw on, or one that understands no sequences. */
export function requireTerminal(): void {
  const hint = 'pgtop sessions and pgtop locks print to files and pipes.';
  if (!process.stdin.isTTY || !process.stdout.isTTY) throw new UsageError('pgtop needs a terminal', hint);
  if (process.env.TERM === 'dumb') throw new UsageError('pgtop cannot draw on a terminal of type dumb', hint);
}
