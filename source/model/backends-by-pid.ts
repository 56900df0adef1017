import type {Backend} from './backend.ts';
import {remembered} from './remembered.ts';

/** The backends of one reading by their pid; remembered with them. */
export const backendsByPid: (backends: readonly Backend[]) => ReadonlyMap<number, Backend> =
  remembered(index);

function index(backends: readonly Backend[]): ReadonlyMap<number, Backend> {
  const byPid = new Map<number, Backend>();
  for (const backend of backends) byPid.set(backend.pid, backend);
  return byPid;
}
