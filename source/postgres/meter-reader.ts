import {type MeterReading, type MeterSample, NO_METERS, type ServerSource} from '../model/meter-reading.ts';
import {keepWindow} from '../model/rates.ts';
import {parseTimestamp} from '../model/timestamp.ts';
import type {Connection} from './connection.ts';
import {
  databaseCountersStatement,
  FIGURES,
  type MeterRow,
  meterCatalogStatement,
  meterSettingsStatement,
  replicationStatement,
  walStatement,
} from './queries/meters.ts';
import {numberOrNull} from './read-column.ts';
import {errorCode, errorText, isStatementFailure} from './sql-state.ts';
import type {Since} from './sql-version.ts';

/** Reads what the meters show. */
export type MeterReader = {
  /**
   * Asks what has been due for longest: all of it the first time, later a question for each second since the last one, but no second one after
   * `isQuick` has become false. @throws only what ends the connection.
   */
  read(nowMs: number, isQuick?: () => boolean): Promise<void>;
  /** What is known by now. */
  reading(): MeterReading;
};

/** Rates are made over this long: sessions report their counters about once a second, and a shorter time would show that instead. */
const WINDOW_MS = 10_000;
/** A question for each such time, so that a refresh a second carries one, and a rare refresh what came together. */
const PER_QUESTION_MS = 1_000;
/** How long a question rests that ran into its bound: somebody may have locked a catalog. */
const REST_MS = 30_000;

/** What is asked; at the start what may have to wait for a lock comes last, and the databases before their counters. */
type Question = {readonly source: ServerSource; readonly everyMs: number; readonly statement: string};

/** A reader on a prepared session. It knows nothing of the session before it, so that a restart or failover starts every rate anew. */
export function createMeterReader(connection: Connection, since: Since): MeterReader {
  const questions: readonly Question[] = [
    {source: 'settings', everyMs: 60_000, statement: meterSettingsStatement},
    {source: 'replication', everyMs: 5_000, statement: replicationStatement},
    {source: 'wal', everyMs: 4_000, statement: walStatement(since)},
    {source: 'catalog', everyMs: 60_000, statement: meterCatalogStatement},
    {source: 'databases', everyMs: 2_000, statement: databaseCountersStatement},
  ];
  const windows = new Map<ServerSource, readonly MeterSample<ServerSource>[]>();
  const dueAt = new Map<ServerSource, number>();
  let meters = NO_METERS;
  let readAtMs = Number.NEGATIVE_INFINITY;

  const ask = async ({source, statement}: Question) => {
    const oids = meters.catalog.now?.series.split(',');
    const values = source === 'databases' ? [oids] : [];
    const [row] = await connection.query<MeterRow>(statement, values, {name: `pgtop_${source}`});
    if (row === undefined) return;
    const newest = sampleOf(source, row);
    const window = keepWindow(windows.get(source) ?? [], newest, WINDOW_MS);
    windows.set(source, window);
    const before = window.length > 1 ? window[0] : null;
    meters = {...meters, [source]: {now: newest, before, failure: null}};
  };

  const longestDue = (nowMs: number): Question | undefined => {
    const dueSince = ({source}: Question) => dueAt.get(source) ?? 0;
    return questions
      .filter(question => nowMs >= dueSince(question))
      .filter(({source}) => source !== 'databases' || meters.catalog.now !== null)
      .sort((a, b) => dueSince(a) - dueSince(b))[0];
  };
  /** Tells whether it was answered. */
  const askNow = async (question: Question, nowMs: number): Promise<boolean> => {
    const {source, everyMs} = question;
    dueAt.set(source, nowMs + everyMs);
    try {
      await ask(question);
      return true;
    } catch (error) {
      if (!isStatementFailure(error)) throw error;
      const isForGood = errorCode(error) === '42501';
      dueAt.set(source, isForGood ? Number.POSITIVE_INFINITY : nowMs + Math.max(everyMs, REST_MS));
      meters = {...meters, [source]: {...meters[source], failure: errorText(error)}};
      return false;
    }
  };

  return {
    async read(nowMs, isQuick = () => true) {
      const most = Math.max(1, Math.round((nowMs - readAtMs) / PER_QUESTION_MS));
      readAtMs = nowMs;
      for (let asked = 0; asked < most && (asked === 0 || isQuick()); asked++) {
        const question = longestDue(nowMs);
        // What failed may have taken all the time that a statement has.
        if (question === undefined || !(await askNow(question, nowMs))) return;
      }
    },
    reading: () => meters,
  };
}

function sampleOf<Source extends ServerSource>(source: Source, row: MeterRow): MeterSample<Source> {
  const [clock, series, ...cells] = row;
  const figures = FIGURES[source].map((figure, index) => [figure, numberOrNull(cells[index] ?? null)]);
  return {
    at: parseTimestamp(clock) ?? 0,
    series: series ?? '',
    figures: Object.fromEntries(figures) as MeterSample<Source>['figures'],
  };
}
