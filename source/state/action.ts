import type {SessionDetail} from '../model/session-detail.ts';
import type {SignalAction, SignalOutcome, SignalTarget} from '../model/signal.ts';
import type {Snapshot} from '../model/snapshot.ts';
import type {ViewName} from '../model/views.ts';
import type {Confirmation, MenuName} from './state.ts';

/** How far a cursor moves. */
export type Step = 'up' | 'down' | 'page-up' | 'page-down' | 'first' | 'last';

/** What the user meant by a key, whatever the key was. The key table leads from keys to these. */
export type Intent =
  | {readonly type: 'cursor-moved'; readonly step: Step}
  | {readonly type: 'view-chosen'; readonly view: ViewName}
  | {readonly type: 'signal-asked'; readonly action: SignalAction}
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
  | {readonly type: 'snapshot-collected'; readonly snapshot: Snapshot; readonly atMs: number}
  | {
      readonly type: 'collection-failed';
      readonly kind: 'lost' | 'refused' | 'late';
      readonly message: string;
      readonly retryInMs: number;
      readonly atMs: number;
    }
  | {readonly type: 'detail-read'; readonly detail: SessionDetail}
  | {
      readonly type: 'signal-finished';
      readonly action: SignalAction;
      readonly target: SignalTarget;
      readonly outcome: SignalOutcome;
    }
  | {readonly type: 'message-shown'; readonly text: string; readonly kind: 'note' | 'good' | 'bad'}
  | Intent;

/** What the outside world is asked to do; update() returns at most one. */
export type Command =
  | {readonly type: 'signal'; readonly action: SignalAction; readonly target: SignalTarget}
  | {readonly type: 'refresh'}
  | {readonly type: 'set-interval'; readonly intervalMs: number}
  | {readonly type: 'read-detail'}
  | {readonly type: 'copy'; readonly text: string}
  | {readonly type: 'redraw'}
  | {readonly type: 'suspend'}
  | {readonly type: 'quit'};

/** The next state and what is to be done outside. */
export type Update<S> = readonly [state: S, command?: Command];
