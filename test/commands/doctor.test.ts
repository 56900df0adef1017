import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {type Cluster, sharedCluster} from '../helpers/cluster.ts';
import {majors, programsOfMajor} from '../helpers/servers.ts';
import {buildIfMissing, runPgtop} from './run-pgtop.ts';

const newest = Math.max(...majors.filter(major => programsOfMajor(major) !== null));
const CLERK = `clerk_${process.pid}`;

describe.skipIf(newest < 0)('pgtop doctor', () => {
  const clusters: Cluster[] = [];
  const run = async (words: readonly string[], env: Record<string, string> = {}) => {
    const [cluster] = clusters;
    if (cluster === undefined) throw new Error('no server');
    return await runPgtop(cluster, ['doctor', ...words], env);
  };

  beforeAll(async () => {
    await buildIfMissing();
    const cluster = await sharedCluster(newest);
    clusters.push(cluster);
    const control = await cluster.connect();
    await control.query(`CREATE ROLE ${CLERK} LOGIN`);
    control.end();
  });

  afterAll(() => clusters[0]?.stop());

  test('finds nothing to mend for the superuser at a socket', async () => {
    const {code, stdout, stderr} = await run([]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Parameters\n {2}user +pgtop +PGUSER$/m);
    expect(stdout).toMatch(/^Tried\n {2}\S+:5432 +socket +connected$/m);
    expect(stdout).toMatch(/^ {2}version +\d+/m);
    expect(stdout).toMatch(/^ {2}role +primary$/m);
    expect(stdout).toMatch(/^ {2}max_connections +100$/m);
    expect(stdout).toMatch(/^Findings\n {2}none: /m);
  });

  test('tells an ordinary role what it lacks, with the grants', async () => {
    const {code, stdout} = await run(['-U', CLERK]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ {2}lock-wait tree +yes, as any role$/m);
    expect(stdout).toMatch(
      new RegExp(`problem +state and query .* hidden .*\n +GRANT pg_monitor TO ${CLERK};`),
    );
    expect(stdout).toMatch(new RegExp(`note +sessions .*\n +GRANT pg_signal_backend TO ${CLERK};`));
  });

  test('says the same in JSON, with the source of every parameter and without the password', async () => {
    const {code, stdout} = await run(['-U', CLERK, '--format', 'json'], {PGPASSWORD: 'hunter2'});
    const document: unknown = JSON.parse(stdout);
    expect(code).toBe(1);
    expect(stdout).not.toContain('hunter2');
    expect(document).toMatchObject({
      parameters: expect.arrayContaining([
        {name: 'user', value: CLERK, source: '-U'},
        {name: 'password', value: null, source: 'PGPASSWORD'},
        {name: 'sslmode', value: 'prefer', source: 'the default'},
      ]),
      attempts: [{address: null, port: 5432, tls: false, error: null}],
      pooler: null,
      server: {in_recovery: false, encryption: {type: 'socket'}},
      rights: {user: CLERK, superuser: false, pg_read_all_stats: false},
      settings: {max_connections: {value: '100', unit: null}},
      findings: expect.arrayContaining([
        expect.objectContaining({level: 'problem', fix: `GRANT pg_monitor TO ${CLERK};`}),
      ]),
    });
  });

  test('tells every place that was tried when none lets it in', async () => {
    const {code, stdout, stderr} = await run(['-h', '/nonexistent,127.0.0.1', '-p', '5432,1']);
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(/^ {2}\/nonexistent:5432 +socket +connect ENOENT/m);
    expect(stdout).toMatch(/^ {2}127\.0\.0\.1:1 +127\.0\.0\.1 +TLS +connect ECONNREFUSED/m);
    expect(stdout).toMatch(/^ {2}problem +cannot connect to /m);
    expect(stdout).not.toContain('Settings');
  });

  test('refuses what it cannot read, as every command does', async () => {
    const {code, stderr} = await run(['-p', 'x']);
    expect(code).toBe(2);
    expect(stderr).toBe('pgtop: the port from -p is not a number from 1 to 65535: "x"\n');
  });
});
