import {isHidden} from './backend.ts';
import type {DurationMode} from './duration-mode.ts';
import type {Session} from './session.ts';

const SHORT_STATES: Readonly<Record<string, string>> = {
  'idle in transaction': 'idle tx',
  'idle in transaction (aborted)': 'aborted',
  'fastpath function call': 'fastpath',
};

/** The state, shortened where the width is too small for PostgreSQL's own word. */
export function stateText({backend}: Session, _mode: DurationMode, width: number): string {
  if (isHidden(backend)) return 'hidden';
  const state = backend.state ?? '';
  return state.length <= width ? state : (SHORT_STATES[state] ?? state);
}

/** What the backend waits for: type and event, or the event alone where both do not fit. */
export function waitText({backend}: Session, _mode: DurationMode, width: number): string {
  if (backend.waitEvent === null) return '';
  const full = `${backend.waitEventType}:${backend.waitEvent}`;
  // An event's own name says more than its type when there is no room for both, but "Lock" must be seen.
  return full.length <= width || backend.waitEventType === 'Lock' ? full : backend.waitEvent;
}

/** The query, or the kind of process where there is none; a parallel worker's stands under its leader's. */
export function queryText({backend}: Session): string {
  const text =
    backend.query === '' && backend.backendType !== 'client backend'
      ? `[${backend.backendType ?? ''}]`
      : backend.query;
  return backend.leaderPid === null || backend.backendType !== 'parallel worker' ? text : `└ ${text}`;
}
