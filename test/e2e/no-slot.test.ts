import {
  appendFileSync,
  chmodSync,
  chownSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test} from 'vitest';
import {processExists} from '../../source/demo/owner.ts';
import {serverAccount} from '../../source/demo/server-account.ts';
import {type Cluster, startCluster, type TestSession} from '../helpers/cluster.ts';
import {isRelease} from '../helpers/heavy-rounds.ts';
import {majors, missingReason, programsOfMajor} from '../helpers/servers.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {ask, openPgtop, type Seat} from './pgtop.ts';
import {messageLine} from './read-screen.ts';

const newest = Math.max(...majors);
const isMissing = programsOfMajor(newest) === null;
const isLinux = process.platform === 'linux';
const isRoot = process.geteuid?.() === 0;
const MOST = 100;
/** Until the list is there, and until the normal view is back; on a busy machine milliseconds are worth little. */
const MOST_LIST_MS = isRelease ? 2_000 : 10_000;
const MOST_BACK_MS = isRelease ? 3_000 : 10_000;
/** An account that has nothing to do with the server. */
const STRANGER = {uid: 1, gid: 1};

/** A folder that an account may write to, gone after the test. */
function folderOf({uid, gid}: {readonly uid?: number; readonly gid?: number}): string {
  const folder = mkdtempSync(join(tmpdir(), 'pgtop-full-'));
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
  return folder;
}

/** Words that run a program as another account, for root. */
function as({uid, gid}: {readonly uid?: number; readonly gid?: number}): readonly string[] {
  if (uid === undefined || gid === undefined) return [];
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--'];
}

describe.skipIf(isMissing || !isLinux)(
  `on the host of a server whose ${MOST} slots are taken${isMissing ? `, ${missingReason(newest)}` : ''}`,
  () => {
    const servers: Cluster[] = [];
    const cluster = (): Cluster => {
      const [first] = servers;
      if (first === undefined) throw new Error('the server is there inside tests and hooks only');
      return first;
    };
    const taken = new Map<number, TestSession>();
    /** Takes another slot, where there is one, and holds those whose session lives. */
    const takeOne = async () => {
      for (const [pid, session] of taken) if (session.hasEnded() || !processExists(pid)) taken.delete(pid);
      const session = await cluster()
        .connect({applicationName: 'web'})
        .catch(() => null);
      if (session !== null) taken.set(session.pid, session);
    };
    /** Takes all slots but so many. One whose session is just ending is waited for. */
    const takeAll = (others = 0) =>
      waitFor('every slot', async () => {
        await takeOne();
        return taken.size === MOST - others;
      });
    const free = (count: number) => {
      for (const [pid, session] of [...taken].slice(-count)) {
        session.end();
        taken.delete(pid);
      }
    };
    beforeAll(async () => {
      servers.push(await startCluster(newest, {max_connections: MOST}));
      await ask(cluster(), "CREATE ROLE guarded LOGIN PASSWORD 'sesame' IN ROLE pg_monitor");
    });
    beforeEach(() => takeAll());
    afterAll(() => cluster().stop());

    const openFull = (words: readonly string[] = [], seat: Seat = {}, log = 'none') =>
      openPgtop(cluster(), ['--audit-log', log, ...words], {columns: 120, interval: '1', ...seat});

    test("the server's account sees its processes, ends one by key, and has the normal view again", async () => {
      const account = await serverAccount();
      const log = join(folderOf(account), 'audit.jsonl');
      const seat = {wrapper: as(account), env: {HOME: tmpdir()}};
      const terminal = await openFull(['--sort', 'pid:asc'], seat, log);
      const list = await terminal.waitFor(`clients · 1 of ${MOST}`);
      const listedMs = performance.now() - terminal.startedAt;
      expect(list.text).toMatch(/^ No free slot: sorry, too many clients already · trying again/m);
      expect(list.text).toMatch(
        /^ Process table of this machine, [\d.]+m?s old: c sends SIGINT, k SIGTERM to one/m,
      );
      const [, text = ''] = /^ *(\d+) pgtop +postgres +local +idle /m.exec(list.text) ?? [];
      const pid = Number(text);
      terminal.press('k');
      const dialog = await terminal.waitFor('y terminates it');
      expect(dialog.text).toContain(`Terminate ${pid}?`);
      const pressedAt = terminal.press('y');
      await terminal.waitFor(/^Conn\w* \d+\/100/m);
      const backMs = performance.now() - pressedAt;
      console.log(
        `listed ${Math.round(listedMs)} ms after the start, normal ${Math.round(backMs)} ms after y`,
      );
      const outcome = new RegExp(`${pid} ended after \\d+ ms\\.`);
      await terminal.waitFor(screen => outcome.test(messageLine(screen)));
      expect([processExists(pid), listedMs < MOST_LIST_MS, backMs < MOST_BACK_MS]).toEqual([
        false,
        true,
        true,
      ]);
      const records = readFileSync(log, 'utf8')
        .trim()
        .split('\n')
        .map(line => JSON.parse(line));
      expect(records.map(({event, result, target, message}) => [event, result, target.pid, message])).toEqual(
        [
          ['signal', null, pid, 'SIGTERM by the operating system: no session could be had (53300)'],
          ['outcome', 'ended', pid, null],
        ],
      );
      terminal.press('q');
      expect(await terminal.exit()).toEqual({code: 0, signal: null, leftovers: []});
    });

    test('a monitor that has lost its session shows them too, and cancels what one runs', async () => {
      free(5);
      const terminal = await openFull([], {env: {PGAPPNAME: 'watcher'}});
      await terminal.waitFor(/^Conn/m);
      const [busy] = [...taken.values()];
      const outcome = busy?.backgroundQuery('SELECT pg_sleep(600)');
      await takeAll(1);
      const other = [...taken.values()].find(session => session !== busy);
      // Again and again: pgtop may be the first to have the slot.
      await waitFor('the slot of pgtop', async () => {
        await other?.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'watcher'",
        );
        await takeOne();
        return taken.size === MOST && /No free slot/.test(terminal.screen().text);
      });
      await terminal.waitFor('Process table of this machine');
      terminal.press('/');
      terminal.type(`pid:${busy?.pid}`);
      terminal.press('enter');
      await terminal.waitFor('clients · 1 of 1 ');
      terminal.press('c');
      await terminal.waitFor('y cancels it');
      terminal.press('y');
      await terminal.waitFor(new RegExp(`${busy?.pid}: query cancelled after \\d+ ms\\.`));
      expect(await outcome).toMatchObject({type: 'failed', error: {code: '57014'}});
      free(1);
      const freeAt = performance.now();
      await terminal.waitFor(screen => !screen.text.includes('No free slot'));
      expect(performance.now() - freeAt).toBeLessThan(MOST_BACK_MS);
    });

    test.each([
      ['--read-only', ['--read-only'], {}],
      ['PGTOP_READ_ONLY', [], {PGTOP_READ_ONLY: 'local'}],
    ])('%s lets no process be signalled', async (_, words, env) => {
      const terminal = await openFull(words, {env});
      await terminal.waitFor(`of ${MOST}`);
      await terminal.waitFor('old: pgtop is read-only');
      for (const key of ['k', 'c', 'f9']) {
        terminal.press(key);
        await terminal.waitFor('no signal can be sent');
        terminal.press('down');
        await terminal.waitFor(screen => !screen.text.includes('no signal can be sent'));
      }
    });

    test.runIf(isRoot)('another account may look at most, and is told whose right it is', async () => {
      chmodSync(cluster().socketFolder, 0o711);
      onTestFinished(() => chmodSync(cluster().socketFolder, 0o700));
      const terminal = await openFull([], {wrapper: as(STRANGER), env: {HOME: tmpdir()}});
      await terminal.waitFor(/only its own account or root may see|only \w+ or root may send signals here/);
      terminal.press('k');
      await terminal.waitFor(
        /There is no session under the cursor|: only \w+ or root may send signals here\./,
      );
      expect([...taken.keys()].every(processExists)).toBe(true);
    });

    test('a password that is wanted as soon as a slot is free is asked for on the terminal', async () => {
      const hba = join(cluster().socketFolder, 'data', 'pg_hba.conf');
      const before = readFileSync(hba, 'utf8');
      const [session] = [...taken.values()];
      writeFileSync(hba, 'local all guarded password\n');
      appendFileSync(hba, before);
      await session?.query('SELECT pg_reload_conf()');
      onTestFinished(async () => {
        writeFileSync(hba, before);
        await ask(cluster(), 'SELECT pg_reload_conf()');
      });
      const terminal = await openFull([], {user: 'guarded'});
      await terminal.waitFor(`of ${MOST}`);
      free(5);
      await terminal.waitFor('Password for user guarded:');
      // Key by key: another reader of the terminal would get some of them.
      for (const key of 'sesame\r') {
        terminal.type(key);
        await new Promise(setImmediate);
      }
      await terminal.waitFor(/^Conn/m);
      terminal.press('q');
      expect(await terminal.exit()).toMatchObject({code: 0, leftovers: []});
    });
  },
);
