import type {Backend} from './backend.ts';

const INDEXED = new WeakMap<readonly Backend[], ReadonlyMap<number, Backend>>();

/** The backends of one reading by their pid; remembered with them. */
export function backendsByPid(backends: readonly Backend[]): ReadonlyMap<number, Backend> {
  const known = INDEXED.get(backends);
  if (known !== undefined) return known;
  const byPid = new Map<number, Backend>();
  for (const backend of backends) byPid.set(backend.pid, backend);
  INDEXED.set(backends, byPid);
  return byPid;
}
