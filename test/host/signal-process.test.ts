import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {describe, expect, test} from 'vitest';
import {readProcessTable, readStat} from '../../source/host/read-process-table.ts';
import {signalProcess} from '../../source/host/signal-process.ts';
import type {ProcessTarget} from '../../source/model/signal.ts';
import {addProcess, type FakeProcess, fakeProc} from '../helpers/fake-proc.ts';
import {POSTMASTER} from '../helpers/server-processes.ts';

const SERVER: FakeProcess = {pid: 4700, parentPid: 1, startTicks: POSTMASTER.startTicks};
const CLIENT: FakeProcess = {pid: 4711, parentPid: 4700, title: 'postgres: app shop [local] SELECT'};
const TARGET: ProcessTarget = {
  kind: 'process',
  pid: 4711,
  startTicks: 500,
  postmaster: {pid: 4700, startTicks: POSTMASTER.startTicks},
  title: 'postgres: app shop [local] SELECT',
};

/** What came of a signal on such a machine, and what was sent. */
function send(
  processes: readonly FakeProcess[],
  action: 'cancel' | 'terminate' = 'terminate',
  error?: Error,
) {
  const sent: unknown[] = [];
  const answer = signalProcess(action, TARGET, fakeProc(processes), (pid, signal) => {
    sent.push([pid, signal]);
    if (error !== undefined) throw error;
  });
  return {answer, sent};
}

describe('a signal of the operating system', () => {
  test.each([
    ['cancel', 'SIGINT'],
    ['terminate', 'SIGTERM'],
  ] as const)('to %s is %s, to the very process', (action, signal) => {
    expect(send([SERVER, CLIENT], action)).toEqual({answer: {type: 'signalled'}, sent: [[4711, signal]]});
  });

  test.each([
    ['has ended', [SERVER], 'gone'],
    ['has ended and its parent has not asked', [SERVER, {...CLIENT, state: 'Z'}], 'gone'],
    ['has given its pid to another one', [SERVER, {...CLIENT, startTicks: 501}], 'gone'],
    ['belongs to another parent', [SERVER, {...CLIENT, parentPid: 1}], 'refused'],
    ['has lost its postmaster', [CLIENT], 'refused'],
    ['has another postmaster of the same pid', [{...SERVER, startTicks: 1}, CLIENT], 'refused'],
  ] as const)('is not sent to a process that %s', (_, processes, type) => {
    const {answer, sent} = send(processes);
    expect([answer.type, sent]).toEqual([type, []]);
  });

  test('to cancel is bound to what the process does, a wait for a lock aside', () => {
    const title = 'postgres: app shop [local] idle';
    expect(send([SERVER, {...CLIENT, title}], 'cancel')).toEqual({answer: {type: 'moved-on'}, sent: []});
    expect(send([SERVER, {...CLIENT, title}], 'terminate').sent).toHaveLength(1);
    const waiting = 'postgres: app shop [local] SELECT waiting';
    expect(send([SERVER, {...CLIENT, title: waiting}], 'cancel').sent).toHaveLength(1);
    expect(send([SERVER], 'cancel').answer).toEqual({type: 'gone'});
    expect(send([SERVER, {...CLIENT, title, startTicks: 501}], 'cancel').answer).toEqual({type: 'gone'});
  });

  test.each([
    ['ESRCH', {type: 'gone'}],
    ['EPERM', {type: 'refused', sqlState: null, message: 'kill EPERM'}],
  ])('that fails with %s says so', (code, answer) => {
    const error = Object.assign(new Error(`kill ${code}`), {code});
    expect(send([SERVER, CLIENT], 'terminate', error).answer).toEqual(answer);
  });

  test.runIf(process.platform === 'linux')(
    'reaches a real process, and none of its pid with another start',
    async () => {
      const child = spawn('sleep', ['60']);
      const ended = once(child, 'exit');
      const own = readStat(process.pid, '/proc');
      const stat = readStat(child.pid ?? 0, '/proc');
      if (own === null || stat === null) throw new Error('the processes are not to be seen');
      const target = {...TARGET, pid: stat.pid, startTicks: stat.startTicks, postmaster: own};
      const other = {...target, startTicks: stat.startTicks + 1};
      expect(signalProcess('terminate', other, '/proc')).toEqual({type: 'gone'});
      expect(readStat(stat.pid, '/proc')).not.toBeNull();
      expect(signalProcess('terminate', target, '/proc')).toEqual({type: 'signalled'});
      expect(await ended).toEqual([null, 'SIGTERM']);
      expect(signalProcess('terminate', target, '/proc')).toEqual({type: 'gone'});
    },
  );
});

describe('the process table of a server', () => {
  test('holds the children of its postmaster that have titles, and nobody else', () => {
    const proc = fakeProc([
      SERVER,
      CLIENT,
      {...CLIENT, pid: 4712, state: 'Z'},
      {...CLIENT, pid: 4713, title: '/usr/bin/postgres'},
      {...CLIENT, pid: 4714, parentPid: 9},
      {...CLIENT, pid: 4715, title: 'postgres: a\u001b[2J\u202e shop [local] idle'},
    ]);
    const table = readProcessTable(POSTMASTER, proc);
    expect(table?.processes.map(({pid, title, memoryBytes}) => [pid, title, memoryBytes])).toEqual([
      [4711, 'postgres: app shop [local] SELECT', 2048 * 1024],
      [4715, 'postgres: a\u241b[2J\u00b7 shop [local] idle', 2048 * 1024],
    ]);
    addProcess(proc, {...SERVER, startTicks: 1});
    expect(readProcessTable(POSTMASTER, proc)).toBeNull();
  });
});
