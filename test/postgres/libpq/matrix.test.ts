import {execFile, spawnSync} from 'node:child_process';
import {chmodSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir, userInfo} from 'node:os';
import {dirname, join} from 'node:path';
import {parseArgs, promisify} from 'node:util';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {readUserFile} from '../../../source/host/read-user-file.ts';
import {createConnector} from '../../../source/postgres/connect-plan.ts';
import type {ConnectionRequest} from '../../../source/postgres/resolve-connection/connection-request.ts';
import {resolveConnection} from '../../../source/postgres/resolve-connection/resolve-connection.ts';
import {CELLS, type Cell} from './cells.ts';
import {makeAuthority} from './certificates.ts';
import {type FakeServer, type Heard, startFakeServer} from './fake-server.ts';

/** Debian's /usr/bin/psql is a script that chooses a cluster and sets PGHOST; the program itself stands elsewhere. */
const PSQL = globSync('/usr/lib/postgresql/*/bin/psql').at(-1) ?? 'psql';
const VERSION = spawnSync(PSQL, ['--version'], {encoding: 'utf8'}).stdout;
const missing = VERSION === null ? 'psql is not installed, so there is nothing to compare with' : null;

/** Where a client came in and what it said there; null when it got in nowhere. */
type Outcome = {
  readonly server: string;
  readonly isTls: boolean;
  readonly said: Readonly<
    Record<'user' | 'database' | 'application' | 'options' | 'password', string | null | undefined>
  >;
} | null;

describe.skipIf(missing !== null)(
  `pgtop goes where psql goes${missing === null ? '' : `: ${missing}`}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'pgtop-libpq-'));
    const heard: Heard[] = [];
    const names = new Map<string, string>();
    const stops: (() => void)[] = [];
    let homes = 0;

    const start = async (role: Omit<FakeServer, 'at'> & {readonly at?: FakeServer['at']}) => {
      const {port, stop} = await startFakeServer({at: {host: '127.0.0.1'}, ...role}, heard);
      names.set(role.name, String(port));
      stops.push(stop);
    };

    beforeAll(async () => {
      const authority = await makeAuthority(folder);
      const stranger = await makeAuthority(folder, 'stranger');
      const trusted = await authority.sign('trusted', 'server', 'DNS:localhost');
      const revoked = await authority.sign('revoked', 'server', 'DNS:localhost');
      const client = await authority.sign('client', 'u');
      names.set('ca', authority.file);
      names.set('caText', readFileSync(authority.file, 'utf8'));
      names.set('crl', await authority.revoke('revoked'));
      names.set('clientText', client.cert);
      names.set('keyText', client.key);
      names.set('dir', folder);
      names.set('dirTail', folder.slice(1).replaceAll('/', '%2F'));
      names.set('closed', String(await closedPort()));
      for (const name of ['a', 'b', 'c']) await start({name});
      await start({name: 'socket', at: {path: join(folder, '.s.PGSQL.5432')}});
      await start({name: 'v6', at: {host: '::1'}});
      await start({name: 'pw', asksPassword: true});
      await start({name: 'standby', inRecovery: true});
      await start({name: 'readonly', readOnly: true});
      await start({name: 'starting', error: '57P03'});
      await start({name: 'crowded', error: '53300'});
      await start({name: 'trusted', tls: trusted});
      await start({name: 'tlsonly', tls: trusted, refuses: 'plaintext'});
      await start({name: 'plainonly', tls: trusted, refuses: 'tls'});
      await start({
        name: 'misnamed',
        tls: await authority.sign('misnamed', 'localhost', 'DNS:other.example'),
      });
      await start({name: 'addressed', tls: await authority.sign('addressed', 'x', 'IP:127.0.0.1')});
      await start({name: 'common', tls: await authority.sign('common', 'localhost')});
      await start({name: 'unknown', tls: await stranger.sign('unknown', 'localhost', 'DNS:localhost')});
      await start({name: 'revoked', tls: revoked});
    });

    afterAll(() => {
      for (const stop of stops) stop();
      rmSync(folder, {recursive: true});
    });

    const filled = (text: string): string =>
      text.replace(/\{(\w+)\}/g, (whole, name: string) => names.get(name) ?? whole);

    const makeHome = ({files = {}, openFiles = {}}: Cell): string => {
      const home = join(folder, `home${homes++}`);
      names.set('home', home);
      mkdirSync(home);
      for (const [contents, mode] of [
        [files, 0o600],
        [openFiles, 0o644],
      ] as const) {
        for (const [name, text] of Object.entries(contents)) {
          mkdirSync(dirname(join(home, name)), {recursive: true});
          writeFileSync(join(home, name), filled(text));
          chmodSync(join(home, name), mode);
        }
      }
      return home;
    };

    const outcome = (): Outcome => {
      const last = heard.filter(({isIn}) => isIn).at(-1);
      if (last === undefined) return null;
      const {user, database, application_name: application, options = ''} = last.startup;
      const isOwnName = application === 'psql' || application === 'pgtop';
      const said = {
        user,
        database,
        application: isOwnName ? 'its own' : application,
        options,
        password: last.password,
      };
      return {server: last.server, isTls: last.isTls, said};
    };

    const askPsql = async (words: readonly string[], env: Readonly<Record<string, string>>) => {
      heard.length = 0;
      const question = ['-X', '-w', '-At', '-c', 'SELECT 1', ...words];
      const complaint = await promisify(execFile)(PSQL, question, {env}).then(
        () => null,
        (error: {stderr: string}) => error.stderr,
      );
      return {outcome: complaint === null ? outcome() : null, words: complaint};
    };

    const askPgtop = async (words: readonly string[], env: Readonly<Record<string, string>>) => {
      heard.length = 0;
      try {
        const plan = resolveConnection({
          ...typed(words),
          environment: env,
          osUser: userInfo().username,
          homeFolder: env.HOME,
          readFile: readUserFile,
        });
        const never = () => Promise.reject(new Error('asked for a password'));
        const connection = await createConnector(plan, readUserFile, never).open();
        const found = outcome();
        await connection.close();
        return {outcome: found, words: null};
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        return {outcome: null, words: error.message};
      }
    };

    const cells = Object.entries(CELLS).flatMap(([part, all]) =>
      all.map(
        (cell, index) => [`${part} ${index + 1}: ${JSON.stringify(cell).slice(0, 150)}`, cell] as const,
      ),
    );

    test('has at least 150 cells', () => {
      expect(cells.length).toBeGreaterThanOrEqual(150);
      console.log(`${cells.length} cells against ${VERSION.trim()}`);
    });

    test.each(cells)('%s', async (_, cell) => {
      const home = makeHome(cell);
      const env: Record<string, string> = {PATH: process.env.PATH ?? '', HOME: home, LC_ALL: 'C'};
      for (const [name, value] of Object.entries(cell.env ?? {})) env[name] = filled(value);
      const words = (cell.words ?? []).map(filled);
      const theirs = await askPsql(words, env);
      const ours = await askPgtop(words, env);
      if (cell.refusal !== undefined) {
        expect(ours).toEqual({outcome: null, words: expect.stringMatching(cell.refusal)});
        return;
      }
      const expected = theirs.outcome?.said.application === undefined ? withoutName : (it: Outcome) => it;
      expect(expected(ours.outcome), `psql: ${theirs.words}, pgtop: ${ours.words}`).toEqual(theirs.outcome);
    });
  },
);

/** An empty application name is pgtop's own or its fallback: a monitor should be known for what it is. */
function withoutName(found: Outcome): Outcome {
  return found === null ? null : {...found, said: {...found.said, application: undefined}};
}

/** What pgtop makes of the words of a command line; none of them ever asks for a password. */
function typed(words: readonly string[]): Pick<ConnectionRequest, 'argument' | 'options'> {
  const {values, positionals} = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      host: {type: 'string', short: 'h'},
      port: {type: 'string', short: 'p'},
      username: {type: 'string', short: 'U'},
      dbname: {type: 'string', short: 'd'},
    },
  });
  return {argument: positionals[0], options: {...values, noPassword: true}};
}

/** A port that nobody listens at. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  await new Promise(resolve => server.close(resolve));
  return port;
}
