import {execFile} from 'node:child_process';
import {existsSync, globSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {promisify} from 'node:util';
import {describe, expect, test} from 'vitest';
import type {Sampled} from '../../source/model/meter-reading.ts';
import {ratePerSecond, shareOf} from '../../source/model/rates.ts';
import {createMeterReader} from '../../source/postgres/meter-reader.ts';
import {sinceVersion} from '../../source/postgres/sql-version.ts';
import {heavyRounds} from '../helpers/heavy-rounds.ts';
import {describeOnOwnServers, openMonitor} from '../helpers/monitoring.ts';
import {waitFor} from '../helpers/wait-for.ts';

/** How long pgbench runs. */
const SECONDS = heavyRounds(4, 4, 60);

/** Rows of pgbench_accounts for each unit of pgbench's scale. */
const ACCOUNTS_PER_SCALE = 100_000;

const PGBENCH = ['/usr/bin/pgbench', ...globSync('/usr/lib/postgresql/*/bin/pgbench')].find(path =>
  existsSync(path),
);
if (PGBENCH === undefined) console.warn('no pgbench on this machine: the meters are not compared with it');

describe.skipIf(PGBENCH === undefined)('beside pgbench', () => {
  describeOnOwnServers(
    'the meters',
    (cluster, major) => {
      test(
        'agree with its report and with the difference of the counters within 3 %',
        async () => {
          const {socketFolder, port, user, database} = cluster();
          const pgbench = async (...words: readonly string[]) => {
            const where = ['-h', socketFolder, '-p', String(port), '-U', user, ...words, database];
            return (await promisify(execFile)(PGBENCH ?? '', where)).stdout;
          };
          const control = await cluster().connect();
          let looks = 0;
          const counted = async () => {
            looks += 1;
            const [row] = await control.query<Record<string, number>>(
              `SELECT sum(xact_commit + xact_rollback)::float8 AS xacts, sum(blks_hit)::float8 AS hit, sum(blks_read)::float8 AS read,
                      sum(tup_inserted + tup_updated + tup_deleted)::float8 AS rows_in, sum(tup_returned)::float8 AS rows_out,
                      pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 AS wal FROM pg_stat_database`,
            );
            return row ?? {};
          };
          const {connection} = await openMonitor(cluster());
          const readAll = async () => {
            const reader = createMeterReader(connection, sinceVersion(major * 10_000));
            for (let round = 0; round < 5; round++) await reader.read(round);
            return reader.reading();
          };
          await pgbench('-i', '-q', '-s', '2');
          // Before PostgreSQL 15 they come some time after the end of the session that made the tables.
          await waitFor(
            'the counters of the tables',
            async () => ((await counted()).rows_in ?? 0) >= 2 * ACCOUNTS_PER_SCALE,
          );
          // What was committed without waiting is written later: between the counters and the meters nothing may be left to write.
          await control.query('CHECKPOINT');
          const [first, before] = [await counted(), await readAll()];
          const report = await pgbench('-n', '-c', '2', '-j', '2', '-T', String(SECONDS));
          const told = Number(/actually processed: (\d+)/.exec(report)?.[1]);
          // Before PostgreSQL 15 the last counters of a session come some time after its end.
          await waitFor('the last counters', async () => {
            // Each look is a transaction too, which the report does not know.
            await sleep(100);
            return ((await counted()).xacts ?? 0) - (first.xacts ?? 0) >= told;
          });
          await control.query('CHECKPOINT');
          const [last, after] = [await counted(), await readAll()];

          const databases: Sampled<'databases'> = {...after.databases, before: before.databases.now};
          const wal: Sampled<'wal'> = {...after.wal, before: before.wal.now};
          const seconds = ((databases.now?.at ?? 0) - (databases.before?.at ?? 0)) / 1_000_000;
          const walSeconds = ((wal.now?.at ?? 0) - (wal.before?.at ?? 0)) / 1_000_000;
          const grown = (name: string) => (last[name] ?? 0) - (first[name] ?? 0);
          const shown: Readonly<Record<string, readonly [shown: number, expected: number]>> = {
            'transactions of the report': [(ratePerSecond(databases, 'xact_commit') ?? 0) * seconds, told],
            transactions: [
              (ratePerSecond(databases, 'xact_commit', 'xact_rollback') ?? 0) * seconds,
              grown('xacts'),
            ],
            'rows in': [
              (ratePerSecond(databases, 'tup_inserted', 'tup_updated', 'tup_deleted') ?? 0) * seconds,
              grown('rows_in'),
            ],
            'rows out': [(ratePerSecond(databases, 'tup_returned') ?? 0) * seconds, grown('rows_out')],
            hit: [
              shareOf(databases, 'blks_hit', 'blks_fetched') ?? 0,
              grown('hit') / (grown('hit') + grown('read')),
            ],
            WAL: [(ratePerSecond(wal, 'wal_lsn') ?? 0) * walSeconds, grown('wal')],
          };
          console.info(
            Object.entries(shown)
              .map(([name, [is, expected]]) => `${name} ${is.toFixed(3)} of ${expected.toFixed(3)}`)
              .join(', '),
          );
          // Each look is a transaction too, which the report does not know, and so is each of the last five questions.
          const own = {'transactions of the report': looks + 7};
          for (const [name, [is, expected]] of Object.entries({...shown}))
            expect(Math.abs(is - expected), name).toBeLessThan(
              0.03 * expected + (name in own ? own[name as keyof typeof own] : 0),
            );
        },
        SECONDS * 1_000 + 120_000,
      );
    },
    {shared_buffers: '8MB'},
  );
});
