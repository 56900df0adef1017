import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {isProcessOf, readProcessStat} from '../../source/model/process-stat.ts';

const BEHIND =
  'S 12 40 40 0 -1 4194560 900 0 3 0 250 50 0 0 20 0 1 0 123456 221000000 4200 18446744073709551615';

describe('the text of /proc/PID/stat', () => {
  test.each(['postgres', 'a b', 'a) S 1 (b', ')', ''])('of a program called %j is read', name => {
    expect(readProcessStat(`40 (${name}) ${BEHIND}\n`)).toEqual({
      pid: 40,
      program: name,
      state: 'S',
      parentPid: 12,
      cpuTicks: 300,
      startTicks: 123_456,
    });
  });

  test.each(['', 'no such process', '40 (postgres', '40 (postgres) S 12', `x (postgres) ${BEHIND}`])(
    'is not %j',
    text => {
      expect(readProcessStat(text)).toBeNull();
    },
  );

  test.runIf(process.platform === 'linux')('as this machine has it names this process', () => {
    const stat = readProcessStat(readFileSync('/proc/self/stat', 'utf8'));
    expect(stat).toMatchObject({pid: process.pid, parentPid: process.ppid});
  });
});

describe('a process is the backend of a session', () => {
  const NOW = 1_790_000_000_000_000;
  const stat = readProcessStat(`40 (postgres) ${BEHIND}`);
  if (stat === null) throw new Error('no such text');
  const own = {pid: 40, backendStart: NOW - 60_000_000};
  // The machine has run a minute longer than it had when the process began.
  const uptime = 1_234.56 + 60;

  test('when its pid, its program and its start are those of the session', () => {
    expect(isProcessOf(own, stat, NOW, uptime)).toBe(true);
    expect(isProcessOf(own, stat, NOW, uptime + 1)).toBe(true);
  });

  test.each([
    ['another pid', {...own, pid: 41}, stat, uptime],
    ['another program', own, {...stat, program: 'bash'}, uptime],
    ['a process from before the session', own, stat, uptime + 5],
    ['a process from after it began', own, stat, uptime - 5],
    ['a session whose start is hidden', {...own, backendStart: null}, stat, uptime],
  ])('and not for %s', (_, session, process, seconds) => {
    expect(isProcessOf(session, process, NOW, seconds)).toBe(false);
  });
});
