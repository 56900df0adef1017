import {readdirSync, readFileSync, readlinkSync} from 'node:fs';
import {processExists} from '../../source/demo/owner.ts';

/** The state of listening in /proc/net/tcp. */
const LISTEN = '0A';

/** What `read` gives, or undefined where the process has ended meanwhile. */
function whileThere<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH'].includes(String(error.code))) return;
    throw error;
  }
}

function parentOf(pid: number): number {
  const stat = whileThere(() => readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? '';
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** Every process that was started by this one, directly and through others. */
export function descendantsOf(pid: number): readonly number[] {
  const all = readdirSync('/proc').filter(name => /^\d+$/.test(name));
  const parents = all.map(name => [Number(name), parentOf(Number(name))] as const);
  const below = (parent: number): readonly number[] =>
    parents.flatMap(([child, its]) => (its === parent ? [child, ...below(child)] : []));
  return below(pid);
}

/** Those of the processes that have not ended. */
export function stillThere(pids: readonly number[]): readonly number[] {
  return pids.filter(processExists);
}

/** Local addresses in the kernel's notation at which one of the processes listens for TCP connections. */
export function tcpListeners(pids: readonly number[]): readonly string[] {
  const sockets = new Set(
    pids.flatMap(pid =>
      (whileThere(() => readdirSync(`/proc/${pid}/fd`)) ?? []).map(
        descriptor => whileThere(() => readlinkSync(`/proc/${pid}/fd/${descriptor}`)) ?? '',
      ),
    ),
  );
  const lines = ['tcp', 'tcp6'].flatMap(table => readFileSync(`/proc/net/${table}`, 'utf8').split('\n'));
  return lines
    .map(line => line.trim().split(/\s+/))
    .flatMap(([, local = '', , state, , , , , , inode]) =>
      state === LISTEN && sockets.has(`socket:[${inode}]`) ? [local] : [],
    );
}
