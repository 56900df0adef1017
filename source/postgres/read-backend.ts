import {type Backend, sessionKey} from '../model/backend.ts';
import {sanitise} from '../model/sanitise.ts';
import type {NameCache} from './name-cache.ts';
import {type ActivityRow, COLUMN} from './queries/activity.ts';
import {numberOrNull, textOrNull, timeOrNull} from './read-column.ts';

/** One row of the activity statement as a backend with its clean query text: names looked up, every text sanitised. */
export function readBackend(row: ActivityRow, names: NameCache, query: string): Backend {
  const datid = numberOrNull(row[COLUMN.datid]);
  const usesysid = numberOrNull(row[COLUMN.usesysid]);
  const tlsVersion = row[COLUMN.tlsVersion];
  const pid = Number(row[COLUMN.pid]);
  const backendStart = timeOrNull(row[COLUMN.backendStart]);
  return {
    key: sessionKey({pid, backendStart}),
    pid,
    backendStart,
    datid,
    // The server shows background processes with 0 where it means none.
    datname: datid === null || datid === 0 ? null : names.databaseName(datid),
    usesysid,
    usename: usesysid === null || usesysid === 0 ? null : names.roleName(usesysid),
    applicationName: sanitise(row[COLUMN.applicationName]),
    clientAddr: textOrNull(row[COLUMN.clientAddr]),
    clientHostname: textOrNull(row[COLUMN.clientHostname]),
    clientPort: numberOrNull(row[COLUMN.clientPort]),
    backendType: textOrNull(row[COLUMN.backendType]),
    leaderPid: numberOrNull(row[COLUMN.leaderPid]),
    state: textOrNull(row[COLUMN.state]),
    waitEventType: textOrNull(row[COLUMN.waitEventType]),
    waitEvent: textOrNull(row[COLUMN.waitEvent]),
    xactStart: timeOrNull(row[COLUMN.xactStart]),
    queryStart: timeOrNull(row[COLUMN.queryStart]),
    stateChange: timeOrNull(row[COLUMN.stateChange]),
    backendXid: textOrNull(row[COLUMN.backendXid]),
    backendXmin: textOrNull(row[COLUMN.backendXmin]),
    queryId: textOrNull(row[COLUMN.queryId]),
    query,
    tls: tlsVersion === null ? null : sanitise(`${tlsVersion} ${row[COLUMN.tlsCipher] ?? ''}`).trim(),
  };
}
