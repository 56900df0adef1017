import {describe, expect, test} from 'vitest';
import {processSnapshot} from '../../source/model/process-snapshot.ts';
import {withCpuShares} from '../../source/model/process-table.ts';
import {FULL, place, processesSnapshot, processTable, serverProcess} from '../helpers/server-processes.ts';
import {NOW, SECOND, server} from '../helpers/snapshots.ts';

describe('processes as sessions', () => {
  const {byPid, reading} = processesSnapshot(FULL);

  test('have what their titles tell, and ages from the machine', () => {
    expect(byPid.get(11)).toMatchObject({
      sessionAgeMs: 600_000,
      queryAgeMs: null,
      backend: {usename: 'web', datname: 'shop', clientAddr: '10.0.0.7', state: 'active', query: 'SELECT'},
    });
    expect(byPid.get(12)?.backend).toMatchObject({waitEventType: 'Lock', clientPort: -1});
    expect(byPid.get(9)?.backend).toMatchObject({backendType: 'checkpointer', query: ''});
  });

  test('keep the whole title where names cannot be told apart', () => {
    const {usename, query} = byPid.get(15)?.backend ?? {};
    expect([usename, query]).toEqual([null, 'postgres: my user shop [local] idle']);
  });

  test('are of a server of which as much is known as can be', () => {
    expect(reading.server).toMatchObject({version: '18', host: '/run/postgresql', inRecovery: false});
    const known = processSnapshot(processTable(FULL), place(), server({maxConnections: 7}));
    expect(known.reading.server).toMatchObject({version: '18.4 (Debian 18.4-1)', maxConnections: 7});
    const standby = processesSnapshot([...FULL, serverProcess(8, 'postgres: startup recovering 0000')]);
    expect(standby.reading.server.inRecovery).toBe(true);
  });
});

describe('the use of the processors', () => {
  const at = (seconds: number, cpuTicks: number, startTicks = 1) => ({
    ...processTable([serverProcess(11, 'postgres: x', {cpuTicks, startTicks, cpuShare: null})]),
    readAt: NOW + seconds * SECOND,
  });
  const share = (now: ReturnType<typeof at>, before: ReturnType<typeof at> | null) =>
    withCpuShares(now, before).processes[0]?.cpuShare;

  test('is what a process had since the reading before', () => {
    expect(share(at(2, 150), at(0, 50))).toBe(0.5);
  });

  test('is not known at the first reading, nor of another process of the same pid', () => {
    expect(share(at(2, 150), null)).toBeNull();
    expect(share(at(2, 150, 2), at(0, 50))).toBeNull();
    expect(share(at(0, 150), at(0, 50))).toBeNull();
  });
});
