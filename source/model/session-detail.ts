import type {BackendIo} from './backend-io.ts';
import type {Lock} from './lock.ts';

/** What inspect shows of one session beyond a refresh: its whole query and its locks. */
export type SessionDetail = {
  /** Identity of the session, see sessionKey. */
  readonly key: string;
  /** The whole text as far as the server keeps it (track_activity_query_size), sanitised, with its line breaks. */
  readonly query: string;
  /** What it has read and written by the server's count; null where the server does not tell. */
  readonly io: BackendIo | null;
  /** Its locks and those of its parallel workers, wishes first; cut at a bound. */
  readonly locks: readonly Lock[];
  /** How many locks there are in all. */
  readonly lockCount: number;
  /** Names of the relations among the locks, by `database/oid`. */
  readonly relationNames: ReadonlyMap<string, string>;
};
