import {processRefusal, processTargetOf} from './process-refusal.ts';
import type {Session} from './session.ts';
import type {BatchTarget, SignalAction} from './signal.ts';
import {type Refusal, signalRefusal, targetOf} from './signal-refusal.ts';
import type {Server, Snapshot} from './snapshot.ts';

/** A session that a batch leaves out, and why. */
export type SkippedSession = {readonly session: Session; readonly refusal: Refusal};

/** What is to be signalled and what is left out, decided at one moment from one snapshot. */
export type Batch = {
  readonly action: SignalAction;
  /** The server it was decided on; a signal is sent to no other, and not to this one once it was restarted. */
  readonly server: Server;
  readonly targets: readonly BatchTarget[];
  readonly skipped: readonly SkippedSession[];
};

/** From so many sessions on their count has to be typed. */
export const COUNT_TYPED_FROM = 5;

/** Sorts sessions into those that can be signalled and those that cannot. The weaker guard is for one, whose pid the user is asked to type. */
export function batchOf(
  action: SignalAction,
  sessions: readonly Session[],
  snapshot: Snapshot,
  mayTypePid = sessions.length === 1,
): Batch {
  if (snapshot.reading.processTable !== null) return processBatch(action, sessions, snapshot);
  const targets: BatchTarget[] = [];
  const skipped: SkippedSession[] = [];
  for (const session of sessions) {
    const refusal = signalRefusal(action, session, snapshot);
    const target = targetOf(session, snapshot);
    if (refusal !== null) skipped.push({session, refusal});
    else if (target.kind === 'role' && !mayTypePid) skipped.push({session, refusal: unguarded(session)});
    else targets.push({session, target});
  }
  return {action, server: snapshot.reading.server, targets, skipped};
}

/** Processes are signalled one at a time: what the titles tell is too little to choose several by. */
function processBatch(
  action: SignalAction,
  sessions: readonly Session[],
  {reading: {server, processTable}}: Snapshot,
): Batch {
  const targets: BatchTarget[] = [];
  const skipped: SkippedSession[] = [];
  for (const session of sessions) {
    const refusal = processRefusal(action, session, processTable, sessions.length);
    const target = processTargetOf(session, processTable);
    if (refusal !== null) skipped.push({session, refusal});
    else if (target !== null) targets.push({session, target});
  }
  return {action, server, targets, skipped};
}

function unguarded({backend: {pid}}: Session): Refusal {
  return {
    reason: 'unguarded',
    text: `${pid}: this role may not see when it began and it is in no transaction, so a signal could hit another one.`,
  };
}
