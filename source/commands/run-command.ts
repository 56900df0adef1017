import {clipboardSequence} from '../host/clipboard.ts';
import type {Poller} from '../postgres/poller.ts';
import {readSessionDetail} from '../postgres/session-detail.ts';
import {signalSession} from '../postgres/signals.ts';
import {errorText, isStatementFailure} from '../postgres/sql-state.ts';
import type {Action, Command} from '../state/action.ts';
import type {State} from '../state/state.ts';

/** How long the outcome of a signal is watched for. */
const OUTCOME_MS = 5_000;

/** What the commands of the state act on. */
export type Outside = {
  readonly poller: Poller;
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
  const {poller, write, redraw, suspend, quit} = outside;
  switch (command.type) {
    case 'signal':
      return await signal(command, outside);
    case 'refresh':
      return poller.refresh();
    case 'set-interval':
      return poller.setIntervalMs(command.intervalMs);
    case 'read-detail':
      return await readDetail(state, outside);
    case 'copy':
      return write(clipboardSequence(command.text));
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
  {action, target}: Extract<Command, {type: 'signal'}>,
  {poller, dispatch, isReadOnly}: Outside,
): Promise<void> {
  if (isReadOnly) return;
  const outcome = await poller
    .ask(({connection}) => signalSession(connection, action, target, OUTCOME_MS))
    // signalSession never rejects: without a session nothing was asked at all.
    .catch((error: unknown) => ({
      type: 'refused' as const,
      message: `nothing was signalled: ${errorText(error)}`,
    }));
  dispatch({type: 'signal-finished', action, target, outcome});
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
