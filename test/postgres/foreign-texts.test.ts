import {connect as connectTo} from 'node:net';
import {beforeAll, expect, test} from 'vitest';
import type {Backend} from '../../source/model/backend.ts';
import type {Snapshot} from '../../source/model/snapshot.ts';
import type {PreparedSession} from '../../source/postgres/poller.ts';
import type {Cluster, TestSession} from '../helpers/cluster.ts';
import {describeOnSharedServers, openMonitor, takeSnapshot} from '../helpers/monitoring.ts';
import {waitFor} from '../helpers/wait-for.ts';

function backendOf(snapshot: Snapshot, pid: number): Backend {
  const session = snapshot.byPid.get(pid);
  if (session === undefined) throw new Error(`${pid} is not in the snapshot`);
  return session.backend;
}

/** Logs in and runs a query of any bytes, which a driver would not send; the session stays until the server goes. */
async function runBytes(cluster: Cluster, database: string, query: Buffer): Promise<number> {
  const socket = connectTo(`${cluster.socketFolder}/.s.PGSQL.${cluster.port}`);
  const message = (type: string, body: Buffer) => {
    const head = Buffer.alloc(4);
    head.writeInt32BE(body.length + 4);
    socket.write(Buffer.concat([Buffer.from(type), head, body]));
  };
  const startup = `\0\x03\0\0user\0${cluster.user}\0database\0${database}\0application_name\0raw\0\0`;
  message('', Buffer.from(startup));
  let answers = Buffer.alloc(0);
  socket.on('data', data => {
    answers = Buffer.concat([answers, data]);
  });
  const readyCount = () => answers.toString('latin1').split('Z\0\0\0\x05').length - 1;
  await waitFor('the login', () => readyCount() === 1);
  message('Q', Buffer.concat([query, Buffer.from([0])]));
  await waitFor('the answer to the bytes', () => readyCount() === 2);
  const key = answers.indexOf('K\0\0\0\x0c', 0, 'latin1');
  return answers.readInt32BE(key + 5);
}

const ESCAPE = '\u001b';

describeOnSharedServers('texts of other people', cluster => {
  let monitor: PreparedSession;
  let control: TestSession;

  beforeAll(async () => {
    control = await cluster().connect();
    monitor = await openMonitor(cluster());
    await monitor.collector.collect();
  });

  test('decodes the texts of databases in other encodings, whatever bytes they hold', async () => {
    const databaseIn = (encoding: string) => `${encoding.toLowerCase()}_texts`;
    for (const encoding of ['LATIN1', 'SQL_ASCII', 'EUC_JP', 'KOI8R']) {
      await control.query(
        `CREATE DATABASE ${databaseIn(encoding)} ENCODING '${encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`,
      );
    }
    const latin1 = await cluster().connect({database: databaseIn('LATIN1')});
    await latin1.query("SELECT 'Käse für 5 ¥ \\ \\101'");
    const russian = await cluster().connect({database: databaseIn('KOI8R')});
    await russian.query("SELECT 'приказ'");
    const japanese = await cluster().connect({database: databaseIn('EUC_JP')});
    await japanese.query("SELECT '日本語'");
    const ascii = await cluster().connect({database: databaseIn('SQL_ASCII')});
    await ascii.query("SELECT 'ěšč ✓'");
    const bytes = Buffer.from([0xc3, 0x28, 0xff, 0xfe, 0xf0, 0x9f, 0x80, 0x81, 0xed, 0xa0, 0x80, 0xe2, 0x82]);
    const broken = await runBytes(
      cluster(),
      databaseIn('SQL_ASCII'),
      Buffer.concat([Buffer.from("SELECT '"), bytes, Buffer.from("' /* c")]),
    );
    const snapshot = await takeSnapshot(monitor);
    const failed = snapshot.reading.failures;
    await monitor.collector.collect();
    const later = await takeSnapshot(monitor);
    expect([failed, later.reading.failures]).toEqual([[], []]);
    const queryOf = (pid: number) => backendOf(later, pid).query;
    expect(queryOf(latin1.pid)).toBe("SELECT 'Käse für 5 ¥ \\ \\101'");
    expect(queryOf(russian.pid)).toBe("SELECT 'приказ'");
    expect(queryOf(japanese.pid)).toBe("SELECT '日本語'");
    expect(queryOf(ascii.pid)).toBe("SELECT 'ěšč ✓'");
    expect(queryOf(broken)).toMatch(/^SELECT '\ufffd\(\ufffd.*' \/\* c$/);
  });

  test('carries no control sequence out of a query text, a name or an application name', async () => {
    const hostile = `a${ESCAPE}]52;c;cm0gLXJm\u0007b\u009b2Jc\u202edc\r\n\t\u0000`.replaceAll('\0', '');
    await control.query(`CREATE ROLE "r${hostile}" LOGIN`);
    await control.query(`CREATE DATABASE "d${hostile}"`);
    const session = await cluster().connect({
      user: `r${hostile}`,
      database: `d${hostile}`,
      applicationName: `x${ESCAPE}[31m`,
    });
    await session.query(`SELECT 1 /* ${hostile} */`);
    await monitor.collector.collect();
    const {usename, datname, query, applicationName} = backendOf(await takeSnapshot(monitor), session.pid);
    const shown = 'a␛]52;c;cm0gLXJm␇b·2Jc·dc ';
    expect({usename, datname, query}).toEqual({
      usename: `r${shown}`,
      datname: `d${shown}`,
      query: `SELECT 1 /* ${shown}*/`,
    });
    expect(applicationName).toMatch(/^x[ -~]+$/);
  });

  test('masks passwords in query texts', async () => {
    const session = await cluster().connect();
    await session.query("CREATE ROLE secretive PASSWORD 'hunter2'");
    expect(backendOf(await takeSnapshot(monitor), session.pid).query).toBe(
      "CREATE ROLE secretive PASSWORD '***'",
    );
  });
});
