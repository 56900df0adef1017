import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {beforeEach, describe, expect, onTestFinished, test} from 'vitest';
import {defaultAuditPath, openAuditLog} from '../../source/host/audit-log.ts';

let folder = '';
let path = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pgtop-audit-'));
  path = join(folder, 'new', 'audit.jsonl');
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
});

const linesOf = (file: string) => readFileSync(file, 'utf8').split('\n').slice(0, -1);
const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);

describe('the default place', () => {
  test.each([
    [{}, '/home/me/.local/state/pgtop/audit.jsonl'],
    [{XDG_STATE_HOME: '/var/me'}, '/var/me/pgtop/audit.jsonl'],
    [{XDG_STATE_HOME: 'relative'}, '/home/me/.local/state/pgtop/audit.jsonl'],
    [{XDG_STATE_HOME: ''}, '/home/me/.local/state/pgtop/audit.jsonl'],
  ])('under %j is %s', (environment, expected) => {
    expect(defaultAuditPath(environment, '/home/me')).toBe(expected);
  });
});

describe('a log', () => {
  test('is made with its folder at the first line, for its owner only', () => {
    const log = openAuditLog(path);
    expect(existsSync(path)).toBe(false);
    expect([log.append('one', true), log.append('two', false)]).toEqual([null, null]);
    expect(linesOf(path)).toEqual(['one', 'two']);
    expect([modeOf(path), modeOf(join(folder, 'new'))]).toEqual(['600', '700']);
    expect(log.recent()).toEqual(['one', 'two']);
  });

  test('is made with all folders that are missing', () => {
    const deep = join(folder, 'a', 'b', 'c', 'audit.jsonl');
    expect(openAuditLog(deep).append('one', false)).toBeNull();
    expect(linesOf(deep)).toEqual(['one']);
  });

  test('tells at once that no folder can be made where it is to be', () => {
    for (const nowhere of ['/proc/nope/x/audit.jsonl', join(folder, 'new', 'file', 'audit.jsonl')]) {
      openAuditLog(join(folder, 'new', 'file')).append('a file, no folder', false);
      expect(openAuditLog(nowhere).append('one', false)).toMatch(/ENOENT|ENOTDIR|EACCES|EPERM|EROFS/);
    }
  });

  test('shows what others wrote too, and only whole lines', () => {
    const log = openAuditLog(path);
    log.append('one', false);
    appendFileSync(path, 'two\nthr');
    expect(log.recent()).toEqual(['one', 'two']);
  });

  test('begins a new line where another one was cut', () => {
    const log = openAuditLog(path);
    log.append('one', false);
    appendFileSync(path, 'tw');
    log.append('three', false);
    expect(linesOf(path)).toEqual(['one', 'tw', 'three']);
  });

  test('says in the words of the system why it cannot be written, and remembers its own lines', () => {
    const log = openAuditLog('/dev/full/audit.jsonl');
    expect(log.problem()).toContain('/dev/full');
    expect(log.append('one', true)).toContain('/dev/full');
    expect(log.recent()).toEqual(['one']);
    expect(openAuditLog('/dev/full').append('one', true)).toContain('ENOSPC');
  });

  test('that is not kept has no problem and remembers its own lines', () => {
    const log = openAuditLog(null);
    expect([log.problem(), log.append('one', true), log.recent()]).toEqual([null, null, ['one']]);
  });

  test('reads the end of a long file, without the line it begins within', () => {
    const log = openAuditLog(path);
    const long = 'x'.repeat(1000);
    for (let index = 0; index < 500; index++) log.append(`${index} ${long}`, false);
    const recent = log.recent();
    expect(recent.at(-1)).toBe(`499 ${long}`);
    expect(recent.every(line => line.length > 1000)).toBe(true);
    expect(recent.length).toBeGreaterThan(300);
  });
});

describe('a full file', () => {
  test('is put aside under a name of its own and kept', () => {
    const log = openAuditLog(path, 30);
    for (let index = 0; index < 12; index++) log.append(`line ${String(index).padStart(4, '0')}`, false);
    const files = readdirSync(join(folder, 'new')).filter(name => name !== 'audit.jsonl');
    expect(files).toHaveLength(3);
    expect(files.every(name => /^audit-\d{8}T\d{6}\.\d{3}Z-\d+-\d+\.jsonl$/.test(name))).toBe(true);
    const all = [...files, 'audit.jsonl'].flatMap(name => linesOf(join(folder, 'new', name)));
    expect(all.sort()).toEqual(
      Array.from({length: 12}, (_, index) => `line ${String(index).padStart(4, '0')}`),
    );
  });
});

test('several processes add to one log at once, through its rotations, without a torn or lost line', async () => {
  const program = new URL('../fixtures/append-lines.ts', import.meta.url).pathname;
  const writers = ['a', 'b', 'c', 'd'].map(name =>
    spawn(process.execPath, [program, path, name, '300', '20000'], {stdio: 'inherit'}),
  );
  const ends = await Promise.all(writers.map(writer => once(writer, 'exit')));
  expect(ends.map(([code]) => code)).toEqual([0, 0, 0, 0]);
  const files = readdirSync(join(folder, 'new'));
  const lines = files.flatMap(name => linesOf(join(folder, 'new', name))).filter(line => line !== '');
  const records = lines.map(line => JSON.parse(line));
  const names = records.map(({name, index}) => `${name}${index}`);
  expect([names.length, new Set(names).size]).toEqual([1200, 1200]);
  expect(files.length).toBeGreaterThan(5);
});
