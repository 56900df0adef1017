import type {Backend} from '../../source/model/backend.ts';
import {sessionKey} from '../../source/model/backend.ts';
import {UNKNOWN_FIGURES} from '../../source/model/process-figures.ts';
import type {Session} from '../../source/model/session.ts';

const BACKEND: Omit<Backend, 'key'> = {
  pid: 4711,
  backendStart: 1_790_000_000_000_000,
  datid: 16_384,
  datname: 'shop',
  usesysid: 16_385,
  usename: 'alice',
  applicationName: 'web',
  clientAddr: '10.0.0.7',
  clientHostname: null,
  clientPort: 50_123,
  backendType: 'client backend',
  leaderPid: null,
  state: 'active',
  waitEventType: null,
  waitEvent: null,
  xactStart: null,
  queryStart: null,
  stateChange: null,
  backendXid: null,
  backendXmin: null,
  queryId: null,
  query: 'SELECT 1',
  tls: null,
};

/** A client backend of alice in database shop that runs SELECT 1, with what a test says about it instead. */
export function backend(differences: Partial<Omit<Backend, 'key'>> = {}): Backend {
  const columns = {...BACKEND, ...differences};
  return {...columns, key: sessionKey(columns)};
}

/** What a test says about a session; its backend only needs the differences, its key follows from the backend. */
export type SessionDifferences = Partial<Omit<Session, 'backend' | 'key'>> & {
  readonly backend?: Partial<Backend>;
};

/** A session that neither blocks nor waits, with what a test says about it instead. */
export function session({backend: differences, ...rest}: SessionDifferences = {}): Session {
  const process = backend(differences);
  return {
    backend: process,
    key: process.key,
    queryAgeMs: 1200,
    xactAgeMs: null,
    stateAgeMs: 1200,
    sessionAgeMs: 3_600_000,
    blockedBy: [],
    blocksDirectly: 0,
    blocksInTotal: 0,
    progress: null,
    serverProcess: null,
    process: UNKNOWN_FIGURES,
    ...rest,
  };
}
