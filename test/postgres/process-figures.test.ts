import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {beforeAll, expect, test} from 'vitest';
import {createLocalFigures} from '../../source/commands/local-figures.ts';
import {createHostReader} from '../../source/host/host-reader.ts';
import {NO_PROCESSES, type ProcessFigures} from '../../source/model/process-figures.ts';
import type {Reading, ReadingNeeds} from '../../source/model/snapshot.ts';
import type {Connection} from '../../source/postgres/connection.ts';
import type {PreparedSession} from '../../source/postgres/prepare-monitoring.ts';
import type {TestSession} from '../helpers/cluster.ts';
import {describeOnOwnServers, openMonitor} from '../helpers/monitoring.ts';
import {type OsProcess, osProcess, psCpuSeconds} from '../helpers/os-process.ts';
import {waitFor} from '../helpers/wait-for.ts';

/** Processor time, and temporary files that are written all the while. */
const BUSY = `DO $$ BEGIN LOOP PERFORM count(*) FROM generate_series(1, 400000); END LOOP; END $$`;

const HOST = createHostReader(2);

const needsOf = (...pids: readonly number[]): ReadingNeeds => ({
  meters: false,
  progress: false,
  processes: {visible: pids.map(pid => ({pid, backendStart: null})), others: []},
});

/** What two processes are told to take, between two looks at the operating system. */
type Bracketed = {
  readonly before: readonly OsProcess[];
  readonly readings: readonly Reading[];
  readonly after: readonly OsProcess[];
};

/** A look may take so long, and what is compared has to last this many times as long as its two looks. */
const LONGEST_BLUR_MS = 100;
const SHARPNESS = 50;
/** Figures of a process that was not read for a quarter of a minute are forgotten. */
const LONGEST_STRETCH_MS = 12_000;

const blurMs = ({before, after}: Bracketed) => (after.at(-1)?.atMs ?? 0) - (before[0]?.atMs ?? 0);

/** The least and the most that a counter of the operating system can have grown a second between two readings, each of which lies between its two looks. */
function boundsOf(from: Bracketed, to: Bracketed, index: number, counter: (look: OsProcess) => number) {
  const looks = [from.before[index], from.after[index], to.before[index], to.after[index]];
  const [first, second, third, fourth] = looks.map(look => {
    if (look === undefined) throw new Error('both processes are looked at');
    return {counted: counter(look), ms: look.atMs};
  }) as [Look, Look, Look, Look];
  return {
    least: ((third.counted - second.counted) / (fourth.ms - first.ms)) * 1_000,
    most: ((fourth.counted - first.counted) / (third.ms - second.ms)) * 1_000,
  };
}

type Look = {readonly counted: number; readonly ms: number};

/** Within 5 % of what the operating system says, and nothing where there is nothing. */
function expectAgreement(
  figure: number | null | undefined,
  {least, most}: ReturnType<typeof boundsOf>,
): void {
  expect(figure).toBeGreaterThanOrEqual(least * 0.95);
  expect(figure).toBeLessThanOrEqual(most * 1.05);
}

const figuresOf = ({processes}: Reading, pid: number): ProcessFigures => {
  const figures = new Map(processes.figures).get(pid);
  if (figures === undefined) throw new Error(`${pid} was not read`);
  return figures;
};

/** Writes a file's pages out and drops them from memory, so that who reads it next reads from storage. */
function dropFromMemory(file: string): void {
  execFileSync('dd', [`of=${file}`, 'conv=notrunc,fdatasync', 'count=0'], {stdio: 'ignore'});
  execFileSync('dd', [`if=${file}`, 'iflag=nocache', 'count=0'], {stdio: 'ignore'});
}

describeOnOwnServers('figures of processes', (cluster, major) => {
  let control: TestSession;

  beforeAll(async () => {
    control = await cluster().connect({applicationName: 'control'});
  });

  test("agree with the operating system's own within 5 %, read here and through the server", async () => {
    const monitor = await openMonitor(cluster());
    const local = createLocalFigures(monitor.capabilities.own, HOST);
    const [busy, reader] = [await cluster().connect(), await cluster().connect()];
    const pids = [busy.pid, reader.pid];
    const file = join(cluster().socketFolder, 'data', 'drop.bin');
    await reader.query(`COPY (SELECT repeat('x', 8000) FROM generate_series(1, 4000)) TO '${file}'`);
    await reader.query("SELECT set_config('pgtop.ballast', repeat('x', 20000000), false)");
    dropFromMemory(file);
    void busy.backgroundQuery(BUSY);

    const look = () => pids.map(osProcess);
    const bracketed = async (): Promise<Bracketed> => {
      const before = look();
      const throughServer = await monitor.collector.collect(needsOf(...pids));
      local.askServer(needsOf(...pids));
      const here = local.complete({...throughServer, processes: NO_PROCESSES});
      return {before, readings: major < 11 ? [here] : [throughServer, here], after: look()};
    };
    const {from, to} = await waitFor(
      'two readings with little between them and what they are compared with',
      async () => {
        const from = await bracketed();
        if (blurMs(from) > LONGEST_BLUR_MS) return null;
        await reader.query("SELECT length(pg_read_binary_file('drop.bin'))");
        const since = () => {
          const [begun, now] = [from.after[0]?.atMs ?? 0, osProcess(busy.pid)];
          return {ms: now.atMs - begun, cpu: now.cpuSeconds - (from.after[0]?.cpuSeconds ?? 0)};
        };
        await waitFor('a stretch to compare, or too long a one', () => {
          const {ms, cpu} = since();
          return (cpu > 1 && ms > 2 * SHARPNESS * blurMs(from)) || ms > LONGEST_STRETCH_MS;
        });
        const {ms, cpu} = since();
        const to = await bracketed();
        if (cpu > 1 && ms > SHARPNESS * (blurMs(from) + blurMs(to))) return {from, to};
        dropFromMemory(file);
        return null;
      },
      150_000,
    );
    for (const [index, pid] of pids.entries()) {
      const memory = (to.after[index]?.anonymousKb ?? 0) * 1_024;
      for (const reading of to.readings) {
        const figures = figuresOf(reading, pid);
        const bounds = (counter: (look: OsProcess) => number) => boundsOf(from, to, index, counter);
        expectAgreement(
          figures.cpuShare,
          bounds(look => look.cpuSeconds),
        );
        expectAgreement(
          figures.readPerSecond,
          bounds(look => look.readBytes),
        );
        expectAgreement(
          figures.writePerSecond,
          bounds(look => look.writeBytes),
        );
        if (pid === reader.pid) expectAgreement(figures.memoryBytes, {least: memory, most: memory});
      }
    }
    expect(to.readings.map(({processes}) => processes.source)).toEqual(
      major < 11 ? ['host'] : ['server', 'host'],
    );
    expect(to.after[1]?.anonymousKb).toBeGreaterThan(19_000);
    const [psSeconds, laterSeconds] = [psCpuSeconds(busy.pid), osProcess(busy.pid).cpuSeconds];
    expect(psSeconds).toBeGreaterThan((to.after[0]?.cpuSeconds ?? 0) - 1.5);
    expect(psSeconds).toBeLessThan(laterSeconds + 1.5);
    busy.end();
    reader.end();
  }, 180_000);

  test('are not known of another process than the session is on, whatever its pid', async () => {
    const monitor = await openMonitor(cluster());
    const {own} = monitor.capabilities;
    const reading = await monitor.collector.collect();
    for (const other of [
      {...own, pid: process.pid},
      {...own, backendStart: (own.backendStart ?? 0) - 1e8},
    ]) {
      const local = createLocalFigures(other, HOST);
      expect(local.askServer(needsOf(control.pid)).processes).not.toBeNull();
      const {processes} = local.complete({...reading, own: other});
      expect(processes).toMatchObject({source: null, figures: []});
    }
    const local = createLocalFigures({...own, pid: process.pid}, HOST);
    local.askServer(needsOf(control.pid, process.pid));
    const {processes} = local.complete(reading);
    expect([processes.source, processes.figures.map(([pid]) => pid)]).toEqual(['host', [control.pid]]);
    expect(local.askServer(needsOf(control.pid)).processes).toBeNull();
  });

  test('are asked for by one statement, only while somebody looks, and not again once refused', async () => {
    const asked: string[] = [];
    const watch = (connection: Connection): Connection => ({
      ...connection,
      async query<Row>(...question: Parameters<Connection['query']>) {
        if (question[0].includes('pg_read_file')) asked.push(question[2]?.name ?? '');
        return await connection.query<Row>(...question);
      },
    });
    const told = async ({collector}: PreparedSession, times: number) => {
      let reading = await collector.collect();
      for (let time = 0; time < times; time++) reading = await collector.collect(needsOf(control.pid));
      return reading.processes;
    };
    await control.query('CREATE ROLE onlooker LOGIN');
    const onlooker = await openMonitor(cluster(), {user: 'onlooker'}, watch);
    expect(await told(onlooker, 4)).toMatchObject({
      source: null,
      figures: [],
      whyNot: expect.stringMatching(
        major < 11 ? /^before PostgreSQL 11/ : /^permission denied for function pg_read_file; superusers may/,
      ),
    });
    const refused = major < 11 ? [] : ['pgtop_processes', 'pgtop_processes_without_io'];
    expect(asked).toEqual(refused);
    if (major < 11) return;
    await control.query('CREATE ROLE reader LOGIN; GRANT pg_read_server_files TO reader');
    await control.query('GRANT EXECUTE ON FUNCTION pg_read_file(text, bigint, bigint, boolean) TO reader');
    const reader = await openMonitor(cluster(), {user: 'reader'}, watch);
    const {source, figures, whyNot, whyNotIo} = await told(reader, 2);
    expect({source, whyNot, whyNotIo}).toEqual({source: 'server', whyNot: null, whyNotIo: null});
    expect(figures.map(([pid]) => pid)).toContain(control.pid);
    expect(asked).toEqual([...refused, 'pgtop_processes', 'pgtop_processes']);
  });

  test('of a process that has ended are no failure', async () => {
    const {collector} = await openMonitor(cluster());
    const gone = await cluster().connect();
    await collector.collect(needsOf(gone.pid));
    await gone.query('SELECT pg_terminate_backend(pg_backend_pid())').catch(() => undefined);
    await waitFor('the others to be read', async () => {
      const {failures, processes} = await collector.collect(needsOf(gone.pid, control.pid));
      expect(failures).toEqual([]);
      return major < 11 || processes.figures.some(([pid]) => pid === control.pid);
    });
  });
});
