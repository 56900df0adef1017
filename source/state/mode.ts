import type {Batch} from '../model/batch.ts';
import type {BatchRun} from '../model/batch-run.ts';
import type {ReadAuditRecord} from '../model/read-audit-record.ts';
import type {Session} from '../model/session.ts';
import type {SignalAction} from '../model/signal.ts';

/** What a menu chooses. */
export type MenuName = 'sort' | 'user' | 'database' | 'signal';

/** One choice of a menu; `value` null is "any". */
export type MenuEntry = {
  readonly value: string | null;
  readonly label: string;
  /** In the signal menu: what it would signal, decided at the key press; null before there are data. */
  readonly question?: SignalQuestion | null;
  /** Why it can do nothing now, as a sentence. */
  readonly whyNot?: string;
};

/** The sessions that a key or a choice is about. */
export type SignalSubject = {
  readonly action: SignalAction;
  readonly sessions: readonly Session[];
  /** What else there is to know, in a sentence. */
  readonly remark: string | null;
};

/** What a dialog asks: whether to signal this batch. */
export type SignalQuestion = {
  readonly batch: Batch;
  /** What else there is to know, in a sentence: whose place a session takes, what cannot be signalled at all. */
  readonly remark: string | null;
};

/** A dialog that asks before signals, about the sessions as they were at the key press. It is about one session unless more were asked for. */
export type Confirmation = SignalQuestion & {
  readonly type: 'confirm';
  /** What has to be typed before `y` counts: the number of sessions, or a pid under the weaker guard; null for nothing. */
  readonly toType: string | null;
  readonly typed: string;
  /** The first target in sight. */
  readonly scroll: number;
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
      readonly returnTo: Mode;
    }
  | {readonly type: 'inspect'; readonly session: Session; readonly isGone: boolean; readonly scroll: number}
  | {readonly type: 'help'; readonly scroll: number; readonly returnTo: Mode}
  /** The action log; `records` null until they are read. */
  | {
      readonly type: 'action-log';
      readonly records: readonly ReadAuditRecord[] | null;
      readonly scroll: number;
      readonly returnTo: Mode;
    }
  /** A batch of several on its way, and what came of it. */
  | {readonly type: 'batch'; readonly run: BatchRun; readonly scroll: number; readonly returnTo: Mode}
  | Confirmation;
