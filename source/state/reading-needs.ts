import type {SessionIdentity} from '../model/backend.ts';
import {columnOf} from '../model/columns.ts';
import type {ProcessNeeds} from '../model/process-figures.ts';
import type {Session} from '../model/session.ts';
import type {ReadingNeeds} from '../model/snapshot.ts';
import {regionsOf} from './regions.ts';
import type {State} from './state.ts';
import {wantsProcessFigures} from './table-columns.ts';
import {sortOf, tableRows} from './table-rows.ts';

/** What of the next reading somebody will look at: the server is not asked for what is not on screen. */
export function readingNeeds(state: State): ReadingNeeds {
  return {meters: state.header === 'full', progress: true, processes: processNeeds(state)};
}

/** Whose process figures are on screen: the inspected session's, or those of the rows in sight. */
function processNeeds(state: State): ProcessNeeds | null {
  const {mode, tableCursor} = state;
  if (mode.type === 'inspect') return {visible: [identityOf(mode.session)], others: []};
  if (!wantsProcessFigures(state)) return null;
  const rows = tableRows(state);
  const [from, to] = [tableCursor.top, tableCursor.top + Math.max(0, regionsOf(state).table - 1)];
  // An order by figures is right only when the rows out of sight have theirs too.
  const isSorted = columnOf(sortOf(state).column).isOfProcess === true;
  return {
    visible: rows.slice(from, to).map(identityOf),
    others: isSorted ? [...rows.slice(0, from), ...rows.slice(to)].map(identityOf) : [],
  };
}

function identityOf({backend: {pid, backendStart}}: Session): SessionIdentity {
  return {pid, backendStart};
}
