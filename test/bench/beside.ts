import {writeFile} from 'node:fs/promises';
import {startThrowAwayServer} from '../../source/demo/throw-away-server.ts';
import {openPlainSession} from '../../source/postgres/plain-session.ts';
import {missingReason, programsOfMajor} from '../helpers/servers.ts';
import {residentMegabytes} from './figures.ts';
import {costs, firstFrameMs, freshnessMs, keyTimes, memoryAfter, openTool, type Size} from './measure.ts';
import {type Figures, tableHead, tableRow} from './table.ts';
import {TOOL_ROLE, type Tool, toolsOn} from './tools.ts';
import {type Shape, startWorkload, type Workload} from './workload.ts';

/**
 * pgtop beside its peers on one server, each in a terminal of its own, one after another: what a refresh costs, how long the first
 * frame and a key take, how old a new query is when it is shown; at last their memory after some minutes. Medians over PGTOP_BENCH_ROUNDS (5) windows
 * or starts. PGTOP_BENCH_SESSIONS=100,1000, PGTOP_BENCH_SCREENS=200x60,80x24, PGTOP_BENCH_STORM=900, PGTOP_BENCH_MINUTES=10 and PGTOP_BENCH_JSON=FILE choose sizes,
 * whether there are a storm and a long run (0: none), and where the figures are kept.
 */
const MAJOR = Number(process.env.PGTOP_BENCH_MAJOR ?? 18);
const ROUNDS = Number(process.env.PGTOP_BENCH_ROUNDS ?? 5);
const SIZES = (process.env.PGTOP_BENCH_SESSIONS ?? '10,100,500,1000').split(',').map(Number);
const STORM = Number(process.env.PGTOP_BENCH_STORM ?? 900);
const MINUTES = Number(process.env.PGTOP_BENCH_MINUTES ?? 10);
const WIDE: Size = {columns: 200, rows: 60};
const SCREENS = (process.env.PGTOP_BENCH_SCREENS ?? '200x60,80x24').split(',').map((screen): Size => {
  const [columns, rows] = screen.split('x').map(Number);
  return {columns: columns ?? 0, rows: rows ?? 0};
});

const programs = programsOfMajor(MAJOR);
if (programs === null) throw new Error(missingReason(MAJOR));
const most = Math.max(STORM, ...SIZES);
const server = await startThrowAwayServer({
  programs,
  settings: {max_connections: most + 20, autovacuum: false, deadlock_timeout: '1h'},
});
const control = await openPlainSession({...server, applicationName: 'control'});
const tools = toolsOn(server);

async function measure(
  tool: Tool,
  workload: Workload,
  about: Pick<Figures, 'sessions' | 'shape'>,
  screen: Size,
): Promise<Figures> {
  const first = await firstFrameMs(tool, screen, ROUNDS);
  // Where rows are short the texts of queries are out of sight.
  const freshMs = screen.columns < WIDE.columns ? Number.NaN : await freshnessMs(tool, screen, workload);
  const terminal = await openTool(tool, screen);
  try {
    const {still, busy} = await costs(terminal, control, workload, ROUNDS);
    const keyMs = await keyTimes(terminal, tool);
    return {
      tool: tool.name,
      ...about,
      screen: `${screen.columns}x${screen.rows}`,
      firstFrameMs: first,
      still,
      busy,
      keyMs,
      freshMs,
      megabytes: await residentMegabytes(terminal.pid),
    };
  } finally {
    workload.churn(false);
    await terminal.close();
  }
}

const all: Figures[] = [];
let memory: Awaited<ReturnType<typeof memoryAfter>> = [];
try {
  await control.query(`CREATE ROLE ${TOOL_ROLE} LOGIN; GRANT pg_monitor TO ${TOOL_ROLE}`);
  console.log(tableHead());
  const crowds: readonly (readonly [number, Shape])[] = [
    ...SIZES.map(size => [size, 'mixed'] as const),
    ...(STORM > 0 ? [[STORM, 'storm'] as const] : []),
  ];
  for (const [sessions, shape] of crowds) {
    const workload = await startWorkload(server, sessions, shape);
    for (const screen of SCREENS) {
      let own: Figures | undefined;
      for (const tool of tools) {
        const figures = await measure(tool, workload, {sessions, shape}, screen);
        own ??= figures;
        all.push(figures);
        console.log(tableRow(figures, own));
      }
    }
    await workload.end();
  }
  if (MINUTES > 0) {
    const workload = await startWorkload(server, Math.max(...SIZES), 'mixed');
    memory = await memoryAfter(MINUTES, tools, WIDE, workload);
    await workload.end();
    for (const [name, megabytes] of memory)
      console.log(`${name}: ${megabytes.toFixed(0)} MB after ${MINUTES} minutes of busy sessions`);
  }
  const file = process.env.PGTOP_BENCH_JSON;
  if (file !== undefined) await writeFile(file, `${JSON.stringify({figures: all, memory}, null, 2)}\n`);
} finally {
  control.end();
  await server.stop();
}
