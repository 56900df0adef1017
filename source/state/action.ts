import type {Batch} from '../model/batch.ts';
import type {BatchRun} from '../model/batch-run.ts';
import type {DatabaseSize} from '../model/database-size.ts';
import type {ReadAuditRecord} from '../model/read-audit-record.ts';
import type {RefreshCost} from '../model/refresh-cost.ts';
import type {Session} from '../model/session.ts';
import type {SessionDetail} from '../model/session-detail.ts';
import type {SignalAction} from '../model/signal.ts';
import type {Snapshot} from '../model/snapshot.ts';
import type {ViewName} from '../model/views.ts';
import type {Confirmation, MenuName} from './mode.ts';

/** How far a cursor moves. */
export type Step = 'up' | 'down' | 'page-up' | 'page-down' | 'first' | 'last';

/** What a key does to the tags: the session under the cursor on or off, none left, all shown, the session and all behind it. */
export type TagChange = 'session' | 'none' | 'shown' | 'branch';

/** What the user meant by a key, whatever the key was. The key table leads from keys to these. */
export type Intent =
  | {readonly type: 'cursor-moved'; readonly step: Step}
  | {readonly type: 'view-chosen'; readonly view: ViewName}
  /** Who has the load. */
  | {readonly type: 'load-opened'}
  /** The sessions in groups; in them, grouped by the next thing. */
  | {readonly type: 'groups-opened'}
  | {readonly type: 'signal-asked'; readonly action: SignalAction}
  | {readonly type: 'tags-changed'; readonly by: TagChange}
  | {readonly type: 'action-log-opened'}
  | {readonly type: 'menu-opened'; readonly menu: MenuName}
  | {readonly type: 'inspect-opened'}
  | {readonly type: 'help-opened'}
  | {readonly type: 'filter-opened'}
  | {readonly type: 'search-opened'}
  | {readonly type: 'search-repeated'; readonly direction: 'next' | 'previous'}
  | {readonly type: 'interval-opened'}
  | {readonly type: 'interval-changed'; readonly direction: 'faster' | 'slower'}
  | {readonly type: 'sort-moved'; readonly direction: 'next' | 'previous'}
  | {readonly type: 'sort-reversed'}
  | {readonly type: 'idle-toggled'}
  | {readonly type: 'duration-cycled'}
  | {readonly type: 'pause-toggled'}
  | {readonly type: 'query-scrolled'; readonly direction: 'left' | 'right'}
  | {readonly type: 'wrap-toggled'}
  | {readonly type: 'layout-cycled'}
  | {readonly type: 'header-cycled'}
  | {readonly type: 'load-cycled'}
  | {readonly type: 'cost-toggled'}
  | {readonly type: 'tree-toggled'}
  | {readonly type: 'branch-folded'; readonly isFolded: boolean}
  | {readonly type: 'panel-changed'}
  | {readonly type: 'query-copied'}
  | {readonly type: 'terminate-statement-copied'}
  | {readonly type: 'refresh-asked'}
  | {readonly type: 'redraw-asked'}
  | {readonly type: 'suspend-asked'}
  | {readonly type: 'back'}
  | {readonly type: 'left'}
  | {readonly type: 'quit'}
  | {readonly type: 'scheme-explained'};

/** Everything that can happen to the program. `atMs` is the local monotonic clock. */
export type Action =
  | {readonly type: 'key-pressed'; readonly key: string; readonly atMs: number}
  | {readonly type: 'text-pasted'; readonly text: string}
  | {readonly type: 'terminal-resized'; readonly columns: number; readonly rows: number}
  /** A dialog has been on screen for a moment. */
  | {readonly type: 'frame-painted'; readonly dialog?: Confirmation; readonly atMs: number}
  | {readonly type: 'clock-ticked'; readonly atMs: number}
  | {
      readonly type: 'snapshot-collected';
      readonly snapshot: Snapshot;
      readonly cost?: RefreshCost;
      readonly atMs: number;
    }
  | {
      readonly type: 'collection-failed';
      readonly kind: 'lost' | 'full' | 'refused' | 'late';
      readonly message: string;
      readonly retryInMs: number | null;
      readonly atMs: number;
    }
  /** The processes of a server without a free slot, by this machine's process table. */
  | {readonly type: 'processes-read'; readonly snapshot: Snapshot; readonly atMs: number}
  /** Why they cannot be shown; null for a server on another machine. */
  | {readonly type: 'processes-missing'; readonly reason: string | null}
  | {readonly type: 'detail-read'; readonly detail: SessionDetail}
  /** One of `total` databases was measured. */
  | {readonly type: 'database-measured'; readonly size: DatabaseSize; readonly total: number}
  /** All were, or `problem` says in the server's words why not. */
  | {readonly type: 'measuring-ended'; readonly problem: string | null}
  /** A batch has begun or got on; all its outcomes are known when it is finished. */
  | {readonly type: 'batch-advanced'; readonly run: BatchRun}
  /** Whether the audit log can be written: why not, or null. */
  | {readonly type: 'audit-log-checked'; readonly problem: string | null}
  | {readonly type: 'audit-log-read'; readonly records: readonly ReadAuditRecord[]}
  | {readonly type: 'message-shown'; readonly text: string; readonly kind: 'note' | 'good' | 'bad'}
  | Intent;

/** What the outside world is asked to do; update() returns at most one. */
export type Command =
  | {readonly type: 'signal'; readonly batch: Batch}
  | {readonly type: 'stop-batch'; readonly id: number}
  | {readonly type: 'check-audit-log'}
  | {readonly type: 'read-audit-log'}
  | {readonly type: 'refresh'}
  /** The same while there is a session: no login is tried for it. */
  | {readonly type: 'look'}
  | {readonly type: 'set-interval'; readonly intervalMs: number}
  | {readonly type: 'read-detail'}
  | {readonly type: 'measure-databases'}
  | {readonly type: 'stop-measuring'}
  | {readonly type: 'copy'; readonly text: string}
  /** Copies the whole text of what a session runs; the table knows only its beginning, on one line. */
  | {readonly type: 'copy-query'; readonly session: Session}
  | {readonly type: 'redraw'}
  | {readonly type: 'suspend'}
  | {readonly type: 'quit'};

/** The next state and what is to be done outside. */
export type Update<S> = readonly [state: S, command?: Command];
