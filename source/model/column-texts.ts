import {isHidden} from './backend.ts';
import type {DurationMode} from './duration-mode.ts';
import {progressText} from './progress.ts';
import type {Session} from './session.ts';

const SHORT_STATES: Readonly<Record<string, string>> = {
  'idle in transaction': 'idle tx',
  'idle in transaction (aborted)': 'aborted',
  'fastpath function call': 'fastpath',
};

/** What stands for a name or state that is not there: a client's process that does not tell it has one all the same. */
export function untold({backend, serverProcess}: Session): string {
  return serverProcess !== null && backend.backendType === 'client backend' ? 'n/a' : '';
}

/** The state, shortened where the width is too small for PostgreSQL's own word. */
export function stateText(session: Session, _mode: DurationMode, width: number): string {
  const {backend} = session;
  if (isHidden(backend)) return 'hidden';
  const state = backend.state ?? untold(session);
  return state.length <= width ? state : (SHORT_STATES[state] ?? state);
}

/** What the backend waits for: type and event, or the event alone where both do not fit. */
export function waitText({backend}: Session, _mode: DurationMode, width: number): string {
  // A process tells that it waits for a lock, not for which.
  if (backend.waitEvent === null) return backend.waitEventType ?? (isHidden(backend) ? 'n/a' : '');
  const full = `${backend.waitEventType}:${backend.waitEvent}`;
  // An event's own name says more than its type when there is no room for both, but "Lock" must be seen.
  return full.length <= width || backend.waitEventType === 'Lock' ? full : backend.waitEvent;
}

/** The query behind the progress of its command, or the kind of process where there is none; a parallel worker's stands under its leader's. */
export function queryText({backend, progress}: Session): string {
  const own =
    backend.query === '' && backend.backendType !== 'client backend'
      ? `[${backend.backendType ?? ''}]`
      : backend.query;
  const text = progress === null ? own : `[${progressText(progress)}] ${own}`;
  return backend.leaderPid === null || backend.backendType !== 'parallel worker' ? text : `└ ${text}`;
}
