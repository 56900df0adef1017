import {expect, test} from 'vitest';
import {processSample} from '../../source/model/process-sample.ts';

const STAT = '40 (postgres) S 12 40 40 0 -1 4194560 900 0 3 0 250 50 0 0 20 0 1 0 123456 221000000 4200 1';
const STATUS =
  'Name:\tpostgres\nVmRSS:\t   20360 kB\nRssAnon:\t    7372 kB\nRssFile:\t    9000 kB\nRssShmem:\t    3988 kB\n';
const IO =
  'rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: 4096\nwrite_bytes: 8192\ncancelled_write_bytes: 5\n';

test('the files of a process tell its time, its memory without what it shares, and what storage moved', () => {
  expect(processSample({stat: STAT, status: STATUS, io: IO}, 7)).toEqual({
    pid: 40,
    parentPid: 12,
    at: 7,
    startTicks: 123_456,
    cpuTicks: 300,
    memoryBytes: 7_372 * 1_024,
    readBytes: 4_096,
    writeBytes: 8_192,
  });
});

test('what may not be read, and what an old kernel does not tell, is null', () => {
  expect(processSample({stat: STAT, status: 'VmRSS:\t20360 kB\n', io: null}, 7)).toMatchObject({
    cpuTicks: 300,
    memoryBytes: null,
    readBytes: null,
    writeBytes: null,
  });
});

test('other files make no sample', () => {
  expect(processSample({stat: '', status: STATUS, io: IO}, 7)).toBeNull();
});
