import type {ThrowAwayServer} from '../../source/demo/throw-away-server.ts';
import {openPlainSession, type PlainSession} from '../../source/postgres/plain-session.ts';
import {randomFrom} from '../helpers/random.ts';
import {waitFor} from '../helpers/wait-for.ts';

/** What the query of the oldest transaction has in it, so that every tool shows it on its first screen. */
export const MARK = 'BENCHMARK0';

/** A fifth of the sessions waits for one in forty, or all of them wait for one. */
export type Shape = 'mixed' | 'storm';

/** Sessions for tools to look at. */
export type Workload = {
  /** Has a fifth of the free sessions run another query every second from now on, or leaves them in peace. */
  churn(isOn: boolean): void;
  /** Runs a query with this text in the oldest of all transactions, in which nothing else is done. */
  probe(text: string): Promise<void>;
  end(): Promise<void>;
};

const BRANCH = 40;
const TOGETHER = 50;
const CHURN_MS = 100;
const GOES_ON = 'SELECT pg_sleep(100000)';

/** Opens so many sessions on a server. The first of them has the oldest transaction. */
export async function startWorkload(server: ThrowAwayServer, count: number, shape: Shape): Promise<Workload> {
  const sessions: PlainSession[] = [];
  const free: PlainSession[] = [];
  const control = await openPlainSession({...server, applicationName: 'control'});
  const amount = async (condition: string) =>
    (await control.query(`SELECT FROM pg_stat_activity WHERE application_name = 'bench' AND ${condition}`))
      .length;
  const branch = shape === 'storm' ? count : BRANCH;
  const crowded = shape === 'storm' ? count : Math.ceil((count / 5 / (BRANCH - 1)) * BRANCH);

  const add = async (index: number) => {
    const session = await openPlainSession({...server, applicationName: 'bench'});
    sessions.push(session);
    const run = (text: string) => session.query(text).catch(() => undefined);
    if (index === 0) void run(`/*${MARK}*/ BEGIN; ${GOES_ON}`);
    else if (index > crowded) {
      free.push(session);
      if (index % 4 === 0) void run(`BEGIN; SELECT ${index} AS left_open`);
      else if (index % 4 === 1) void run(GOES_ON);
      else void run(`SELECT ${index} AS idle`);
    } else {
      const isHolder = (index - 1) % branch === 0;
      const locked = run(`BEGIN; SELECT pg_advisory_xact_lock(${Math.floor((index - 1) / branch)})`);
      if (isHolder) await locked;
    }
  };
  const prober = await openPlainSession({...server, applicationName: 'bench'});
  sessions.push(prober);
  await prober.query('BEGIN');
  await add(0);
  await waitFor('the marker', async () => (await amount("state = 'active'")) === 1);
  for (let first = 1; first < count; first += branch) await add(first);
  const others = Array.from({length: count}, (_, index) => index).filter(
    index => index % branch !== 1 && index > 0,
  );
  while (others.length > 0) await Promise.all(others.splice(0, TOGETHER).map(add));
  const waiting = crowded - Math.ceil(crowded / branch);
  await waitFor(
    'those who wait',
    async () => (await amount("wait_event_type = 'Lock'")) >= waiting - 1,
    60_000,
  );

  const random = randomFrom(count);
  const step = () => {
    for (let turn = 0; turn < free.length / 50; turn++) {
      const text = `SELECT ${random.below(1_000_000)} AS amount, '${'x'.repeat(random.below(200))}' AS note`;
      free[random.below(free.length)]?.query(text).catch(() => undefined);
    }
  };
  let timer: NodeJS.Timeout | undefined;
  return {
    churn(isOn) {
      clearInterval(timer);
      if (isOn) timer = setInterval(step, CHURN_MS);
    },
    async probe(text) {
      await prober.query(`SELECT '${text}'`);
    },
    async end() {
      clearInterval(timer);
      for (const session of sessions) session.end();
      await control.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'bench'",
      );
      await waitFor('the end of the workload', async () => (await amount('true')) === 0, 60_000);
      control.end();
    },
  };
}
