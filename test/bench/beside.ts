import {writeFile} from 'node:fs/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import {startThrowAwayServer} from '../../source/demo/throw-away-server.ts';
import {openPlainSession} from '../../source/postgres/plain-session.ts';
import {missingReason, programsOfMajor} from '../helpers/servers.ts';
import {openTerminal, type Terminal} from '../helpers/terminal.ts';
import {cpuMs, median, percentile, residentMegabytes} from './figures.ts';
import {TOOL_ROLE, type Tool, toolsOn} from './tools.ts';
import {MARK, type Shape, startWorkload, type Workload} from './workload.ts';

/**
 * pgtop beside its peers on one server, each in a terminal of its own, one after another: what a refresh costs, how long the first
 * frame and a key take. Medians over PGTOP_BENCH_ROUNDS (5) windows or starts. PGTOP_BENCH_SESSIONS=100,1000 and
 * PGTOP_BENCH_JSON=FILE choose sizes and where the figures are kept.
 */
const MAJOR = Number(process.env.PGTOP_BENCH_MAJOR ?? 18);
const ROUNDS = Number(process.env.PGTOP_BENCH_ROUNDS ?? 5);
const SIZES = (process.env.PGTOP_BENCH_SESSIONS ?? '10,100,500,1000').split(',').map(Number);
const STORM = Number(process.env.PGTOP_BENCH_STORM ?? 900);
const SCREENS = [
  {columns: 200, rows: 60},
  {columns: 80, rows: 24},
] as const;
const WARM_UP_MS = 10_000;
/** Whole seconds, and with them as many refreshes of every tool. */
const WINDOW_MS = 5_000;
const KEYS = 40;
const LONGEST_WAIT_MS = 20_000;

/** The figures of one tool at one size; NaN where there is none. */
type Figures = {
  readonly tool: string;
  readonly sessions: number;
  readonly shape: Shape;
  readonly screen: string;
  readonly firstFrameMs: number;
  readonly clientMs: {readonly still: number; readonly busy: number};
  readonly bytes: {readonly still: number; readonly busy: number};
  readonly serverMs: number;
  readonly keyMs: number;
  readonly keyP95Ms: number;
  readonly megabytes: number;
};

const programs = programsOfMajor(MAJOR);
if (programs === null) throw new Error(missingReason(MAJOR));
const server = await startThrowAwayServer({
  programs,
  settings: {max_connections: Math.max(STORM, ...SIZES) + 20, autovacuum: false, deadlock_timeout: '1h'},
});
const control = await openPlainSession({...server, applicationName: 'control'});

async function open(tool: Tool, screen: (typeof SCREENS)[number]): Promise<Terminal> {
  const terminal = await openTerminal({command: [tool.program, ...tool.args], ...screen, env: tool.env});
  const isMarked = () => terminal.bytes.text().includes(MARK);
  await terminal.waitFor(isMarked, {deadlineMs: LONGEST_WAIT_MS});
  return terminal;
}

/** CPU of the server's processes for the tool, as far as they live. */
async function serverCpuMs(): Promise<number> {
  const rows = await control.query<{pid: number}>('SELECT pid FROM pg_stat_activity WHERE usename = $1', [
    TOOL_ROLE,
  ]);
  const times = await Promise.all(rows.map(({pid}) => cpuMs(pid)));
  return times.reduce((sum, time) => sum + time, 0);
}

/** Costs of a refresh over several windows, of which every tool refreshes once a second. */
async function windows(terminal: Terminal): Promise<Record<'client' | 'server' | 'bytes', number>> {
  const costs: Record<'client' | 'server' | 'bytes', number>[] = [];
  const now = async () => ({
    client: await cpuMs(terminal.pid),
    server: await serverCpuMs(),
    bytes: terminal.bytes.size(),
  });
  for (let round = 0; round < ROUNDS; round++) {
    const before = await now();
    await sleep(WINDOW_MS);
    const after = await now();
    const refreshes = WINDOW_MS / 1000;
    costs.push({
      client: (after.client - before.client) / refreshes,
      server: (after.server - before.server) / refreshes,
      bytes: (after.bytes - before.bytes) / refreshes,
    });
  }
  const over = (what: 'client' | 'server' | 'bytes') => median(costs.map(cost => cost[what]));
  return {client: over('client'), server: over('server'), bytes: over('bytes')};
}

/** Milliseconds from a key to the first byte of its answer, pressed all over a second. */
async function keyTimes(terminal: Terminal, moves: Tool['moves']): Promise<readonly number[]> {
  if (moves === null) return [];
  const times: number[] = [];
  for (let key = 0; key < KEYS; key++) {
    await sleep(97);
    const at = terminal.press(key < KEYS / 2 ? moves[0] : moves[1]);
    await terminal.waitFor(() => terminal.bytes.firstAfter(at) !== undefined);
    times.push((terminal.bytes.firstAfter(at)?.at ?? Number.NaN) - at);
  }
  return times;
}

async function firstFrameMs(tool: Tool, screen: (typeof SCREENS)[number]): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const terminal = await open(tool, screen);
    times.push((terminal.bytes.chunks.at(-1)?.at ?? Number.NaN) - terminal.startedAt);
    await terminal.close();
  }
  return median(times);
}

async function measure(
  tool: Tool,
  workload: Workload,
  about: Pick<Figures, 'sessions' | 'shape'>,
  screen: (typeof SCREENS)[number],
): Promise<Figures> {
  const first = await firstFrameMs(tool, screen);
  const terminal = await open(tool, screen);
  try {
    await sleep(WARM_UP_MS);
    const still = await windows(terminal);
    workload.churn(true);
    await sleep(WINDOW_MS);
    const busy = await windows(terminal);
    const keys = await keyTimes(terminal, tool.moves);
    return {
      tool: tool.name,
      ...about,
      screen: `${screen.columns}x${screen.rows}`,
      firstFrameMs: first,
      clientMs: {still: still.client, busy: busy.client},
      bytes: {still: still.bytes, busy: busy.bytes},
      serverMs: busy.server,
      keyMs: median(keys),
      keyP95Ms: percentile(keys, 0.95),
      megabytes: await residentMegabytes(terminal.pid),
    };
  } finally {
    workload.churn(false);
    await terminal.close();
  }
}

const COLUMNS: readonly (readonly [title: string, text: (figures: Figures) => string])[] = [
  ['tool', ({tool}) => tool],
  ['sessions', ({sessions, shape}) => `${sessions}${shape === 'storm' ? ' storm' : ''}`],
  ['screen', ({screen}) => screen],
  ['first ms', ({firstFrameMs: ms}) => ms.toFixed(0)],
  ['client ms still / busy', ({clientMs}) => `${clientMs.still.toFixed(1)} / ${clientMs.busy.toFixed(1)}`],
  ['bytes still / busy', ({bytes}) => `${bytes.still.toFixed(0)} / ${bytes.busy.toFixed(0)}`],
  ['server ms', ({serverMs}) => serverMs.toFixed(1)],
  [
    'key ms (p95)',
    ({keyMs, keyP95Ms}) => (Number.isNaN(keyMs) ? '–' : `${keyMs.toFixed(1)} (${keyP95Ms.toFixed(1)})`),
  ],
  ['MB', ({megabytes}) => megabytes.toFixed(0)],
];

function printRow(texts: readonly string[]): void {
  console.log(`| ${texts.join(' | ')} |`);
}

const all: Figures[] = [];
try {
  await control.query(`CREATE ROLE ${TOOL_ROLE} LOGIN; GRANT pg_monitor TO ${TOOL_ROLE}`);
  printRow(COLUMNS.map(([title]) => title));
  printRow(COLUMNS.map(() => '--:'));
  const crowds = [
    ...SIZES.map(size => [size, 'mixed'] as const),
    ...(STORM > 0 ? [[STORM, 'storm'] as const] : []),
  ];
  for (const [sessions, shape] of crowds) {
    const workload = await startWorkload(server, sessions, shape);
    for (const screen of SCREENS) {
      for (const tool of toolsOn(server)) {
        const figures = await measure(tool, workload, {sessions, shape}, screen);
        all.push(figures);
        printRow(COLUMNS.map(([, text]) => text(figures)));
      }
    }
    await workload.end();
  }
  const file = process.env.PGTOP_BENCH_JSON;
  if (file !== undefined) await writeFile(file, `${JSON.stringify(all, null, 2)}\n`);
} finally {
  control.end();
  await server.stop();
}
