import type {Backend} from './backend.ts';
import type {Lock} from './lock.ts';
import type {LockGroup, ProcessFacts} from './read-waits.ts';

/** What parallel workers are called; PostgreSQL 10 calls them as it calls every background worker. */
const WORKERS = new Set(['parallel worker', 'background worker']);

const FACTS = new WeakMap<readonly Backend[], ProcessFacts>();

/** Lock groups and query starts as pg_stat_activity tells them. Remembered with the backends. */
export function processFacts(backends: readonly Backend[]): ProcessFacts {
  const known = FACTS.get(backends) ?? factsOf(backends);
  FACTS.set(backends, known);
  return known;
}

function factsOf(backends: readonly Backend[]): ProcessFacts {
  const byPid = new Map(backends.map(backend => [backend.pid, backend]));
  const groups = new Map(
    backends
      .filter(({backendType}) => backendType !== null && WORKERS.has(backendType))
      .map(worker => [worker.pid, groupOfWorker(worker, backends)]),
  );
  return {
    groupOf: pid => groups.get(pid) ?? {leader: pid, isCertain: true},
    queryStartOf: pid => byPid.get(pid)?.queryStart ?? null,
  };
}

/** Before PostgreSQL 13 a worker names no leader: a session of the same role in the same database that ran the same query when the worker came is taken for it. */
function groupOfWorker(worker: Backend, backends: readonly Backend[]): LockGroup {
  if (worker.leaderPid !== null) return {leader: worker.leaderPid, isCertain: true};
  const began = worker.backendStart ?? 0;
  const [leader, ...others] = backends.filter(
    ({pid, datid, usesysid, backendType, query, queryStart}) =>
      pid !== worker.pid &&
      backendType === 'client backend' &&
      datid === worker.datid &&
      usesysid === worker.usesysid &&
      query === worker.query &&
      queryStart !== null &&
      queryStart <= began,
  );
  const isOne = leader !== undefined && others.length === 0;
  return {leader: isOne ? leader.pid : worker.pid, isCertain: false};
}

/** The facts about everybody who has one of these locks as one string: the same when nothing of it changed. */
export function factsKey(locks: readonly Lock[], {groupOf, queryStartOf}: ProcessFacts): string {
  return locks
    .map(({pid, granted, waitstart}) => {
      if (pid === null) return '';
      const {leader, isCertain} = groupOf(pid);
      const start = granted || waitstart !== null ? '' : queryStartOf(pid);
      return `${leader}${isCertain ? '' : '?'}${start}`;
    })
    .join();
}
