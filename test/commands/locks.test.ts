import {createInterface} from 'node:readline';
import {beforeAll, expect, test} from 'vitest';
import type {TestSession} from '../helpers/cluster.ts';
import {describeOnSharedServers, untilWaiting} from '../helpers/monitoring.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {buildIfMissing, endOf, runPgtop, spawnPgtop} from './run-pgtop.ts';

/** The keys of a node, in the order in which the contract names them. */
const NODE_KEYS = [
  ...'pid backend_start usename datname application_name state query waiting_for'.split(' '),
  ...'wait_age blocks_in_total prepared_gid waiters'.split(' '),
];

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

type Node = {
  readonly pid: number | null;
  readonly prepared_gid: string | null;
  readonly waiters: readonly Node[];
  readonly [key: string]: unknown;
};

function allNodes(roots: readonly Node[]): readonly Node[] {
  return roots.flatMap(node => [node, ...allNodes(node.waiters)]);
}

describeOnSharedServers('pgtop locks', (cluster, major) => {
  const gid = `payout ${process.pid} ${major}`;
  let database: string;
  let holder: TestSession;
  let alter: TestSession;
  let reader: TestSession;
  let client: TestSession;
  let circle: readonly TestSession[];
  let payer: TestSession;

  const run = (...words: readonly string[]) => runPgtop(cluster(), ['locks', '-d', database, ...words]);
  const rootsNow = async () => {
    const {code, stdout, stderr} = await run('--format', 'json');
    expect([code, stderr]).toEqual([0, '']);
    const document: {roots: readonly Node[]} = JSON.parse(stdout);
    return document.roots;
  };

  beforeAll(async () => {
    await buildIfMissing();
    database = await cluster().createDatabase();
    const open = (applicationName = 'test') => cluster().connect({database, applicationName});
    [holder, alter, reader, client, payer] = [
      await open(),
      await open('migrate'),
      await open(),
      await open(),
      await open(),
    ];
    circle = [await open(), await open()];
    const control = await open();
    const waits = async (session: TestSession, statement: string) => {
      void session.backgroundQuery(statement);
      await untilWaiting(control, session.pid);
    };
    await control.query(
      'CREATE TABLE orders (); CREATE TABLE invoices (); CREATE TABLE east (); CREATE TABLE west ()',
    );
    await holder.query('BEGIN; SELECT * FROM orders');
    await waits(alter, 'ALTER TABLE orders ADD note text');
    await waits(reader, 'SELECT * FROM orders');
    await payer.query(`BEGIN; LOCK invoices; PREPARE TRANSACTION '${gid}'`);
    await waits(client, 'SELECT * FROM invoices');
    for (const session of circle) await session.query("SET deadlock_timeout = '1h'");
    await circle[0]?.query('BEGIN; LOCK east');
    await circle[1]?.query('BEGIN; LOCK west');
    for (const [place, table] of ['west', 'east'].entries()) {
      const session = circle[place];
      if (session !== undefined) await waits(session, `LOCK ${table}`);
    }
  });

  test('prints the forest as one JSON document, with the relation by its name', async () => {
    const roots = await rootsNow();
    const root = roots.find(({pid}) => pid === holder.pid);
    expect(root).toMatchObject({
      pid: holder.pid,
      backend_start: expect.stringMatching(ISO_TIME),
      usename: cluster().user,
      datname: database,
      application_name: 'test',
      state: 'idle in transaction',
      query: 'BEGIN; SELECT * FROM orders',
      waiting_for: null,
      wait_age: null,
      blocks_in_total: 2,
      prepared_gid: null,
    });
    expect(root?.waiters).toHaveLength(1);
    expect(root?.waiters[0]).toMatchObject({
      pid: alter.pid,
      application_name: 'migrate',
      waiting_for: {
        locktype: 'relation',
        mode: 'AccessExclusiveLock',
        relation: 'orders',
        since: expect.stringMatching(ISO_TIME),
      },
      wait_age: expect.any(Number),
      blocks_in_total: 1,
      waiters: [{pid: reader.pid, query: 'SELECT * FROM orders', waiters: []}],
    });
  });

  test('has every key of the contract in every node', async () => {
    const {stdout} = await run('--format', 'json');
    const document = JSON.parse(stdout);
    expect(Object.keys(document)).toEqual(['collected_at', 'server', 'roots']);
    for (const node of allNodes(document.roots)) {
      expect(Object.keys(node)).toEqual(expect.arrayContaining(NODE_KEYS));
      const others = Object.keys(node).filter(key => !NODE_KEYS.includes(key));
      expect(['blocked_by', 'cycle', 'repeated']).toEqual(expect.arrayContaining(others));
    }
  });

  test('names a prepared transaction by its gid, its owner and its database', async () => {
    const root = (await rootsNow()).find(({prepared_gid}) => prepared_gid === gid);
    expect(root).toMatchObject({
      pid: null,
      backend_start: null,
      usename: cluster().user,
      datname: database,
      state: null,
      query: null,
      waiting_for: null,
      blocks_in_total: 1,
    });
    expect(root?.waiters.map(({pid}) => pid)).toEqual([client.pid]);
  });

  test('marks where a circle is cut', async () => {
    const pids = circle.map(({pid}) => pid);
    const root = (await rootsNow()).find(({pid}) => pid !== null && pids.includes(pid));
    expect(root?.waiters[0]?.waiters[0]).toMatchObject({pid: root?.pid, cycle: true, waiters: []});
  });

  test('prints a tree for people', async () => {
    const {code, stdout, stderr} = await run();
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.split('\n');
    const first = lines.findIndex(line => line.startsWith(` ${holder.pid} blocks 2`));
    expect(lines[first]).toContain('idle in transaction');
    expect(lines[first + 1]).toMatch(
      new RegExp(`^ └─${alter.pid} blocks 1 .* migrate waits .* for AccessExclusive on orders`),
    );
    expect(lines[first + 2]).toMatch(new RegExp(`^ {3}└╌${reader.pid} .*for AccessShare on orders`));
    expect(stdout).toContain(`'${gid}' of ${cluster().user}@${database}`);
    expect(stdout).toContain('closes a circle');
    expect(stdout).not.toContain('\u001b');
  });

  test('prints one JSON object per line for as long as it watches', async () => {
    const words = ['locks', '-d', database, '--format', 'json', '--watch', '0.2'];
    const child = spawnPgtop(cluster(), words);
    const ended = endOf(child);
    const counts: number[] = [];
    for await (const line of createInterface(child.stdout)) {
      counts.push(allNodes(JSON.parse(line).roots).length);
      if (counts.length === 3) child.kill('SIGTERM');
    }
    expect(await ended).toEqual({code: null, signal: 'SIGTERM'});
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(8);
  });

  test.each<[string, readonly string[], number]>([
    // Before PostgreSQL 14 a wait is as old as pgtop has seen it, so that one look alone tells none.
    ['4 when somebody waits longer than --max-wait', ['--max-wait', '0'], major >= 14 ? 4 : 0],
    ['0 when nobody does', ['--max-wait', '86400'], 0],
  ])('ends with %s, the forest printed', async (_, words, code) => {
    const result = await run('--format', 'json', ...words);
    expect([result.code, result.stderr]).toEqual([code, '']);
    expect(JSON.parse(result.stdout).roots.length).toBeGreaterThan(0);
  });

  test('watches until somebody has waited too long', async () => {
    const result = await run('--format', 'json', '--watch', '0.2', '--max-wait', '0.5');
    expect([result.code, result.stderr]).toEqual([4, '']);
    const last = JSON.parse(result.stdout.trim().split('\n').at(-1) ?? '');
    const ages = allNodes(last.roots).map(node => Number(node.wait_age));
    expect(Math.max(...ages)).toBeGreaterThan(0.5);
  });

  test('says when nobody waits', async () => {
    const control = await cluster().connect({database});
    const waiters = [alter, reader, client, ...circle].map(({pid}) => pid);
    await control.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS p (pid)', [waiters]);
    await waitFor('their end', async () => {
      const left = await control.query('SELECT FROM pg_stat_activity WHERE pid = ANY ($1)', [waiters]);
      return left.length === 0;
    });
    await payer.query(`ROLLBACK PREPARED '${gid}'`);
    const own = new Set<number | null>([holder, alter, reader, client, ...circle].map(({pid}) => pid));
    expect(allNodes(await rootsNow()).filter(({pid}) => own.has(pid))).toEqual([]);
    // Other files' sessions may still wait on the same server.
    const {stdout} = await run();
    expect(stdout).toMatch(/^(nobody waits for a lock\n$| )/);
  });
});
