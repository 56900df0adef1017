import {setTimeout as sleep} from 'node:timers/promises';
import type {PlainSession} from '../../source/postgres/plain-session.ts';
import {randomFrom} from '../helpers/random.ts';
import {openTerminal, type Terminal} from '../helpers/terminal.ts';
import {cpuMs, endedChildrenMs, median, parentOf, residentMegabytes} from './figures.ts';
import {KEY_KINDS, type KeyKind, TOOL_ROLE, type Tool} from './tools.ts';
import type {Workload} from './workload.ts';

/** The size of a terminal. */
export type Size = {readonly columns: number; readonly rows: number};

/** What a refresh costs: CPU of the tool and of the server's processes for it in milliseconds, bytes to the terminal. */
export type Cost = {readonly clientMs: number; readonly serverMs: number; readonly bytes: number};

const WARM_UP_MS = 10_000;
/** Whole seconds, and with them as many refreshes of every tool. */
const WINDOW_MS = 5_000;
const KEYS = 24;
const PROBES = 10;
const LONGEST_WAIT_MS = 20_000;

/** Starts a tool in a terminal of its own; resolves when its first data are on the screen. */
export async function openTool({program, args, env, mark}: Tool, size: Size): Promise<Terminal> {
  const terminal = await openTerminal({command: [program, ...args], ...size, env});
  await terminal.waitFor(() => terminal.bytes.text().includes(mark), {deadlineMs: LONGEST_WAIT_MS});
  return terminal;
}

/** Milliseconds from the start of a tool to the last bytes of its first data, the middle of so many starts. */
export async function firstFrameMs(tool: Tool, size: Size, rounds: number): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const terminal = await openTool(tool, size);
    times.push((terminal.bytes.chunks.at(-1)?.at ?? Number.NaN) - terminal.startedAt);
    await terminal.close();
  }
  return median(times);
}

/** What refreshes cost while the sessions stand still, and while they are busy: the middle of so many windows. */
export async function costs(
  terminal: Terminal,
  control: PlainSession,
  workload: Workload,
  rounds: number,
): Promise<{readonly still: Cost; readonly busy: Cost}> {
  await sleep(WARM_UP_MS);
  const still = await windows(terminal, control, rounds);
  workload.churn(true);
  await sleep(WINDOW_MS);
  return {still, busy: await windows(terminal, control, rounds)};
}

async function windows(terminal: Terminal, control: PlainSession, rounds: number): Promise<Cost> {
  const now = async (): Promise<Cost> => ({
    clientMs: await cpuMs(terminal.pid),
    serverMs: await serverCpuMs(control),
    bytes: terminal.bytes.size(),
  });
  const found: Cost[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = await now();
    await sleep(WINDOW_MS);
    const after = await now();
    const each = (what: keyof Cost) => (after[what] - before[what]) / (WINDOW_MS / 1000);
    found.push({clientMs: each('clientMs'), serverMs: each('serverMs'), bytes: each('bytes')});
  }
  const middle = (what: keyof Cost) => median(found.map(cost => cost[what]));
  return {clientMs: middle('clientMs'), serverMs: middle('serverMs'), bytes: middle('bytes')};
}

/** CPU of the server's processes for the tool: of those that live, and of those that have ended, as a tool's do that connects anew each time. */
async function serverCpuMs(control: PlainSession): Promise<number> {
  const rows = await control.query<{pid: number}>('SELECT pid FROM pg_stat_activity WHERE usename = $1', [
    TOOL_ROLE,
  ]);
  const times = await Promise.all(rows.map(({pid}) => cpuMs(pid)));
  const ended = await endedChildrenMs(await parentOf(control.pid));
  return times.reduce((sum, time) => sum + time, ended);
}

/** Milliseconds from a key to the first byte of its answer, pressed all over a second; none where the tool has no such key. */
export async function keyTimes(
  terminal: Terminal,
  {keys}: Tool,
): Promise<Readonly<Record<KeyKind, readonly number[]>>> {
  const times: Record<KeyKind, number[]> = {move: [], order: [], view: [], type: []};
  for (const kind of KEY_KINDS) {
    const inTurn = keys[kind];
    // Whole turns, so that the tool stands as it did before.
    const presses = inTurn.length * Math.floor(KEYS / Math.max(1, inTurn.length));
    for (let press = 0; press < presses; press++) {
      await sleep(97);
      const at = terminal.press(inTurn[press % inTurn.length] ?? '');
      await terminal.waitFor(() => terminal.bytes.firstAfter(at) !== undefined);
      times[kind].push((terminal.bytes.firstAfter(at)?.at ?? Number.NaN) - at);
    }
  }
  return times;
}

/** Milliseconds until the screen shows a query that has just begun, at the middle of several; NaN where no texts are shown. */
export async function freshnessMs(tool: Tool, size: Size, workload: Workload): Promise<number> {
  if (tool.fresh === null) return Number.NaN;
  const {below} = randomFrom(size.columns);
  const terminal = await openTerminal({
    command: [tool.program, ...tool.args, ...tool.fresh],
    ...size,
    env: tool.env,
  });
  try {
    const times: number[] = [];
    for (let probe = 0; probe <= PROBES; probe++) {
      const mark = `FRESH${1000 + probe}`;
      await sleep(below(1000));
      const at = performance.now();
      await workload.probe(mark);
      await terminal.waitFor(mark, {deadlineMs: LONGEST_WAIT_MS});
      // The first one waits for the tool to start.
      if (probe > 0) times.push(performance.now() - at);
    }
    return median(times);
  } finally {
    await terminal.close();
  }
}

/** Resident megabytes of each tool after so many minutes side by side, with busy sessions. */
export async function memoryAfter(
  minutes: number,
  tools: readonly Tool[],
  size: Size,
  workload: Workload,
): Promise<readonly (readonly [tool: string, megabytes: number])[]> {
  const terminals: Terminal[] = [];
  try {
    for (const tool of tools) terminals.push(await openTool(tool, size));
    workload.churn(true);
    await sleep(minutes * 60_000);
    return await Promise.all(
      tools.map(
        async ({name}, index) => [name, await residentMegabytes(terminals[index]?.pid ?? 0)] as const,
      ),
    );
  } finally {
    workload.churn(false);
    await Promise.all(terminals.map(terminal => terminal.close()));
  }
}
