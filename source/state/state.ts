import type {BatchRun} from '../model/batch-run.ts';
import type {Layout} from '../model/columns.ts';
import {type DatabaseSizes, NO_SIZES} from '../model/database-size.ts';
import type {DurationMode} from '../model/duration-mode.ts';
import type {Filter} from '../model/filter/filter.ts';
import type {GroupSort} from '../model/group-columns.ts';
import type {Grouping} from '../model/groups.ts';
import type {LoadBucket} from '../model/load.ts';
import type {RecordBucket} from '../model/load-records.ts';
import type {RefreshCost} from '../model/refresh-cost.ts';
import type {SessionDetail} from '../model/session-detail.ts';
import type {ServerIdentity, Snapshot} from '../model/snapshot.ts';
import type {Sort} from '../model/sort.ts';
import type {Thresholds} from '../model/thresholds.ts';
import type {ViewName} from '../model/views.ts';
import {staleFromMs} from './data-age.ts';
import type {KeyScheme} from './key-table.ts';
import type {LinkState} from './link-state.ts';
import type {Mode} from './mode.ts';
import type {TreeGrowth} from './tree-growth.ts';

/** A cursor that follows a row by its identity. `index` is where it stood, for when the row is gone; `top` the first visible row. */
export type Cursor = {
  /** Null until it was moved: it then stays on the first row, whichever that is. */
  readonly key: string | null;
  readonly index: number;
  readonly top: number;
};

/** A filter in force: what was typed and what it means. */
export type ActiveFilter = {readonly text: string; readonly filter: Filter};

/** A line for the user, shown until the next key or message. */
export type Message = {readonly text: string; readonly kind: 'note' | 'good' | 'bad'};

/** Everything the screen is made from. Immutable; update() makes the next one. */
export type State = {
  readonly columns: number;
  readonly rows: number;
  readonly options: {
    readonly isReadOnly: boolean;
    readonly keys: KeyScheme;
    readonly isAscii: boolean;
    readonly hasColor: boolean;
    /** Where the audit log is; null when none is kept. */
    readonly auditPath: string | null;
    /** From where on something is marked. */
    readonly thresholds: Thresholds;
  };
  /** The newest data; null before the first refresh. */
  readonly latest: Snapshot | null;
  /** The data on screen: the newest, or those from the moment of the pause. */
  readonly shown: Snapshot | null;
  /** When those came, on the local clock. */
  readonly shownAtMs: number;
  /** When the newest data came, on the local clock. */
  readonly receivedAtMs: number;
  /** From when on, on the local clock, they no longer tell how things are. */
  readonly staleFromMs: number;
  /** The local clock at the last event that told it. */
  readonly nowMs: number;
  readonly link: LinkState;
  /** Why the processes of a server without a free slot cannot be shown; null while they are, or there is no need. */
  readonly whyNoProcesses: string | null;
  /** What the middle of the screen shows. */
  readonly main: 'sessions' | 'groups' | 'load';
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
  readonly loadHeight: 'off' | 'low' | 'high';
  /** True when the header tells what the monitor itself costs. */
  readonly showsCost: boolean;
  /** What the newest refresh cost; null before the first one. */
  readonly cost: RefreshCost | null;
  /** What active sessions waited for in the last half hour. */
  readonly load: readonly LoadBucket[];
  /** Who did what of it in the last five minutes. */
  readonly loadRecords: readonly RecordBucket[];
  /** The run of the server that these two are of; null before the first data. */
  readonly loadServer: ServerIdentity | null;
  /** When its latest sample came, on the local clock. */
  readonly loadSampledAtMs: number;
  /** Processor cores of this machine. */
  readonly cores: number;
  readonly tree: {
    /** `auto`: open while somebody waits for a lock. */
    readonly visibility: 'auto' | 'open' | 'closed';
    /** Paths of the lines whose folding was changed by hand: a node is open by itself, a line for several is folded. */
    readonly toggled: ReadonlySet<string>;
  };
  /** How the trees of the newest data have grown. */
  readonly growth: TreeGrowth;
  readonly focus: 'table' | 'tree';
  readonly tableCursor: Cursor;
  readonly treeCursor: Cursor;
  readonly groupBy: Grouping;
  readonly groupSort: GroupSort;
  readonly groupCursor: Cursor;
  readonly loadCursor: Cursor;
  /** The order of the rows that stands still for some seconds after a cursor key; until when on the local clock. */
  readonly frozen: {readonly rank: ReadonlyMap<string, number>; readonly untilMs: number} | null;
  readonly mode: Mode;
  readonly message: Message | null;
  /** Keys of the sessions the user has tagged. A tag dies with its session. */
  readonly tags: ReadonlySet<string>;
  /** True when the last tagged session has ended and c or k has not said so yet: they are about the one under the cursor from then on. */
  readonly hasLostTags: boolean;
  /** The batches on their way. */
  readonly runs: readonly BatchRun[];
  /** What ignored its last cancel and is there still: what the signal menu offers to terminate. */
  readonly ignoredCancel: ReadonlySet<string>;
  /** Why the audit log cannot be written; null while it can. */
  readonly auditProblem: string | null;
  readonly detail: SessionDetail | null;
  readonly sizes: DatabaseSizes;
};

/** What the command line decides before the first frame. */
export type InitialChoices = Pick<
  State,
  'columns' | 'rows' | 'options' | 'view' | 'intervalMs' | 'filter' | 'cores'
> & {
  readonly sort: Sort | null;
  readonly main?: State['main'];
};

const FRESH_CURSOR: Cursor = {key: null, index: 0, top: 0};

/** The first data come as soon as they can, whatever the interval. */
const FIRST_MS = 1_000;

/** The state before the first data. */
export function initialState({sort, main = 'sessions', ...choices}: InitialChoices): State {
  return {
    ...choices,
    latest: null,
    shown: null,
    shownAtMs: 0,
    receivedAtMs: 0,
    staleFromMs: staleFromMs(0, FIRST_MS),
    nowMs: 0,
    link: {type: 'live'},
    whyNoProcesses: null,
    main,
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
    loadHeight: 'off',
    showsCost: false,
    cost: null,
    load: [],
    loadRecords: [],
    loadServer: null,
    loadSampledAtMs: Number.NEGATIVE_INFINITY,
    tree: {visibility: 'auto', toggled: new Set()},
    growth: new Map(),
    focus: 'table',
    tableCursor: FRESH_CURSOR,
    treeCursor: FRESH_CURSOR,
    groupBy: 'user',
    groupSort: {column: 'sessions', descending: true},
    groupCursor: FRESH_CURSOR,
    loadCursor: FRESH_CURSOR,
    frozen: null,
    mode: {type: 'browse'},
    message: null,
    tags: new Set(),
    hasLostTags: false,
    runs: [],
    ignoredCancel: new Set(),
    auditProblem: null,
    detail: null,
    sizes: NO_SIZES,
  };
}

/** A cursor on the first row. */
export function freshCursor(): Cursor {
  return FRESH_CURSOR;
}
