import {connect as connectTo} from 'node:net';
import {beforeAll, expect, test} from 'vitest';
import type {Backend} from '../../source/model/backend.ts';
import type {Snapshot} from '../../source/model/snapshot.ts';
import type {PreparedSession} from '../../source/postgres/prepare-monitoring.ts';
import type {Cluster, TestSession} from '../helpers/cluster.ts';
import {describeOnSharedServers, openMonitor, takeSnapshot} from '../helpers/monitoring.ts';
import {waitFor} from '../helpers/wait-for.ts';

function backendOf(snapshot: Snapshot, pid: number): Backend {
  const session = snapshot.byPid.get(pid);
  if (session === undefined) throw new Error(`${pid} is not in the snapshot`);
  return session.backend;
}

/** Logs in and runs a query of any bytes, which a driver would not send; the session stays until it is closed. */
async function runBytes(
  cluster: Cluster,
  database: string,
  query: Buffer,
): Promise<{readonly pid: number; close(): void}> {
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
  await waitFor(
    'the login',
    () => readyCount() === 1 || (socket.destroyed && console.log(answers.toString('latin1'))),
  );
  message('Q', Buffer.concat([query, Buffer.from([0])]));
  await waitFor('the answer to the bytes', () => readyCount() === 2);
  const key = answers.indexOf('K\0\0\0\x0c', 0, 'latin1');
  return {pid: answers.readInt32BE(key + 5), close: () => socket.destroy()};
}

const ESCAPE = '\u001b';

const ENCODINGS = ['UTF8', 'SQL_ASCII', 'LATIN1', 'KOI8R', 'EUC_JP', 'EUC_KR'];

/** Bytes of a query, which a server of another encoding, or of this one, cannot read. */
const BYTE_PATTERNS: Readonly<Record<string, readonly number[]>> = {
  'characters of UTF-8': [...Buffer.from('ěšč 日本語 ✓ 😀 \\101')],
  'no UTF-8': [0xc3, 0x28, 0xff, 0xfe, 0xf0, 0x9f, 0x80, 0x81, 0xed, 0xa0, 0x80, 0xe2, 0x82],
  'double bytes of EUC': [0xc6, 0xfc, 0xcb, 0xdc, 0xb8, 0xec, 0x8e, 0xb1, 0x8f, 0xb0, 0xa1],
  'controls, C1 as single bytes too': [
    0x1b, 0x5d, 0x35, 0x32, 0x3b, 0x07, 0x9b, 0x32, 0x4a, 0x90, 0x9d, 0x0d, 0x7f,
  ],
  'a character where the text is cut': [...Buffer.from(`${'a'.repeat(1_003)}${'語'.repeat(20)}`)],
};

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
    expect(queryOf(broken.pid)).toMatch(/^SELECT '\ufffd\(\ufffd.*' \/\* c$/);
  });

  test.each(ENCODINGS)(
    'fails no refresh for any bytes of a query in a database in %s, wherever it is read',
    async encoding => {
      const names = new Map(ENCODINGS.map(each => [each, `${each.toLowerCase()}_bytes`] as const));
      const known = await control.query("SELECT FROM pg_database WHERE datname LIKE '%\\_bytes'");
      for (const [each, name] of known.length > 0 ? [] : names)
        await control.query(
          `CREATE DATABASE ${name} ENCODING '${each}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`,
        );
      const sessions = [];
      for (const bytes of Object.values(BYTE_PATTERNS)) {
        const query = Buffer.concat([Buffer.from('-- '), Buffer.from(bytes)]);
        sessions.push(await runBytes(cluster(), names.get(encoding) ?? '', query));
      }
      const pids = sessions.map(({pid}) => pid);
      for (const database of names.values()) {
        const reader = await openMonitor(cluster(), {database});
        const first = await takeSnapshot(reader);
        const second = await takeSnapshot(reader);
        expect([first, second].map(({reading}) => reading.failures)).toEqual([[], []]);
        expect(pids.filter(pid => second.byPid.has(pid))).toEqual(pids);
        const texts = pids.map(pid => backendOf(second, pid).query);
        expect(texts.filter(text => /[\p{Cc}\p{Cs}\p{Cf}]/u.test(text))).toEqual([]);
        await reader.connection.close();
      }
      for (const session of sessions) session.close();
    },
  );

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
    // One question a refresh: names that other files make may be asked for before these.
    const backend = await waitFor('the names', async () => {
      const now = backendOf(await takeSnapshot(monitor), session.pid);
      const isNamed = now.usename !== String(now.usesysid) && now.datname !== String(now.datid);
      return isNamed ? now : null;
    });
    const {usename, datname, query, applicationName} = backend;
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
