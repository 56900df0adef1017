import type {NeededWidths} from './column-widths.ts';
import {clientText} from './columns.ts';
import {remembered} from './remembered.ts';
import type {Session} from './session.ts';
import {textWidth} from './text-width.ts';

/**
 * The widest names among the sessions of a snapshot, for the columns of names; remembered with them. All sessions count, not those
 * in view, so that a filter or a scroll does not move the columns.
 */
export const neededWidths: (sessions: readonly Session[]) => NeededWidths = remembered(sessions => ({
  user: widest(sessions, userText),
  database: widest(sessions, databaseText),
  app: widest(sessions, applicationText),
  client: widest(sessions, clientText),
}));

function widest(sessions: readonly Session[], textOf: (session: Session) => string): number {
  let width = 0;
  for (const session of sessions) width = Math.max(width, textWidth(textOf(session)));
  return width;
}

function userText({backend}: Session): string {
  return backend.usename ?? '';
}

function databaseText({backend}: Session): string {
  return backend.datname ?? '';
}

function applicationText({backend}: Session): string {
  return backend.applicationName;
}
