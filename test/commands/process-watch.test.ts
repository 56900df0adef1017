import {expect, onTestFinished, test} from 'vitest';
import {createProcessWatch} from '../../source/commands/process-watch.ts';
import type {ServerPlace} from '../../source/model/server-place.ts';
import {fakeProc} from '../helpers/fake-proc.ts';
import {place} from '../helpers/server-processes.ts';
import {waitFor} from '../helpers/wait-for.ts';

test('a reading of the process table that fails is told, and the next one is taken', async () => {
  const proc = fakeProc(
    [
      {pid: 40, parentPid: 1, sockets: [700], version: '16'},
      {pid: 41, parentPid: 40, title: 'postgres: app shop [local] idle', sockets: [700]},
    ],
    {unix: [['/run/postgresql/.s.PGSQL.5432', 700]]},
  );
  // No address that can be compared with those that somebody listens at.
  let at: ServerPlace = place({isSocket: false, address: '127.0.0.1%lo'});
  const missing: (string | null)[] = [];
  const read: number[] = [];
  const watch = createProcessWatch({
    around: {platform: 'linux', proc, uid: 0},
    place: () => at,
    server: () => null,
    intervalMs: () => 5,
    onRead: ({sessions}) => read.push(...sessions.map(({backend}) => backend.pid)),
    onMissing: reason => missing.push(reason),
  });
  onTestFinished(watch.stop);
  watch.start();
  expect(missing).toEqual([expect.stringMatching(/address/i)]);
  at = place();
  await waitFor('the next reading', () => read.length > 0);
  expect(read).toContain(41);
});
