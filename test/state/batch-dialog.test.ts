import {describe, expect, test} from 'vitest';
import type {Snapshot} from '../../source/model/snapshot.ts';
import type {State} from '../../source/state/state.ts';
import {BLOCKED, background, running, snapshot} from '../helpers/snapshots.ts';
import {
  collect,
  dispatched,
  messageOf,
  modeOf,
  press,
  pressed,
  regionTexts,
  stateWith,
} from '../helpers/states.ts';

const dialogOf = (state: State) => regionTexts(state, 'dialog').join('\n');

/** Sessions of two users and applications, an idle one among them. */
function many(count: number): Snapshot {
  const backends = Array.from({length: count}, (_, index) =>
    running(100 + index, 10 + index, {
      usename: index % 3 === 0 ? 'bob' : 'alice',
      applicationName: index % 2 === 0 ? 'web' : 'batch',
      backendXid: index === 0 ? '7' : null,
    }),
  );
  return snapshot({backends: [...backends, running(99, 1, {state: 'idle'}), background(98, 'checkpointer')]});
}

const asking = (count: number, key = 'k', rows = 40) => press(stateWith(many(count), {rows}), '5', 'A', key);

describe('the dialog about a batch', () => {
  test.each([
    'Terminate 13 sessions?',
    'Nobody else waits behind them. The sessions end, 1 transaction rolls back.',
    '1 more are skipped: 1 background processes.',
    'user alice 9, bob 4',
    'database shop 13',
    'application web 7, batch 6',
    'state active 12, idle 1',
    'skipped: 98 is a checkpointer',
    'type 13: __',
    'n Esc k closes this, nothing is signalled',
  ])('says %j', words => {
    const state = press(asking(12, 'k', 60));
    expect(dialogOf(press(state, 'end'))).toContain(words);
  });

  test('leaves out what has nothing to cancel, and says so', () => {
    const text = dialogOf(asking(3, 'c'));
    expect(text).toContain('Cancel the queries of 3 sessions?');
    expect(text).toMatch(/2 more are skipped: 1 background processes, 1 with nothing to cancel\./);
  });

  test('tells what it frees and what still waits', () => {
    const text = dialogOf(press(stateWith(BLOCKED), 'space', 'space', 'k'));
    expect(text).toContain('2 sessions wait behind them: this frees 2 now.');
  });

  test('scrolls its list by arrows and pages, which confirm nothing', () => {
    const state = asking(30);
    const {state: scrolled, commands} = pressed(state, 'pagedown', 'down', 'end', 'home', 'down');
    expect(commands).toEqual([]);
    expect([dialogOf(state), dialogOf(scrolled)]).toEqual([
      expect.stringContaining('1 to 12 of 32'),
      expect.stringContaining('2 to 13 of 32'),
    ]);
  });

  test('says how many have ended since', () => {
    const state = collect(asking(6), many(4));
    expect(dialogOf(state)).toContain('2 of them have ended since.');
  });

  test.each([
    [40, 10],
    [80, 24],
    [200, 60],
  ])('at %dx%d shows the question and the keys', (columns, rows) => {
    const state = press(stateWith(many(20), {columns, rows}), '5', 'A', 'k');
    const lines = regionTexts(state, 'dialog');
    expect([lines[0], lines.at(-1)]).toEqual([
      expect.stringContaining('Terminate 21 sessions?'),
      expect.stringContaining('type 21: __'),
    ]);
  });

  test('says before the key that the audit log cannot be written, and signals all the same', () => {
    const state = dispatched(asking(1), {type: 'audit-log-checked', problem: 'EACCES: permission denied'});
    expect(dialogOf(state)).toContain('The audit log cannot be written: EACCES: permission denied');
    expect(pressed(state, 'y').commands.at(-1)?.type).toBe('signal');
  });

  test('says that no audit log is kept', () => {
    const state = press(stateWith(many(1), {options: {auditPath: null}}), 'k');
    expect(dialogOf(state)).toContain('No audit log is kept');
  });
});

describe('from five sessions on', () => {
  const state = asking(12);
  const signals = (...keys: readonly string[]) =>
    pressed(state, ...keys).commands.filter(({type}) => type === 'signal');

  test('their number has to be typed before y counts', () => {
    expect(signals('y')).toEqual([]);
    expect(messageOf(press(state, 'y'))).toBe('Type 13 first, then y.');
    expect(signals('1', 'y')).toEqual([]);
    expect(signals('1', '4', 'y')).toEqual([]);
    expect(signals('1', '3', '3', 'y')).toEqual([]);
    expect(signals('1', '3')).toEqual([]);
    expect(signals('1', '3', 'enter')).toEqual([]);
    expect(signals('1', '3', 'y')).toHaveLength(1);
    expect(signals('1', '4', 'backspace', '3', 'y')).toHaveLength(1);
  });

  test('what was typed stands in the dialog', () => {
    expect(dialogOf(press(state, '1'))).toContain('type 13: 1_');
  });

  test.each([4, 3])('not before: %d are confirmed by y alone', count => {
    const few = press(stateWith(many(count)), 'A', 'k');
    expect(modeOf(few, 'confirm').toType).toBeNull();
    expect(pressed(few, 'y').commands.at(-1)?.type).toBe('signal');
  });

  test('digits typed before the dialog was painted do not count', () => {
    const fresh = dispatched(press(stateWith(many(12)), 'A'), {type: 'key-pressed', key: 'k', atMs: 90_000});
    const typed = dispatched(fresh, {type: 'key-pressed', key: '1', atMs: 90_000});
    expect(modeOf(typed, 'confirm').typed).toBe('');
  });
});

describe('when nothing of a batch can be signalled', () => {
  test('the reason of the first is told and no dialog opens', () => {
    const idle = snapshot({backends: [running(1, 1, {state: 'idle'}), running(2, 1, {state: 'idle'})]});
    const state = press(stateWith(idle), '5', 'A', 'c');
    expect(state.mode.type).toBe('browse');
    expect(messageOf(state)).toContain('None of the 2 sessions can be signalled. ');
  });
});

test('a parallel worker stands for its leader', () => {
  const data = snapshot({
    backends: [running(10, 9), running(11, 9, {backendType: 'parallel worker', leaderPid: 10})],
  });
  const state = press(stateWith(data), 'down', 'k');
  expect(modeOf(state, 'confirm').batch.targets[0]?.target.pid).toBe(10);
  expect(dialogOf(state)).toContain('11 is a parallel worker of 10');
});
