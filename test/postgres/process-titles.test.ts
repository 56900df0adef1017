import {describe, expect, test} from 'vitest';
import {findPostmaster, surroundings} from '../../source/host/find-postmaster.ts';
import {readProcessTable} from '../../source/host/read-process-table.ts';
import {processSnapshot} from '../../source/model/process-snapshot.ts';
import type {Snapshot} from '../../source/model/snapshot.ts';
import {type Cluster, describeOnMajors} from '../helpers/cluster.ts';
import {place} from '../helpers/server-processes.ts';
import {majors} from '../helpers/servers.ts';
import {waitFor} from '../helpers/wait-for.ts';

const isLinux = process.platform === 'linux';

/** The processes of a server as this machine's process table has them. */
function processesOf({socketFolder, port}: Cluster): Snapshot {
  const at = place({host: socketFolder, port});
  const around = surroundings();
  const found = findPostmaster(at, around);
  if (found.type !== 'found') throw new Error(`no postmaster: ${JSON.stringify(found)}`);
  const table = readProcessTable(found.postmaster, around.proc);
  if (table === null) throw new Error('the postmaster has ended');
  return processSnapshot(table, at, null);
}

const ACTIVITY = `SELECT pid, usename, datname, state, client_port, backend_type = 'client backend' AS is_client
                    FROM pg_stat_activity`;

describe.skipIf(!isLinux)('the titles of processes', () => {
  describeOnMajors(
    'as real servers write them, tell what pg_stat_activity tells',
    (cluster, major) => {
      test('of every client: role, database, client and state', async () => {
        const admin = await cluster().connect();
        await admin.query('CREATE ROLE "Ann: x" LOGIN');
        await admin.query('CREATE TABLE t (i int)');
        const [holder, waiter, busy, aborted] = await Promise.all(
          Array.from({length: 4}, () => cluster().connect()),
        );
        const odd = await cluster().connect({user: 'Ann: x'});
        await holder?.query('BEGIN');
        await holder?.query('LOCK TABLE t');
        waiter?.backgroundQuery('SELECT FROM t');
        busy?.backgroundQuery('SELECT pg_sleep(600)');
        await aborted?.query('BEGIN');
        await aborted?.query('SELECT 1/0').catch(() => undefined);
        const snapshot = await waitFor('the wait for the lock, and the others beside it', () => {
          const shown = processesOf(cluster());
          const backendOf = (session = busy) => shown.byPid.get(session?.pid ?? 0)?.backend;
          const isWaiting =
            backendOf(waiter)?.waitEventType === 'Lock' && backendOf(busy)?.state === 'active';
          // The error is answered before the title says what it has left.
          const isAborted = backendOf(aborted)?.state === 'idle in transaction (aborted)';
          return isWaiting && isAborted ? shown : null;
        });
        // The title says first what the view says a moment later.
        const rows = await waitFor('the view to tell of the error too', async () => {
          const all = await admin.query(ACTIVITY);
          const own = all.find(({pid}) => pid === aborted?.pid);
          return own?.state === 'idle in transaction (aborted)' ? all : null;
        });
        const told = rows.map(({pid, is_client}) => {
          const {usename, datname, state, clientPort, backendType} =
            snapshot.byPid.get(Number(pid))?.backend ?? {};
          const isClient = backendType === 'client backend';
          return isClient
            ? {pid, usename, datname, state, client_port: clientPort, is_client: isClient}
            : {pid, is_client: isClient === is_client ? is_client : 'otherwise'};
        });
        const expected = rows.map(row => {
          // The asking one was idle when its title was read, and a name with a space is not cut on a guess.
          const asking = row.pid === admin.pid ? {state: 'idle'} : {};
          const unsure = row.pid === odd.pid ? {usename: null, datname: null} : {};
          return row.is_client ? {...row, ...asking, ...unsure} : {pid: row.pid, is_client: row.is_client};
        });
        expect(told).toEqual(expected);
        expect(snapshot.reading.server.version).toBe(String(major));
        expect(snapshot.byPid.get(busy?.pid ?? 0)?.backend.query).toBe('SELECT');
        for (const session of [holder, busy])
          await admin.query('SELECT pg_terminate_backend($1)', [session?.pid]);
      });
    },
    {cluster_name: 'main: [local] '},
  );

  describeOnMajors(
    'where update_process_title is off',
    cluster => {
      test('tell whose they are, and nothing of what they do', async () => {
        const {pid} = await cluster().connect();
        expect(processesOf(cluster()).byPid.get(pid)?.backend).toMatchObject({
          usename: cluster().user,
          datname: 'postgres',
          state: null,
        });
      });
    },
    {update_process_title: false},
    [Math.max(...majors)],
  );
});
