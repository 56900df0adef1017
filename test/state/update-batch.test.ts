import {describe, expect, test} from 'vitest';
import {type BatchRun, type Progress, startRun} from '../../source/model/batch-run.ts';
import type {ReadAuditRecord} from '../../source/model/read-audit-record.ts';
import type {State} from '../../source/state/state.ts';
import {update} from '../../source/state/update.ts';
import {batchAbout} from '../helpers/batches.ts';
import {dispatched, messageOf, modeOf, press, pressed, regionTexts, stateWith} from '../helpers/states.ts';

const ENDED: Progress = {type: 'ended', afterMs: 4};

function withProgress(run: BatchRun, ...progress: readonly Progress[]): BatchRun {
  const targets = run.targets.map((target, index) => ({
    ...target,
    progress: progress[index] ?? target.progress,
  }));
  return {...run, targets};
}

const MANY = startRun(1, batchAbout('terminate', 1, 2, 3));
const ONE = startRun(2, batchAbout('terminate', 1));
const advance = (state: State, run: BatchRun) => dispatched(state, {type: 'batch-advanced', run});
const panelOf = (state: State) => regionTexts(state, 'dialog');

describe('a batch of several', () => {
  const begun = advance(stateWith(), MANY);

  test('has a panel that tells how far each is, worst first', () => {
    const refused: Progress = {type: 'refused', sqlState: '42501', message: 'no'};
    const lines = panelOf(advance(begun, withProgress(MANY, ENDED, refused)));
    expect(lines.slice(0, 2)).toEqual([
      ' Terminating 3 sessions · Esc stops the rest',
      ' 1 waiting their turn, 1 ended, 1 refused',
    ]);
    expect(lines.slice(2).map(text => text.trim())).toEqual([
      '2 alice@shop web refused: no',
      '3 alice@shop web waits its turn',
      '1 alice@shop web ended after 4 ms',
    ]);
  });

  test('is stopped by Esc while some wait their turn, and closed by Esc after that', () => {
    expect(pressed(begun, 'escape').commands).toEqual([{type: 'stop-batch', id: 1}]);
    const sent = advance(begun, withProgress(MANY, ENDED, ENDED, ENDED));
    expect(press(sent, 'escape').mode.type).toBe('browse');
  });

  test('has no other key do anything', () => {
    for (const key of ['k', 'c', 'y', 'enter', 'space', 'f9', '1'])
      expect(pressed(begun, key)).toMatchObject({state: {mode: {type: 'batch'}}, commands: []});
  });

  test('tells its counts when it is finished, and has the data refreshed', () => {
    const [state, command] = update(begun, {
      type: 'batch-advanced',
      run: withProgress(MANY, ENDED, ENDED, {type: 'gone'}),
    });
    expect([messageOf(state), command, state.runs]).toEqual(['2 ended, 1 gone before.', {type: 'look'}, []]);
  });

  test('goes on when its panel is closed, and does not open it again', () => {
    const sent: Progress = {type: 'signalled', atMs: 0, rollingBackSinceMs: null};
    const closed = press(advance(begun, withProgress(MANY, sent, sent, sent)), 'escape');
    expect(closed.runs).toHaveLength(1);
    const later = advance(closed, withProgress(MANY, ENDED, sent, sent));
    expect(later.mode.type).toBe('browse');
    expect(messageOf(advance(later, withProgress(MANY, ENDED, ENDED, ENDED)))).toBe('3 ended.');
  });

  test('scrolls its list', () => {
    const run = startRun(5, batchAbout('terminate', ...Array.from({length: 40}, (_, index) => index + 1)));
    const state = press(advance(stateWith(), run), 'pagedown');
    expect(modeOf(state, 'batch').scroll).toBe(8);
    expect(panelOf(state).at(-1)).toContain('9 to 20 of 40');
  });
});

describe('a batch of one', () => {
  test('leaves the screen as it was and tells its outcome in the message line', () => {
    const state = advance(stateWith(), ONE);
    expect(state.mode.type).toBe('browse');
    expect(messageOf(advance(state, withProgress(ONE, ENDED)))).toBe('1 ended after 4 ms.');
  });

  test('that rolls back says so before its outcome is known', () => {
    const rolling: Progress = {type: 'signalled', atMs: 0, rollingBackSinceMs: 5};
    const state = advance(advance(stateWith(), ONE), withProgress(ONE, rolling));
    expect(messageOf(state)).toBe('1 has obeyed and is rolling back …');
  });

  test('of two side by side leaves the other under way', () => {
    const other = startRun(3, batchAbout('cancel', 2));
    const state = advance(advance(advance(stateWith(), ONE), other), withProgress(ONE, ENDED));
    expect(state.runs).toEqual([other]);
  });
});

describe('the action log', () => {
  const record: ReadAuditRecord = {
    event: 'signal',
    at: '2026-11-24T14:06:54.000000Z',
    action: 'terminate',
    pid: 7,
    backendStart: null,
    usename: 'alice',
    datname: 'shop',
    applicationName: 'web',
    osUser: 'dba',
    host: 'bastion',
    serverHost: 'db1',
    reason: 'deploy',
    result: null,
    message: null,
    afterMs: null,
  };
  const outcome = {...record, event: 'outcome', result: 'ended', afterMs: 12};
  const open = press(stateWith(), '@');
  const read = (...records: readonly ReadAuditRecord[]) =>
    regionTexts(dispatched(open, {type: 'audit-log-read', records}), 'page').filter(text => text !== '');

  test('is opened by @, which has it read, and left by Esc', () => {
    expect(pressed(stateWith(), '@').commands).toEqual([{type: 'read-audit-log'}]);
    expect(press(open, 'escape').mode.type).toBe('browse');
    expect(press(stateWith(), 'enter', '@', 'q').mode.type).toBe('inspect');
  });

  test('tells each signal with its outcome, the latest first, and its reason', () => {
    const lines = read(record, outcome, {...record, pid: 8});
    expect(lines).toEqual([
      ' Action log · /var/log/pgtop/audit.jsonl',
      ' 2026-11-24 14:06:54 terminate 8 outcome not known · alice@shop web on db1 · by dba',
      '                     reason: deploy',
      ' 2026-11-24 14:06:54 terminate 7 ended after 12 ms · alice@shop web on db1 · by dba',
      '                     reason: deploy',
    ]);
  });

  test('says that nothing has been signalled', () => {
    expect(read()).toContain(' Nothing has been signalled yet.');
  });

  test('has no key that signals', () => {
    expect(press(open, 'k', 'c', 'f9').mode.type).toBe('action-log');
  });
});
