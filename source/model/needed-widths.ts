import type {NeededWidths} from './column-widths.ts';
import {clientText} from './columns.ts';
import type {Session} from './session.ts';
import {textWidth} from './text-width.ts';

const MEASURED = new WeakMap<readonly Session[], NeededWidths>();

/**
 * The widest names among the sessions of a snapshot, for the columns of names; remembered with them. All sessions count, not those
 * in view, so that a filter or a scroll does not move the columns.
 */
export function neededWidths(sessions: readonly Session[]): NeededWidths {
  const known = MEASURED.get(sessions);
  if (known !== undefined) return known;
  const widest = (textOf: (session: Session) => string) =>
    sessions.reduce((width, session) => Math.max(width, textWidth(textOf(session))), 0);
  const needed: NeededWidths = {
    user: widest(({backend}) => backend.usename ?? ''),
    database: widest(({backend}) => backend.datname ?? ''),
    app: widest(({backend}) => backend.applicationName),
    client: widest(clientText),
  };
  MEASURED.set(sessions, needed);
  return needed;
}
