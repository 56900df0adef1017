import type {KeepCode} from '../host/code-file.ts';
import {readOnlyRule} from '../model/read-only.ts';
import type {ServerPlace} from '../model/server-place.ts';
import {UsageError} from '../model/usage-error.ts';
import {ConnectError} from '../postgres/connect-error.ts';
import type {OpenOptions} from '../postgres/connect-plan.ts';
import type {Connection} from '../postgres/connection.ts';
import {prepareMonitoring} from '../postgres/prepare-monitoring.ts';
import {errorText, isFull} from '../postgres/sql-state.ts';
import {auditLogOf} from './auditor.ts';
import {
  filterChoice,
  secondsChoice,
  sortChoice,
  thresholdsChoice,
  viewChoice,
  wordChoice,
} from './choices.ts';
import {connectorFor} from './connect.ts';
import type {Arguments} from './parse-arguments.ts';
import type {MonitorRun} from './run-monitor.tsx';

/** The live monitor: `pgtop [CONNECTION]`. Resolves with the exit code. @throws UsageError, ConnectError */
export async function monitor(
  parsed: Arguments,
  warn: (line: string) => void,
  keepCode: KeepCode,
): Promise<number> {
  const choices = monitorChoices(parsed);
  requireTerminal();
  const connector = connectorFor(parsed, warn);
  return await watch(connector, choices, keepCode);
}

/** Where the monitor's sessions come from. */
export type SessionSource = {
  open(options?: OpenOptions): Promise<Connection>;
  /** Where the latest open() came to its end; null before it has tried anything. */
  place(): ServerPlace | null;
};

/** Connects, and runs the monitor on the terminal. The screen is taken when the first connection stands, or the server has no slot for it. */
export async function watch(
  source: SessionSource,
  {choices, ...rest}: MonitorChoices,
  keepCode: KeepCode,
): Promise<number> {
  // The drawing library loads while the connection is made.
  const loading = import('./run-monitor.tsx');
  for (;;) {
    const start = await prepareUnlessFull(source);
    const {runMonitor} = await loading;
    const isReadOnly = rest.isReadOnlyAt(start.first?.connection.endpoint.host ?? source.place()?.host ?? '');
    const options = {...choices.options, isReadOnly, auditPath: rest.auditLog.path};
    const code = await runMonitor({...start, source, ...rest, choices: {...choices, options}, keepCode});
    if (code !== null) return code;
  }
}

/** The first session; what the server said where it has no slot for one. A wait for a slot is the monitor's: that is when it is wanted most. */
async function prepareUnlessFull({open}: SessionSource): Promise<Pick<MonitorRun, 'first' | 'fullMessage'>> {
  try {
    return {first: await prepareMonitoring(() => open()), fullMessage: ''};
  } catch (error) {
    if (!isFull(error)) throw error;
    return {first: null, fullMessage: error instanceof ConnectError ? error.reason : errorText(error)};
  }
}

/** What is known of a monitor before it is connected: whether it may signal depends on the server. */
export type MonitorChoices = Omit<MonitorRun, 'first' | 'fullMessage' | 'source' | 'choices' | 'keepCode'> & {
  readonly choices: Omit<MonitorRun['choices'], 'options'> & {
    readonly options: Omit<MonitorRun['choices']['options'], 'isReadOnly' | 'auditPath'>;
  };
};

/** What the command line chooses for the monitor. @throws UsageError */
export function monitorChoices(parsed: Arguments): MonitorChoices {
  const {values, switches} = parsed;
  const isDemo = parsed.command === 'demo';
  const isReadOnly = switches.has('read-only');
  // https://no-color.org: any value but the empty one.
  const hasColor = !switches.has('no-color') && (process.env.NO_COLOR ?? '') === '';
  const notifyBy = wordChoice('notify', values.notify, ['no', 'bell', 'osc9', 'osc777']);
  return {
    choices: {
      options: {
        isAscii: switches.has('ascii'),
        hasColor,
        keys: wordChoice('keys', values.keys, ['default', 'vim']),
        thresholds: thresholdsChoice(values),
      },
      ...viewChoice(values),
      sort: sortChoice(values, true),
      filter: filterChoice(values),
      intervalMs: secondsChoice('interval', values.interval, 1),
    },
    auditLog: auditLogOf(parsed, isDemo ? 'none' : 'default'),
    // The demo's server is thrown away: what protects other servers does not hold for it.
    isReadOnlyAt: isDemo || isReadOnly ? () => isReadOnly : readOnlyRule(process.env.PGTOP_READ_ONLY),
    hasColor,
    notifyBy: notifyBy === 'no' ? null : notifyBy,
  };
}

/** @throws UsageError where there is no terminal to draw on, or one that understands no sequences. */
export function requireTerminal(): void {
  const hint = 'pgtop sessions and pgtop locks print to files and pipes.';
  if (!process.stdin.isTTY || !process.stdout.isTTY) throw new UsageError('pgtop needs a terminal', hint);
  if (process.env.TERM === 'dumb') throw new UsageError('pgtop cannot draw on a terminal of type dumb', hint);
}
