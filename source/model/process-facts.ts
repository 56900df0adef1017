import {type Backend, isClientBackend} from './backend.ts';
import {backendsByPid} from './backends-by-pid.ts';
import type {Lock} from './lock.ts';
import type {LockGroup, ProcessFacts} from './read-waits.ts';
import {remembered} from './remembered.ts';

/** What parallel workers are called; PostgreSQL 10 calls them as it calls every background worker. */
const WORKERS = new Set(['parallel worker', 'background worker']);

/** Lock groups and query starts as pg_stat_activity tells them. Remembered with the backends. */
export const processFacts: (backends: readonly Backend[]) => ProcessFacts = remembered(factsOf);

function factsOf(backends: readonly Backend[]): ProcessFacts {
  const groups = new Map<number, LockGroup>();
  for (const backend of backends) {
    if (isClientBackend(backend)) continue;
    const {pid, backendType} = backend;
    if (backendType !== null && WORKERS.has(backendType)) groups.set(pid, groupOfWorker(backend, backends));
  }
  return {
    groupOf: pid => groups.get(pid) ?? {leader: pid, isCertain: true},
    // Hardly ever asked since PostgreSQL 14, where a wait tells its start.
    queryStartOf: pid => backendsByPid(backends).get(pid)?.queryStart ?? null,
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

const KEYS = new WeakMap<ProcessFacts, {readonly locks: readonly Lock[]; readonly key: string}>();

/** The facts about everybody who has one of these locks as one string: the same when nothing of it changed. Remembered with the facts. */
export function factsKey(locks: readonly Lock[], facts: ProcessFacts): string {
  const known = KEYS.get(facts);
  if (known?.locks === locks) return known.key;
  const parts: string[] = [];
  for (const lock of locks) parts.push(factsOfLock(lock, facts));
  const key = parts.join();
  KEYS.set(facts, {locks, key});
  return key;
}

function factsOfLock({pid, granted, waitstart}: Lock, {groupOf, queryStartOf}: ProcessFacts): string {
  if (pid === null) return '';
  const {leader, isCertain} = groupOf(pid);
  const start = granted || waitstart !== null ? '' : queryStartOf(pid);
  return `${leader}${isCertain ? '' : '?'}${start}`;
}
