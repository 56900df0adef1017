import {expect, onTestFinished, test} from 'vitest';
import {createProcessWatch, type ProcessWatch} from '../../source/commands/process-watch.ts';
import type {ServerPlace} from '../../source/model/server-place.ts';
import {fakeProc} from '../helpers/fake-proc.ts';
import {place} from '../helpers/server-processes.ts';
import {waitFor} from '../helpers/wait-for.ts';

type Watched = {
  readonly watch: ProcessWatch;
  /** Pids read, and reasons why none could be. */
  readonly read: number[];
  readonly missing: (string | null)[];
};

/** A watch over a server of two processes, which is stopped after the test. */
function watching(at: () => ServerPlace, intervalMs: () => number): Watched {
  const proc = fakeProc(
    [
      {pid: 40, parentPid: 1, sockets: [700], version: '16'},
      {pid: 41, parentPid: 40, title: 'postgres: app shop [local] idle', sockets: [700]},
    ],
    {unix: [['/run/postgresql/.s.PGSQL.5432', 700]]},
  );
  const [read, missing]: [number[], (string | null)[]] = [[], []];
  const watch = createProcessWatch({
    around: {platform: 'linux', proc, uid: 0},
    place: at,
    server: () => null,
    intervalMs,
    onRead: ({sessions}) => read.push(...sessions.map(({backend}) => backend.pid)),
    onMissing: reason => missing.push(reason),
  });
  onTestFinished(watch.stop);
  return {watch, read, missing};
}

test('a reading of the process table that fails is told, and the next one is taken', async () => {
  // No address that can be compared with those that somebody listens at.
  let at: ServerPlace = place({isSocket: false, address: '127.0.0.1%lo'});
  const {watch, read, missing} = watching(
    () => at,
    () => 5,
  );
  watch.start();
  expect(missing).toEqual([expect.stringMatching(/address/i)]);
  at = place();
  await waitFor('the next reading', () => read.length > 0);
  expect(read).toContain(41);
});

test('another interval counts from the look on, and nobody looks before the start', async () => {
  let intervalMs = 3_600_000;
  const {watch, read} = watching(
    () => place(),
    () => intervalMs,
  );
  watch.look();
  expect(read).toEqual([]);
  watch.start();
  expect(read).toEqual([41]);
  intervalMs = 5;
  watch.look();
  expect(read).toEqual([41, 41]);
  await waitFor('a reading at the new interval', () => read.length > 2);
});
