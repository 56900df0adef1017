import {addSample, countByClass} from '../model/load.ts';
import {addRecords} from '../model/load-records.ts';
import {isSameServer} from '../model/same-server.ts';
import type {Snapshot} from '../model/snapshot.ts';
import {intervalMsOf} from './cost-lines.ts';
import type {State} from './state.ts';

/** The load with one more sample; that of another server, or of another run of it, is forgotten. Null when it is too soon for one. */
export function sampleLoad(
  state: State,
  {sessions, reading: {collectedAt, server}}: Snapshot,
  atMs: number,
): Pick<State, 'load' | 'loadRecords' | 'loadServer' | 'loadSampledAtMs'> | null {
  const isSame = state.loadServer !== null && isSameServer(state.loadServer, server.identity);
  const everyMs = intervalMsOf(state);
  // Looks between, such as those for the outcome of a signal, would give a moment more weight than it has.
  if (isSame && atMs - state.loadSampledAtMs < everyMs / 2) return null;
  return {
    loadSampledAtMs: atMs,
    load: addSample(isSame ? state.load : [], collectedAt, countByClass(sessions), everyMs),
    loadRecords: addRecords(isSame ? state.loadRecords : [], collectedAt, sessions),
    loadServer: server.identity,
  };
}
