import {type NotifyBy, notificationSequence} from '../host/notification.ts';
import {alarmsOf, xidShare} from '../model/alarms.ts';
import type {ReadingNeeds, Snapshot} from '../model/snapshot.ts';
import type {Thresholds} from '../model/thresholds.ts';

/** Calls the user when something new crosses a threshold. */
export type Notifier = {
  observe(snapshot: Snapshot): void;
  /** What is to be read for it, beside what is on screen: the age of transaction ids is, as other meters, not read for nobody. */
  withOwn(needs: ReadingNeeds): ReadingNeeds;
};

/** What a notifier needs. */
export type Notifying = {
  /** Null for a notifier that does nothing. */
  readonly by: NotifyBy | null;
  readonly thresholds: Thresholds;
  readonly write: (sequence: string) => void;
  readonly clockMs: () => number;
};

/** What has been below its threshold for so long is new when it crosses it again; before that it only swings about it. */
const LEAST_ABSENCE_MS = 30_000;

/** A notifier that writes to the terminal. What has crossed a threshold when it is first known is on screen: nobody is called for it. */
export function createNotifier({by, thresholds, write, clockMs}: Notifying): Notifier {
  let lastSeenMs: ReadonlyMap<string, number> = new Map();
  /** Those of the reading before, however long ago it was. */
  let latest: ReadonlySet<string> = new Set();
  let isFirst = true;
  let wasXidKnown = false;
  return {
    withOwn: needs => (by === null ? needs : {...needs, meters: true}),
    observe(snapshot) {
      if (by === null) return;
      const now = clockMs();
      const recent = [...lastSeenMs].filter(([, seenMs]) => now - seenMs < LEAST_ABSENCE_MS);
      const known = new Set([...latest, ...recent.map(([key]) => key)]);
      const alarms = alarmsOf(snapshot, thresholds);
      const [first, ...others] = alarms.filter(
        ({key}) => !isFirst && !known.has(key) && (key !== 'xid' || wasXidKnown),
      );
      latest = new Set(alarms.map(({key}) => key));
      lastSeenMs = new Map([...recent, ...alarms.map(({key}) => [key, now] as const)]);
      isFirst = false;
      wasXidKnown = xidShare(snapshot) !== null;
      if (first === undefined) return;
      const more = others.length === 0 ? '' : ` · and ${others.length} more`;
      write(notificationSequence(by, 'pgtop', `${first.text}${more}`));
    },
  };
}
