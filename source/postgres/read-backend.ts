import type {Backend} from '../model/backend.ts';
import {sanitise} from '../model/sanitise.ts';
import type {NameCache} from './name-cache.ts';
import type {ActivityRow} from './queries/activity.ts';
import type {QueryTexts} from './query-texts.ts';
import {numberOrNull, textOrNull, timeOrNull} from './read-column.ts';

/** One row of the activity statement as a backend: names looked up, every text sanitised. */
export function readBackend(row: ActivityRow, names: NameCache, texts: QueryTexts): Backend {
  const [
    ,
    pidText,
    datidText,
    usesysidText,
    applicationName,
    clientAddr,
    clientHostname,
    clientPort,
    ...times
  ] = row;
  const [backendStart, xactStart, queryStart, stateChange, waitEventType, waitEvent, state, ...more] = times;
  const [backendXid, backendXmin, backendType, leaderPid, queryId, tlsVersion, tlsCipher] = more;
  const pid = Number(pidText);
  const datid = numberOrNull(datidText);
  const usesysid = numberOrNull(usesysidText);
  return {
    pid,
    backendStart: timeOrNull(backendStart),
    datid,
    // The server shows background processes with 0 where it means none.
    datname: datid === null || datid === 0 ? null : names.databaseName(datid),
    usesysid,
    usename: usesysid === null || usesysid === 0 ? null : names.roleName(usesysid),
    applicationName: sanitise(applicationName),
    clientAddr: textOrNull(clientAddr),
    clientHostname: textOrNull(clientHostname),
    clientPort: numberOrNull(clientPort),
    backendType: textOrNull(backendType),
    leaderPid: numberOrNull(leaderPid),
    state: textOrNull(state),
    waitEventType: textOrNull(waitEventType),
    waitEvent: textOrNull(waitEvent),
    xactStart: timeOrNull(xactStart),
    queryStart: timeOrNull(queryStart),
    stateChange: timeOrNull(stateChange),
    backendXid: textOrNull(backendXid),
    backendXmin: textOrNull(backendXmin),
    queryId: textOrNull(queryId),
    query: readQuery(row, names, texts),
    tls: tlsVersion === null ? null : sanitise(`${tlsVersion} ${tlsCipher ?? ''}`).trim(),
  };
}

/** The clean query text of a row, from memory when the server left it out. */
export function readQuery(row: ActivityRow, names: NameCache, texts: QueryTexts): string {
  const [, pid, datid, , , , , , backendStart, , queryStart] = row;
  const encoding = datid === null ? 'UTF8' : names.encodingOf(Number(datid));
  return texts.textOf(Number(pid), `${backendStart} ${queryStart}`, row[22], encoding);
}
