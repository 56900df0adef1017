import type {Layout} from '../model/columns.ts';
import type {DurationMode} from '../model/duration-mode.ts';
import type {Filter} from '../model/filter/filter.ts';
import type {Session} from '../model/session.ts';
import type {SessionDetail} from '../model/session-detail.ts';
import type {SignalAction, SignalTarget} from '../model/signal.ts';
import type {Snapshot} from '../model/snapshot.ts';
import type {Sort} from '../model/sort.ts';
import type {ViewName} from '../model/views.ts';
import type {KeyScheme} from './key-table.ts';

/** A cursor that follows a row by its identity. `index` is where it stood, for when the row is gone; `top` the first visible row. */
export type Cursor = {
  /** Null until it was moved: it then stays on the first row, whichever that is. */
  readonly key: string | null;
  readonly index: number;
  readonly top: number;
};

/** A filter in force: what was typed and what it means. */
export type ActiveFilter = {readonly text: string; readonly filter: Filter};

/** How the data get here. */
export type Link =
  | {readonly type: 'live'}
  /** The last refresh failed; the connection is there. */
  | {readonly type: 'late'; readonly message: string}
  /** No connection; it is being opened again at `retryAtMs` of the local clock. `isRefused`: the server's answer will not change by itself. */
  | {
      readonly type: 'lost';
      readonly message: string;
      readonly retryAtMs: number;
      readonly isRefused: boolean;
    };

/** What a menu chooses. */
export type MenuName = 'sort' | 'user' | 'database' | 'signal';

/** One choice of a menu; `value` null is "any". */
export type MenuEntry = {readonly value: string | null; readonly label: string};

/** A dialog that asks before a signal, about the session as it was at the key press. */
export type Confirmation = {
  readonly type: 'confirm';
  readonly action: SignalAction;
  readonly target: SignalTarget;
  readonly session: Session;
  /** The key that opened it: pressed again it closes the dialog. */
  readonly openedBy: string;
  /** When it had been on screen for a moment, on the local clock; null before: keys from before that never reach it. */
  readonly paintedAtMs: number | null;
  readonly returnTo: Mode;
};

/** What the keys mean now. One union, so that no two can be on at once. */
export type Mode =
  | {readonly type: 'browse'}
  | {
      readonly type: 'filter-prompt';
      readonly text: string;
      readonly caret: number;
    }
  | {readonly type: 'search-prompt'; readonly text: string; readonly caret: number}
  | {readonly type: 'interval-prompt'; readonly text: string; readonly caret: number}
  | {
      readonly type: 'menu';
      readonly menu: MenuName;
      readonly index: number;
      readonly entries: readonly MenuEntry[];
      /** For the signal menu: the session under the cursor at the key press. */
      readonly session: Session | null;
      readonly returnTo: Mode;
    }
  | {readonly type: 'inspect'; readonly session: Session; readonly isGone: boolean; readonly scroll: number}
  | {readonly type: 'help'; readonly scroll: number; readonly returnTo: Mode}
  | Confirmation;

/** A line for the user, shown until the next key or message. */
export type Message = {readonly text: string; readonly kind: 'note' | 'good' | 'bad'};

/** A signal on its way: what was asked for and for which session. */
export type PendingSignal = {readonly action: SignalAction; readonly target: SignalTarget};

/** Everything the screen is made from. Immutable; update() makes the next one. */
export type State = {
  readonly columns: number;
  readonly rows: number;
  readonly options: {readonly isReadOnly: boolean; readonly keys: KeyScheme; readonly isAscii: boolean};
  /** The newest data; null before the first refresh. */
  readonly latest: Snapshot | null;
  /** The data on screen: the newest, or those from the moment of the pause. */
  readonly shown: Snapshot | null;
  /** When the newest data came, on the local clock. */
  readonly receivedAtMs: number;
  /** The local clock at the last event that told it. */
  readonly nowMs: number;
  readonly link: Link;
  readonly view: ViewName;
  /** The user's sort of each view, where there is one. */
  readonly sorts: Partial<Readonly<Record<ViewName, Sort>>>;
  /** The user's choice for the view; null while the view's own applies. */
  readonly showIdle: boolean | null;
  readonly filter: ActiveFilter | null;
  readonly user: string | null;
  readonly database: string | null;
  readonly search: string;
  /** Cells of the query column that are scrolled out to the left. */
  readonly queryOffset: number;
  /** The user's choice of what TIME shows; null while the view's own applies. */
  readonly duration: DurationMode | null;
  readonly isPaused: boolean;
  readonly intervalMs: number;
  readonly isWrapped: boolean;
  readonly layout: Layout;
  readonly header: 'full' | 'compact' | 'off';
  readonly tree: {
    /** `auto`: open while somebody waits for a lock. */
    readonly visibility: 'auto' | 'open' | 'closed';
    /** Paths of the nodes whose waiters are folded away. */
    readonly collapsed: ReadonlySet<string>;
  };
  readonly focus: 'table' | 'tree';
  readonly tableCursor: Cursor;
  readonly treeCursor: Cursor;
  /** The order of the rows that stands still for some refreshes after a cursor key. */
  readonly frozen: {readonly rank: ReadonlyMap<string, number>; readonly refreshes: number} | null;
  readonly mode: Mode;
  readonly message: Message | null;
  readonly pending: readonly PendingSignal[];
  readonly detail: SessionDetail | null;
};

/** What the command line decides before the first frame. */
export type InitialChoices = Pick<
  State,
  'columns' | 'rows' | 'options' | 'view' | 'intervalMs' | 'filter'
> & {
  readonly sort: Sort | null;
};

const FRESH_CURSOR: Cursor = {key: null, index: 0, top: 0};

/** The state before the first data. */
export function initialState({sort, ...choices}: InitialChoices): State {
  return {
    ...choices,
    latest: null,
    shown: null,
    receivedAtMs: 0,
    nowMs: 0,
    link: {type: 'live'},
    sorts: sort === null ? {} : {[choices.view]: sort},
    showIdle: null,
    user: null,
    database: null,
    search: '',
    queryOffset: 0,
    duration: null,
    isPaused: false,
    isWrapped: false,
    layout: 'normal',
    header: 'full',
    tree: {visibility: 'auto', collapsed: new Set()},
    focus: 'table',
    tableCursor: FRESH_CURSOR,
    treeCursor: FRESH_CURSOR,
    frozen: null,
    mode: {type: 'browse'},
    message: null,
    pending: [],
    detail: null,
  };
}

/** A cursor on the first row. */
export function freshCursor(): Cursor {
  return FRESH_CURSOR;
}
