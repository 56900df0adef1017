import {execFile} from 'node:child_process';
import {appendFile, readFile, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {type Cluster, startCluster} from './cluster.ts';

/** Makes `standby` a standby of `primary` by a copy of its data, and starts both. Both may be up or down before; sessions on them end. */
export async function makeStandby(
  primary: Cluster,
  standby: Cluster,
  areUp: {primary: boolean; standby: boolean},
): Promise<void> {
  if (areUp.primary) await primary.takeDown('fast');
  if (areUp.standby) await standby.takeDown('fast');
  const data = join(standby.socketFolder, 'data');
  const settings = await readFile(join(data, 'postgresql.conf'));
  const {uid, gid} = await stat(data);
  const run = promisify(execFile);
  await run('rm', ['-rf', data]);
  await run('cp', ['-a', join(primary.socketFolder, 'data'), data]);
  await writeFile(join(data, 'postgresql.conf'), settings);
  const conninfo = `primary_conninfo = 'host=${primary.socketFolder} port=${primary.port} user=${primary.user}'\n`;
  // A standby whose primary is gone rests for so long, 5 s unless told, and a promotion may have to wait for that.
  await appendFile(join(data, 'postgresql.auto.conf'), "wal_retrieve_retry_interval = '100ms'\n");
  if (primary.major < 12) {
    await writeFile(join(data, 'recovery.conf'), `standby_mode = on\n${conninfo}`);
  } else {
    await appendFile(join(data, 'postgresql.auto.conf'), conninfo);
    await writeFile(join(data, 'standby.signal'), '');
  }
  await run('chown', ['-R', `${uid}:${gid}`, data]);
  await Promise.all([primary.bringUp(), standby.bringUp()]);
}

/** A standby of a server on which no query ever has to give way to what is replayed. The primary is taken down for the copy: sessions on it from before are gone. */
export async function startStandby(primary: Cluster): Promise<Cluster> {
  const standby = await startCluster(primary.major, {max_standby_streaming_delay: -1, hot_standby: true});
  await makeStandby(primary, standby, {primary: true, standby: true});
  return standby;
}
