import {describe, expect, test} from 'vitest';
import {type DatabaseSize, NO_SIZES} from '../../source/model/database-size.ts';
import type {State} from '../../source/state/state.ts';
import {update} from '../../source/state/update.ts';
import {BLOCKED, NOW, SECOND, server, snapshot} from '../helpers/snapshots.ts';
import {collect, dispatched, messageOf, press, pressed, regionTexts, stateWith} from '../helpers/states.ts';

const MENU = press(stateWith(BLOCKED, {columns: 80, rows: 24}), 'D');
const measured = (state: State, datname: string, megabytes: number | null, second = 0): State => {
  const at = NOW + second * SECOND;
  const size: DatabaseSize =
    megabytes === null
      ? {type: 'not-available', datname, at, reason: `permission denied for database ${datname}`}
      : {type: 'known', datname, at, bytes: megabytes * 2 ** 20};
  return dispatched(state, {type: 'database-measured', size, total: 3});
};
const ended = (state: State, problem: string | null = null) =>
  dispatched(state, {type: 'measuring-ended', problem});
const dialog = (state: State) => regionTexts(state, 'dialog');

describe('the list of databases', () => {
  test('measures nothing by itself', () => {
    expect(dialog(MENU)).toEqual([
      ' Only sessions in · Enter chooses, Esc closes, F2 measures sizes',
      ' > any database',
      '   bank (1)',
      '   shop (5)',
    ]);
  });

  test('F2 measures them, those without sessions too, and keeps the choice where it was', () => {
    const {state, commands} = pressed(MENU, 'down', 'down', 'f2', 'f2');
    expect(commands).toEqual([{type: 'measure-databases'}]);
    const half = measured(state, 'archive', 40);
    expect(dialog(half)).toEqual([
      ' Only sessions in · measuring 1 of 3 … Esc stops',
      '   any database',
      '   archive (0) · 40M',
      '   bank (1)',
      ' > shop (5)',
    ]);
    expect(dialog(ended(measured(measured(half, 'shop', 2), 'bank', 1)))).toEqual([
      ' Only sessions in · Enter chooses, Esc closes, F2 measures growth',
      '   any database · 43M',
      '   archive (0) · 40M',
      '   bank (1) · 1.0M',
      ' > shop (5) · 2.0M',
    ]);
  });

  test('tells no sum when the server has more databases than are measured', () => {
    const part = ended(measured(measured(press(MENU, 'f2'), 'shop', 2), 'bank', 1));
    expect(dialog(part)[1]).toBe(' > any database');
  });

  test('forgets the sizes of one server when another answers, and gives up measuring there', () => {
    const half = measured(press(MENU, 'f2'), 'archive', 40);
    expect(collect(half, BLOCKED).sizes).toBe(half.sizes);
    const identity = {systemIdentifier: '7700000000000000001', startedAt: NOW, address: '10.0.0.7:5432'};
    const other = snapshot({...BLOCKED.reading, server: server({identity})});
    const [state, command] = update(half, {type: 'snapshot-collected', snapshot: other, atMs: 20_000});
    expect([command, state.sizes]).toEqual([{type: 'stop-measuring'}, NO_SIZES]);
    expect(dialog(state).slice(1)).toEqual([' > any database', '   bank (1)', '   shop (5)']);
    expect(update(state, {type: 'snapshot-collected', snapshot: other, atMs: 21_000})[1]).toBeUndefined();
    const paused = press(stateWith(BLOCKED), 'p', 'D', 'f2');
    expect(collect(paused, other).sizes).toBe(paused.sizes);
  });

  test('tells the growth the second time, and why a size is not known', () => {
    const first = ended(measured(measured(press(MENU, 'f2'), 'shop', 2), 'bank', null));
    const again = ended(measured(press(first, 'f2'), 'shop', 3, 90));
    expect(dialog(again).slice(1)).toEqual([
      ' > any database',
      '   bank (1) · n/a: permission denied for database bank',
      '   shop (5) · 3.0M, +1.0M in 1m30s',
    ]);
  });

  test.each(['escape', 'q'])('%s stops the measuring first and closes the list after that', key => {
    const running = measured(press(MENU, 'f2'), 'shop', 2);
    const {state, commands} = pressed(running, key);
    expect([state.mode.type, commands, messageOf(state)]).toEqual([
      'menu',
      [{type: 'stop-measuring'}],
      'Measuring was stopped.',
    ]);
    expect(press(state, key).mode.type).toBe('browse');
    const late = measured(state, 'bank', 1);
    expect(late.sizes).toBe(state.sizes);
  });

  test('a choice stops it too', () => {
    const {state, commands} = pressed(press(MENU, 'f2'), 'end', 'enter');
    expect([state.database, commands]).toEqual(['shop', [{type: 'stop-measuring'}]]);
  });

  test('says why nothing could be measured', () => {
    const state = ended(press(MENU, 'f2'), 'sorry, too many clients already');
    expect(messageOf(state)).toBe('The databases cannot be measured: sorry, too many clients already');
    expect(state.sizes.progress).toBeNull();
  });

  test('F2 does nothing in other lists', () => {
    expect(pressed(press(stateWith(BLOCKED), 'u'), 'f2').commands).toEqual([]);
  });
});
