import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {readProcessStat} from '../../source/model/process-stat.ts';
import {leastOfThree} from '../helpers/best-of.ts';
import {heavyRounds, isRelease} from '../helpers/heavy-rounds.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {describeOnServer, openPgtop} from './pgtop.ts';

const SECONDS = heavyRounds(4, 6, 60);
/** Of a core: of the server for the monitor's session, and of its own machine. On a busy machine processor time is counted coarsely. */
const MOST_SERVER_RATIO = isRelease ? 0.01 : 0.03;
const MOST_OWN_RATIO = isRelease ? 0.01 : 0.1;
/** Seconds before its own work is taken: at first Node compiles what it then runs. */
const WARM_UP = heavyRounds(0, 0, 60);
const TICKS_PER_SECOND = 100;
/** lock_timeout ends a wait after 250 ms. */
const MOST_WAIT_MS = isRelease ? 300 : 1_000;

const ticksOf = (pid: number) =>
  readProcessStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.cpuTicks ?? Number.NaN;

/** Has Node.js write down at its exit which of its own modules it has loaded. */
const TELLING = `import {writeFileSync} from 'node:fs';
process.on('exit', () => writeFileSync(process.env.LOADED_MODULES, process.moduleLoadList.join('\\n')));`;

describeOnServer('the footprint of a monitor', cluster => {
  test('holds no module of Node.js that a connection without TLS and password has no use for', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pgtop-modules-'));
    onTestFinished(() => rmSync(folder, {recursive: true}));
    const file = join(folder, 'loaded');
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(TELLING)}`;
    const terminal = await openPgtop(cluster(), [], {env: {NODE_OPTIONS, LOADED_MODULES: file}});
    await terminal.waitFor('Conn');
    terminal.press('q');
    expect((await terminal.exit()).code).toBe(0);
    const loaded = readFileSync(file, 'utf8').split('\n');
    expect(loaded).toContain('NativeModule net');
    const dear = ['tls', 'internal/crypto/keys', 'child_process', 'assert', 'http', 'https', 'readline'];
    expect(dear.filter(name => loaded.includes(`NativeModule ${name}`))).toEqual([]);
  });

  test(`on an idle server is one session, in no transaction, and little work, for ${SECONDS} s`, {
    timeout: (SECONDS + WARM_UP) * 1_000 + 90_000,
  }, async () => {
    const control = await cluster().connect();
    const terminal = await openPgtop(cluster(), [], {interval: '1', env: {PGAPPNAME: 'watcher'}});
    await terminal.waitFor(/ WAL [\d.]+/);
    const sample = () =>
      control.query<{pid: number; state: string; calm: boolean}>(
        "SELECT pid, state, state NOT LIKE 'idle in%' AS calm FROM pg_stat_activity WHERE application_name = 'watcher'",
      );
    const [first] = await sample();
    const pid = first?.pid ?? expect.fail('no session');
    let samples = 0;
    const watchFor = async (seconds: number) => {
      const startedAt = performance.now();
      await waitFor(
        'the time',
        async () => {
          const rows = await sample();
          samples += 1;
          expect(rows.map(row => [row.pid, row.calm])).toEqual([[pid, true]]);
          return performance.now() - startedAt > seconds * 1_000;
        },
        seconds * 1_000 + 30_000,
      );
    };
    await watchFor(WARM_UP);
    const [server, own, startedAt] = [ticksOf(pid), ticksOf(terminal.pid), performance.now()];
    await watchFor(SECONDS);
    const seconds = (performance.now() - startedAt) / 1_000;
    const ratio = (ticks: number) => ticks / TICKS_PER_SECOND / seconds;
    const ratios = {server: ratio(ticksOf(pid) - server), own: ratio(ticksOf(terminal.pid) - own)};
    console.log(`${samples} samples; of a core: the session ${ratios.server}, pgtop ${ratios.own}`);
    expect(ratios.server).toBeLessThan(MOST_SERVER_RATIO + 2 / TICKS_PER_SECOND / seconds);
    expect(ratios.own).toBeLessThan(MOST_OWN_RATIO);
    control.end();
  });

  test('is no wait for a lock beyond its bound while catalogs are locked', {
    timeout: 3 * SECONDS * 1_000 + 90_000,
  }, async () => {
    const terminal = await openPgtop(cluster(), [], {columns: 160, env: {PGAPPNAME: 'watcher'}});
    await terminal.waitFor('Conn');
    const holder = await cluster().connect();
    const [watcher] = await holder.query<{pid: number}>(
      "SELECT pid FROM pg_stat_activity WHERE application_name = 'watcher'",
    );
    await holder.query('BEGIN; LOCK TABLE pg_catalog.pg_authid, pg_catalog.pg_database, pg_catalog.pg_class');
    await terminal.waitFor('locked by');
    let count = 0;
    const longestWait = async () => {
      let waitedFor: string | null = null;
      let waitsFrom = 0;
      let longest = 0;
      const startedAt = performance.now();
      while (performance.now() - startedAt < SECONDS * 1_000) {
        const rows = await holder.query<{lock: string}>(
          'SELECT l::text AS lock FROM pg_lock_status() l WHERE l.pid = $1 AND NOT l.granted',
          [watcher?.pid],
        );
        const now = performance.now();
        const lock = rows[0]?.lock ?? null;
        // Between two looks one wait may end and the next begin: then the row, which tells the relation and the start, is another.
        if (lock !== waitedFor) {
          [waitedFor, waitsFrom] = [lock, now];
          if (lock !== null) count += 1;
        }
        longest = Math.max(longest, waitedFor === null ? 0 : now - waitsFrom);
      }
      return longest;
    };
    const longestMs = await leastOfThree(MOST_WAIT_MS, longestWait);
    await holder.query('COMMIT');
    holder.end();
    console.log(`${count} waits, the longest ${Math.round(longestMs)} ms`);
    expect(longestMs).toBeLessThan(MOST_WAIT_MS);
    terminal.press('q');
    expect(await terminal.exit()).toEqual({code: 0, signal: null, leftovers: []});
  });
});
