import {cpus} from 'node:os';
import {render} from 'ink';
import type {AuditLog} from '../host/audit-log.ts';
import type {KeepCode} from '../host/code-file.ts';
import {surroundings} from '../host/find-postmaster.ts';
import {createHostReader} from '../host/host-reader.ts';
import type {NotifyBy} from '../host/notification.ts';
import {watchOwnUsage} from '../host/own-usage.ts';
import {releaseStdin} from '../host/release-stdin.ts';
import {runSteadily} from '../host/run-steadily.ts';
import {terminalSize} from '../host/terminal-size.ts';
import {versionNote} from '../model/diagnosis.ts';
import type {ReadOnlyRule} from '../model/read-only.ts';
import {type Server, snapshotOf} from '../model/snapshot.ts';
import {type PollFailure, SECOND_RETRY_MS} from '../postgres/link.ts';
import {startPoller} from '../postgres/poller.ts';
import type {PreparedSession} from '../postgres/prepare-monitoring.ts';
import type {Mode} from '../state/mode.ts';
import {readingNeeds} from '../state/reading-needs.ts';
import {type InitialChoices, initialState} from '../state/state.ts';
import {createStore} from '../state/store.ts';
import {App, type SuspendTerminal} from '../ui/app.tsx';
import {TERMINAL_QUESTION} from '../ui/key-name.ts';
import {createTheme} from '../ui/theme.ts';
import {createAuditor} from './auditor.ts';
import {createDialogArming} from './dialog-arming.ts';
import {createLocalFigures} from './local-figures.ts';
import type {SessionSource} from './monitor.ts';
import {createNotifier} from './notifier.ts';
import {createProcessWatch} from './process-watch.ts';
import {runCommand} from './run-command.ts';
import {sendGuarded, sendToProcess} from './send-guarded.ts';
import {createSignalEngine} from './signal-engine.ts';
import {createSizeGauge} from './size-gauge.ts';
import {stopUntilContinued, watchOutside} from './ways-out.ts';

/** What the monitor runs on. */
export type MonitorRun = {
  /** Null when the server has no slot for it yet. */
  readonly first: PreparedSession | null;
  /** What the server said in that case. */
  readonly fullMessage: string;
  readonly source: SessionSource;
  readonly choices: Omit<InitialChoices, 'columns' | 'rows' | 'cores'>;
  readonly hasColor: boolean;
  readonly auditLog: AuditLog;
  /** How the user is called when something crosses a threshold; null for not at all. */
  readonly notifyBy: NotifyBy | null;
  /** Where no signal may be sent, whichever server the connection leads to by then. */
  readonly isReadOnlyAt: ReadOnlyRule;
  readonly keepCode: KeepCode;
};

/** How long the outcome of a signal is watched for: with the last look and a slow server it is told within five seconds. */
const OUTCOME_MS = 4_000;

/** How often the age of the data is told while none come. */
const TICK_MS = 1_000;

const clockMs = () => performance.now();

/**
 * Runs the monitor on the terminal until the user leaves or a signal ends it. Resolves with the exit code, the terminal as it was and the
 * session closed; with null when the first session has to be asked for anew, since a password is missing or the server refuses it for good.
 */
export async function runMonitor(run: MonitorRun): Promise<number | null> {
  const {first, fullMessage, source, choices, hasColor, auditLog, isReadOnlyAt, notifyBy, keepCode} = run;
  const {stdout} = process;
  const exit = Promise.withResolvers<number | null>();
  const around = surroundings();
  // Those of the machine: this process may be kept to some of them, the server not.
  const cores = cpus().length;
  /** What a session has told of the server. */
  let known: Server | null = null;
  let suspendTerminal: SuspendTerminal = async () => undefined;
  let drawn: Mode = {type: 'browse'};
  let isHandedOver = false;

  const store = createStore(initialState({...choices, ...terminalSize(stdout), cores}), (command, state) => {
    runCommand(command, state, outside).catch(exit.reject);
  });
  const tellVersion = (server: Server) => {
    const note = versionNote(server);
    if (note !== null) store.dispatch({type: 'message-shown', text: note, kind: 'note'});
  };
  const processes = createProcessWatch({
    around,
    place: source.place,
    server: () => known,
    intervalMs: () => store.getState().intervalMs,
    onRead: snapshot => {
      auditor.observe(snapshot);
      store.dispatch({type: 'processes-read', snapshot, atMs: clockMs()});
      engine.observe(snapshot);
    },
    onMissing: reason => store.dispatch({type: 'processes-missing', reason}),
  });
  const onFailure = (failure: PollFailure) => {
    // Before the first session it is as at the start: the terminal is given back for a password, or for the last word.
    if (failure.kind === 'refused' && first === null && known === null) return exit.resolve(null);
    store.dispatch({type: 'collection-failed', ...failure, atMs: clockMs()});
    if (failure.kind === 'full') processes.start();
    else if (failure.kind !== 'late') processes.stop();
  };
  const ownUsage = watchOwnUsage();
  const figures = createLocalFigures(first?.capabilities.own ?? null, createHostReader(cores));
  const notifier = createNotifier({
    by: notifyBy,
    thresholds: choices.options.thresholds,
    write: sequence => void stdout.write(sequence),
    clockMs,
  });
  const poller = startPoller(first, () => source.open({mayAsk: false}), choices.intervalMs, {
    needs: () => figures.askServer(notifier.withOwn(readingNeeds(store.getState()))),
    onReading: (reading, cost) => {
      const snapshot = snapshotOf(figures.complete(reading));
      auditor.observe(snapshot);
      processes.stop();
      store.dispatch({type: 'snapshot-collected', snapshot, cost: {...cost, ...ownUsage()}, atMs: clockMs()});
      engine.observe(snapshot);
      notifier.observe(snapshot);
      if (known === null) tellVersion(reading.server);
      known = reading.server;
    },
    onBug: exit.reject,
    onFailure,
  });
  const auditor = createAuditor(auditLog, null, clockMs);
  const engine = createSignalEngine({
    send: async (batch, target) =>
      target.kind === 'process'
        ? sendToProcess(isReadOnlyAt, batch, target, around.proc)
        : await sendGuarded(question => poller.ask(question), isReadOnlyAt, batch, target),
    // A server that is full, or refuses, is not to be asked more often for it.
    refresh: ({targets}) =>
      targets.some(({target}) => target.kind === 'process') ? processes.read() : poller.look(),
    note: note => auditor.note(note),
    onChange: changed => store.dispatch({type: 'batch-advanced', run: changed}),
    waitMs: OUTCOME_MS,
    clockMs,
  });
  const gauge = createSizeGauge(() => source.open({mayAsk: false}), store.dispatch);
  /** Gives the terminal away and takes it back; a second time meanwhile is not wanted. */
  const handOver = (callback: () => Promise<void>) => {
    if (isHandedOver) return;
    isHandedOver = true;
    arming
      .leave()
      .then(() => suspendTerminal(callback))
      .then(() => {
        arming.back(drawn);
        poller.look();
      }, exit.reject)
      .finally(() => {
        isHandedOver = false;
      });
  };
  const outside = {
    poller,
    processes,
    engine,
    auditor,
    gauge,
    dispatch: store.dispatch,
    write: (sequence: string) => void stdout.write(sequence),
    redraw: () => handOver(async () => undefined),
    suspend: () => handOver(stopUntilContinued),
    quit: () => exit.resolve(0),
    isReadOnly: choices.options.isReadOnly,
  };

  const arming = createDialogArming(
    () => void stdout.write(TERMINAL_QUESTION),
    dialog => store.dispatch({type: 'frame-painted', dialog, atMs: clockMs()}),
  );
  const app = render(
    <App
      store={store}
      theme={createTheme(hasColor)}
      events={{
        onKey: key => store.dispatch({type: 'key-pressed', key, atMs: clockMs()}),
        onPaste: text => store.dispatch({type: 'text-pasted', text}),
        onAnswer: () => arming.answered(),
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
      onRender: () => arming.drawn(drawn),
    },
  );
  app.waitUntilExit().catch(exit.reject);
  const onResize = () => store.dispatch({type: 'terminal-resized', ...terminalSize(stdout)});
  const stopWatching = watchOutside({
    onEnd: exit.resolve,
    onMistake: exit.reject,
    onStop: outside.suspend,
    onContinued: outside.redraw,
  });
  const tick = setInterval(() => {
    const {isPaused, link, receivedAtMs, intervalMs, runs} = store.getState();
    const isLate = clockMs() - receivedAtMs > intervalMs + TICK_MS;
    if (isPaused || runs.length > 0 || link.type !== 'live' || isLate)
      store.dispatch({type: 'clock-ticked', atMs: clockMs()});
  }, TICK_MS);
  stdout.on('resize', onResize);
  const stopSteadying = runSteadily(keepCode);
  try {
    if (first === null) onFailure({kind: 'full', message: fullMessage, retryInMs: SECOND_RETRY_MS});
    return await exit.promise;
  } finally {
    clearInterval(tick);
    stopSteadying();
    stdout.off('resize', onResize);
    processes.stop();
    engine.close('left');
    gauge.stop();
    await arming.leave();
    app.unmount();
    await releaseStdin();
    await poller.stop();
    stopWatching();
  }
}
