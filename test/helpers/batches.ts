import {type Batch, batchOf} from '../../source/model/batch.ts';
import type {SignalAction} from '../../source/model/signal.ts';
import {running, snapshot} from './snapshots.ts';

/** A batch about sessions of these pids, each of which runs a query. */
export function batchAbout(action: SignalAction, ...pids: readonly number[]): Batch {
  const data = snapshot({backends: pids.map(pid => running(pid, 5))});
  return batchOf(action, data.sessions, data, true);
}
