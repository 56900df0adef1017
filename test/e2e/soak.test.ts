import {readdirSync, readFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {expect, onTestFinished, test} from 'vitest';
import type {Cluster} from '../helpers/cluster.ts';
import {heavyRounds} from '../helpers/heavy-rounds.ts';
import {ask, describeOnServer, openPgtop, pidsOf} from './pgtop.ts';

/** Seconds of refreshes at 20 a second: PGTOP_TEST_SOAK, or 36,000 refreshes before a release. */
const SECONDS = Number(process.env.PGTOP_TEST_SOAK ?? heavyRounds(15, 20, 1_800));
const REFRESH_MS = 50;
/** The share of the time after which memory is taken for warm. */
const WARM = 0.3;
const SAMPLE_MS = Math.max(250, SECONDS * 10);
const MEGABYTE = 2 ** 20;
/** In minutes a heap that V8 still sizes and one that leaks look the same: only a long soak tells ten megabytes. */
const MOST_GROWTH = (SECONDS >= 600 ? 10 : 60) * MEGABYTE;
const MOST_BACKEND_GROWTH = MEGABYTE;
/** A backend fills its caches first: a shorter soak would take that for a leak. */
const WARM_BACKEND_SECONDS = 60;

/** Bytes of a process as the kernel tells them in /proc/PID/status. */
function memoryOf(pid: number, name: 'VmRSS' | 'RssAnon'): number {
  const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(
    readFileSync(`/proc/${pid}/status`, 'utf8'),
  );
  return Number(kilobytes?.[1]) * 1_024;
}

const middle = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Sessions that come and go, with queries of other texts all the time, and now and then one that waits for a lock. */
async function keepBusy(cluster: Cluster, until: () => boolean): Promise<void> {
  for (let turn = 0; !until(); turn++) {
    const [holder, waiter] = [
      await cluster.connect(),
      await cluster.connect({applicationName: `worker ${turn}`}),
    ];
    await holder.query(`BEGIN; SELECT pg_advisory_xact_lock(32) /* turn ${turn} */`);
    const waiting = waiter.backgroundQuery(`SELECT pg_advisory_lock(32), ${turn}`);
    await sleep(200);
    await holder.query('COMMIT');
    await waiting;
    holder.end();
    waiter.end();
  }
}

describeOnServer('a long run', cluster => {
  test(`of ${SECONDS} s at 20 refreshes a second leaves memory, sockets and the backend as they were`, {
    timeout: SECONDS * 1_000 + 60_000,
  }, async () => {
    const terminal = await openPgtop(cluster(), ['--view', 'all'], {
      columns: 160,
      rows: 45,
      env: {PGAPPNAME: 'watcher'},
    });
    await terminal.waitFor('Conn');
    const [backend] = await pidsOf(cluster(), 'watcher');
    const commits = async () => {
      const [row] = await ask(
        cluster(),
        "SELECT xact_commit::int AS n FROM pg_stat_database WHERE datname = 'postgres'",
      );
      return Number(row?.n);
    };
    const before = await commits();
    const startedAt = performance.now();
    const share = () => (performance.now() - startedAt) / (SECONDS * 1_000);
    const pressing = setInterval(() => terminal.press('R'), REFRESH_MS);
    onTestFinished(() => clearInterval(pressing));
    const busy = keepBusy(cluster(), () => share() >= 1);
    const samples = [];
    while (share() < 1) {
      await sleep(SAMPLE_MS);
      samples.push({
        share: share(),
        resident: memoryOf(terminal.pid, 'VmRSS'),
        backend: memoryOf(Number(backend), 'RssAnon'),
        descriptors: readdirSync(`/proc/${terminal.pid}/fd`).length,
      });
    }
    await busy;
    clearInterval(pressing);
    const perSecond = ((await commits()) - before) / SECONDS;
    const warm = samples.filter(sample => sample.share > WARM);
    const part = Math.ceil(warm.length / 5);
    const [first, last] = [warm.slice(0, part), warm.slice(-part)];
    const growthOf = (figure: 'resident' | 'backend' | 'descriptors') =>
      middle(last.map(sample => sample[figure])) - middle(first.map(sample => sample[figure]));
    const growth = {
      resident: growthOf('resident'),
      backend: growthOf('backend'),
      descriptors: growthOf('descriptors'),
    };
    console.log(
      `${SECONDS} s, ${perSecond.toFixed(1)} statements/s, ${(middle(last.map(({resident}) => resident)) / MEGABYTE).toFixed(0)} MB, growth:`,
      JSON.stringify(growth),
    );
    expect(perSecond).toBeGreaterThan(5);
    expect(growth.resident).toBeLessThan(MOST_GROWTH);
    if (SECONDS >= WARM_BACKEND_SECONDS) expect(growth.backend).toBeLessThan(MOST_BACKEND_GROWTH);
    // One may be open just while it is looked.
    expect(growth.descriptors).toBeLessThanOrEqual(1);
    expect(await pidsOf(cluster(), 'watcher')).toEqual([backend]);
    expect(terminal.bytes.count('MaxListenersExceededWarning')).toBe(0);
    terminal.press('q');
    expect(await terminal.exit()).toEqual({code: 0, signal: null, leftovers: []});
  });
});
