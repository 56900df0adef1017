import type {Session} from './session.ts';

/** Which age the TIME column shows. */
export type DurationMode = 'query' | 'xact' | 'state' | 'session';

/** The modes in the order that the key goes through them. */
export const DURATION_MODES: readonly DurationMode[] = ['query', 'xact', 'state', 'session'];

/** What a mode is called on screen. */
export const DURATION_TITLES: Readonly<Record<DurationMode, string>> = {
  query: 'query',
  xact: 'transaction',
  state: 'state',
  session: 'session',
};

/** The age a mode shows, in milliseconds. An idle session runs no query, so its query has no age; null likewise outside a transaction or where hidden. */
export function durationMs(session: Session, mode: DurationMode): number | null {
  switch (mode) {
    case 'query':
      return session.backend.state === 'idle' ? null : session.queryAgeMs;
    case 'xact':
      return session.xactAgeMs;
    case 'state':
      return session.stateAgeMs;
    case 'session':
      return session.sessionAgeMs;
    default:
      return mode satisfies never;
  }
}
