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

/** Reads what the meters show, a statement at a time. */
export type MeterReader = {
  /** Asks one question, the first that is due, if any is. @throws only what ends the connection. */
  read(nowMs: number): Promise<void>;
  /** What is known by now. */
  reading(): MeterReading;
};

/** Rates are made over this long: sessions report their counters about once a second, and a shorter time would show that instead. */
const WINDOW_MS = 10_000;
/** How long a question rests that ran into its bound: somebody may have locked a catalog. */
const REST_MS = 30_000;

/** What is asked: the counters first, since they change; at the start the databases before their counters. */
type Question = {readonly source: ServerSource; readonly everyMs: number; readonly statement: string};

/** A reader on a prepared session. It knows nothing of the session before it, so that a restart or failover starts every rate anew. */
export function createMeterReader(connection: Connection, since: Since): MeterReader {
  const questions: readonly Question[] = [
    {source: 'databases', everyMs: 2_000, statement: databaseCountersStatement},
    {source: 'wal', everyMs: 4_000, statement: walStatement(since)},
    {source: 'replication', everyMs: 5_000, statement: replicationStatement},
    {source: 'catalog', everyMs: 60_000, statement: meterCatalogStatement},
    {source: 'settings', everyMs: 60_000, statement: meterSettingsStatement},
  ];
  const windows = new Map<ServerSource, readonly MeterSample<ServerSource>[]>();
  const dueAt = new Map<ServerSource, number>();
  let meters = NO_METERS;

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

  return {
    async read(nowMs) {
      const isDue = ({source}: Question) =>
        nowMs >= (dueAt.get(source) ?? 0) && (source !== 'databases' || meters.catalog.now !== null);
      const isFresh = ({source}: Question) => !dueAt.has(source);
      const due = questions.filter(isDue);
      // Each question once before any of them again; the list of databases first, the counters wait for it.
      const question = due.find(({source}) => source === 'catalog') ?? due.find(isFresh) ?? due[0];
      if (question === undefined) return;
      const {source, everyMs} = question;
      dueAt.set(source, nowMs + everyMs);
      try {
        await ask(question);
      } catch (error) {
        if (!isStatementFailure(error)) throw error;
        const isForGood = errorCode(error) === '42501';
        dueAt.set(source, isForGood ? Number.POSITIVE_INFINITY : nowMs + Math.max(everyMs, REST_MS));
        meters = {...meters, [source]: {...meters[source], failure: errorText(error)}};
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
