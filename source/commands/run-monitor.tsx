import {once} from 'node:events';
import {setTimeout as sleep} from 'node:timers/promises';
import {render} from 'ink';
import {terminalSize} from '../host/terminal-size.ts';
import {snapshotOf} from '../model/snapshot.ts';
import type {Connection} from '../postgres/connection.ts';
import {type PreparedSession, startPoller} from '../postgres/poller.ts';
import type {Mode} from '../state/state.ts';
import {type InitialChoices, initialState} from '../state/state.ts';
import {createStore} from '../state/store.ts';
import {App, type SuspendTerminal} from '../ui/app.tsx';
import {createTheme} from '../ui/theme.ts';
import {runCommand} from './run-command.ts';

/** What the monitor runs on. */
export type MonitorRun = {
  readonly first: PreparedSession;
  readonly open: () => Promise<Connection>;
  readonly choices: Omit<InitialChoices, 'columns' | 'rows'>;
  readonly hasColor: boolean;
};

/** How often the age of the data is told while none come. */
const TICK_MS = 1_000;

/** 128 and the signal's number, as a shell reports it. */
const EXIT_CODES = {SIGINT: 130, SIGTERM: 143, SIGHUP: 129} as const;

/** How long a dialog is on screen before a key counts: what was typed blind just before it arrives after it over a slow line. */
const DWELL_MS = 200;

const clockMs = () => performance.now();

/** Runs the monitor on the terminal until the user leaves or a signal ends it. Resolves with the exit code, the terminal as it was and the session closed. */
export async function runMonitor({first, open, choices, hasColor}: MonitorRun): Promise<number> {
  const {stdout} = process;
  const exit = Promise.withResolvers<number>();
  let suspendTerminal: SuspendTerminal = async () => undefined;
  let drawn: Mode = {type: 'browse'};
  let isHandedOver = false;

  const store = createStore(initialState({...choices, ...terminalSize(stdout)}), (command, state) => {
    runCommand(command, state, outside).catch(exit.reject);
  });
  const poller = startPoller(first, open, choices.intervalMs, {
    onReading: reading =>
      store.dispatch({type: 'snapshot-collected', snapshot: snapshotOf(reading), atMs: clockMs()}),
    onBug: exit.reject,
    onFailure: failure => store.dispatch({type: 'collection-failed', ...failure, atMs: clockMs()}),
  });
  /** Gives the terminal away and takes it back; a second time meanwhile is not wanted. */
  const handOver = (callback: () => Promise<void>) => {
    if (isHandedOver) return;
    isHandedOver = true;
    suspendTerminal(callback)
      .then(() => poller.refresh(), exit.reject)
      .finally(() => {
        isHandedOver = false;
      });
  };
  const outside = {
    poller,
    dispatch: store.dispatch,
    write: (sequence: string) => void stdout.write(sequence),
    redraw: () => handOver(async () => undefined),
    suspend: () => handOver(stopUntilContinued),
    quit: () => exit.resolve(0),
    isReadOnly: choices.options.isReadOnly,
  };

  const app = render(
    <App
      store={store}
      theme={createTheme(hasColor)}
      events={{
        onKey: key => store.dispatch({type: 'key-pressed', key, atMs: clockMs()}),
        onPaste: text => store.dispatch({type: 'text-pasted', text}),
        onDrawn: (mode, suspend) => {
          drawn = mode;
          suspendTerminal = suspend;
        },
      }}
    />,
    {
      alternateScreen: true,
      incrementalRendering: true,
      interactive: true,
      exitOnCtrlC: false,
      patchConsole: false,
      maxFps: 60,
      onRender: () => {
        const dialog = drawn;
        if (dialog.type !== 'confirm' || dialog.paintedAtMs !== null) return;
        setTimeout(() => store.dispatch({type: 'frame-painted', dialog, atMs: clockMs()}), DWELL_MS).unref();
      },
    },
  );
  app.waitUntilExit().catch(exit.reject);

  const onResize = () => store.dispatch({type: 'terminal-resized', ...terminalSize(stdout)});
  const onSignal = (signal: keyof typeof EXIT_CODES) => exit.resolve(EXIT_CODES[signal]);
  // A terminal that went away can be written to no more; there is nobody left to tell.
  const onBroken = () => exit.resolve(EXIT_CODES.SIGHUP);
  const tick = setInterval(() => {
    const {isPaused, link, receivedAtMs, intervalMs} = store.getState();
    const isLate = clockMs() - receivedAtMs > intervalMs + TICK_MS;
    if (isPaused || link.type !== 'live' || isLate) store.dispatch({type: 'clock-ticked', atMs: clockMs()});
  }, TICK_MS);
  stdout.on('resize', onResize);
  stdout.on('error', onBroken);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  try {
    return await exit.promise;
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, onSignal);
    clearInterval(tick);
    stdout.off('resize', onResize);
    app.unmount();
    await poller.stop();
  }
}

/** How long a stop takes to happen. Without job control nobody stops, and nobody would ever continue. */
const STOP_MS = 200;

/** Stops the process group as the terminal's own Ctrl-Z would, until it is continued; goes on by itself where there is no job control. */
async function stopUntilContinued(): Promise<void> {
  const waiting = new AbortController();
  const continued = once(process, 'SIGCONT', {signal: waiting.signal}).catch(() => undefined);
  process.kill(0, 'SIGTSTP');
  await Promise.race([continued, sleep(STOP_MS)]);
  waiting.abort();
}
