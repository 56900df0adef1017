import {expect, onTestFinished, test, vi} from 'vitest';
import type {Capabilities} from '../../source/postgres/capabilities.ts';
import {createCollector} from '../../source/postgres/collector.ts';
import type {Connection} from '../../source/postgres/connection.ts';
import {createNameCache} from '../../source/postgres/name-cache.ts';

const SOURCES = ['databases', 'wal', 'replication', 'catalog', 'settings'] as const;
/** Readings that are further apart make no rate. */
const LONGEST_GAP_MS = 150_000;
const REFRESHES = 100;

test.each([1, 2, 5, 10, 20, 30, 60].flatMap(seconds => [0, 200, 600, 1_500].map(rttMs => [seconds, rttMs])))(
  'every meter has its turn where refreshes are %i s apart and a round trip takes %i ms',
  async (seconds = 0, rttMs = 0) => {
    let nowMs = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
    onTestFinished(() => void vi.restoreAllMocks());
    const askedAt = new Map<string, number>();
    const gaps = new Map<string, number>();
    const query = async (...[statement, , {name = statement} = {}]: Parameters<Connection['query']>) => {
      nowMs += rttMs;
      const source = SOURCES.find(each => name === `pgtop_${each}`);
      if (source === undefined) return [];
      gaps.set(source, Math.max(gaps.get(source) ?? 0, nowMs - (askedAt.get(source) ?? 0)));
      askedAt.set(source, nowMs);
      return [['2026-11-30 08:00:00+00', '5']];
    };
    const connection = {query} as unknown as Connection;
    const names = createNameCache(connection);
    // One of each kind, whose renewal is due each minute.
    names.databaseName(5);
    names.roleName(10);
    names.wantRelations([1]);
    const capabilities = {server: {versionNum: 170_000}, readsAllStats: true} as unknown as Capabilities;
    const collector = createCollector(connection, capabilities, names, () => nowMs);
    const intervalMs = seconds * 1_000;
    for (let refresh = 0; refresh < REFRESHES; refresh++) {
      const startedAt = nowMs;
      await collector.collect({meters: true, progress: false, processes: null});
      nowMs += intervalMs - ((nowMs - startedAt) % intervalMs);
    }
    for (const source of SOURCES) {
      const sinceLast = nowMs - (askedAt.get(source) ?? 0);
      expect([source, Math.max(gaps.get(source) ?? Infinity, sinceLast)]).toEqual([
        source,
        expect.toSatisfy((gap: number) => gap <= LONGEST_GAP_MS + intervalMs),
      ]);
    }
  },
);
