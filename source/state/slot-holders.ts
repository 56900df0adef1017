import {isClientBackend} from '../model/backend.ts';
import type {Snapshot} from '../model/snapshot.ts';

/** How many groups are named. */
const MOST_GROUPS = 3;

/** Who holds the slots of a server that was full a moment ago: the users and applications with the most sessions. */
export function slotHolders({sessions, reading}: Snapshot): string {
  const counts = new Map<string, number>();
  const clients = sessions.filter(({backend}) => isClientBackend(backend));
  for (const {backend} of clients) {
    const application = backend.applicationName === '' ? 'no application name' : backend.applicationName;
    const group = `${backend.usename ?? '?'} (${application})`;
    counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  const groups = [...counts].sort(([, one], [, other]) => other - one);
  const named = groups.slice(0, MOST_GROUPS).map(([group, count]) => `${count} ${group}`);
  const rest = groups.slice(MOST_GROUPS).reduce((sum, [, count]) => sum + count, 0);
  const all = [...named, ...(rest > 0 ? [`${rest} others`] : [])].join(', ');
  // One more than the sessions on screen: the monitor's own.
  return `No slot was free; ${clients.length + 1} of ${reading.server.maxConnections} are taken: ${all}`;
}
