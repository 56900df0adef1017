import {clipboardSequence} from '../host/clipboard.ts';
import {sanitise} from '../model/sanitise.ts';
import type {Session} from '../model/session.ts';
import type {Poller} from '../postgres/poller.ts';
import {readSessionDetail, readWholeQuery} from '../postgres/session-detail.ts';
import {errorText, isStatementFailure} from '../postgres/sql-state.ts';
import type {Action, Command} from '../state/action.ts';
import type {State} from '../state/state.ts';
import type {Auditor} from './auditor.ts';
import type {ProcessWatch} from './process-watch.ts';
import type {SignalEngine} from './signal-engine.ts';
import type {SizeGauge} from './size-gauge.ts';

/** How many characters of a query tell that it is still the same: its end may be cut in the middle of one. */
const LEAST_ALIKE = 60;

/** What the commands of the state act on. */
export type Outside = {
  readonly poller: Poller;
  readonly processes: Pick<ProcessWatch, 'look'>;
  readonly engine: SignalEngine;
  readonly auditor: Auditor;
  readonly gauge: SizeGauge;
  readonly dispatch: (action: Action) => void;
  /** Writes straight to the terminal. */
  readonly write: (sequence: string) => void;
  readonly redraw: () => void;
  readonly suspend: () => void;
  readonly quit: () => void;
  /** True with --read-only: a signal is refused here too, whatever asked for it. */
  readonly isReadOnly: boolean;
};

/** Does what a command says. What comes of it comes back as an action; nothing is thrown. */
export async function runCommand(command: Command, state: State, outside: Outside): Promise<void> {
  const {poller, processes, write, redraw, suspend, quit} = outside;
  switch (command.type) {
    case 'signal':
      return await signal(command, outside);
    case 'stop-batch':
      return outside.engine.stop(command.id);
    case 'check-audit-log':
      return outside.dispatch({type: 'audit-log-checked', problem: outside.auditor.problem()});
    case 'read-audit-log':
      return outside.dispatch({type: 'audit-log-read', records: outside.auditor.records()});
    case 'refresh':
      processes.look();
      return poller.refresh();
    case 'look':
      return poller.look();
    case 'set-interval':
      poller.setIntervalMs(command.intervalMs);
      return processes.look();
    case 'read-detail':
      return await readDetail(state, outside);
    case 'measure-databases':
      return await outside.gauge.measure(state);
    case 'stop-measuring':
      return outside.gauge.stop();
    case 'copy':
      return write(clipboardSequence(command.text));
    case 'copy-query':
      return await copyQuery(command.session, outside);
    case 'redraw':
      return redraw();
    case 'suspend':
      return suspend();
    case 'quit':
      return quit();
    default:
      return command satisfies never;
  }
}

async function signal(
  {batch}: Extract<Command, {type: 'signal'}>,
  {engine, isReadOnly}: Outside,
): Promise<void> {
  if (isReadOnly) return;
  await engine.run(batch);
}

/** Copies the query as the server has it, line breaks and all. A line of the table would not do: behind a `--` it comments out its own end. */
async function copyQuery({backend}: Session, {poller, dispatch, write}: Outside): Promise<void> {
  try {
    const query = await poller.ask(session => readWholeQuery(session, backend));
    if (query === null)
      return dispatch({type: 'message-shown', text: `${backend.pid} has ended already.`, kind: 'bad'});
    write(clipboardSequence(query));
    const isOther = !sanitise(query).startsWith(backend.query.slice(0, LEAST_ALIKE));
    const said = isOther ? 'What it runs by now' : 'The query';
    dispatch({type: 'message-shown', text: `${said} was sent to the terminal's clipboard.`, kind: 'note'});
  } catch (error) {
    dispatch({type: 'message-shown', text: `nothing was copied: ${errorText(error)}`, kind: 'bad'});
  }
}

async function readDetail(state: State, {poller, dispatch}: Outside): Promise<void> {
  if (state.mode.type !== 'inspect') return;
  const {backend} = state.mode.session;
  const workers = (state.shown?.sessions ?? []).flatMap(other =>
    other.backend.leaderPid === backend.pid && other.backend.backendType === 'parallel worker'
      ? [other.backend.pid]
      : [],
  );
  try {
    const detail = await poller.ask(session => readSessionDetail(session, backend, workers));
    if (detail !== null) dispatch({type: 'detail-read', detail});
  } catch (error) {
    // A lost connection is the poller's to tell.
    if (isStatementFailure(error)) dispatch({type: 'message-shown', text: errorText(error), kind: 'bad'});
  }
}
