import {describe, expect, test} from 'vitest';
import {COLUMNS} from '../../source/model/columns.ts';
import {filterGrammar} from '../../source/model/filter/filter-grammar.ts';
import {GROUP_COLUMNS} from '../../source/model/group-columns.ts';
import {METERS} from '../../source/model/meters/meters.ts';
import {helpLines} from '../../source/state/help-lines.ts';
import {keyRows} from '../../source/state/key-lines.ts';
import {lineText} from '../../source/state/line.ts';
import {hidden, snapshot} from '../helpers/snapshots.ts';
import {modeOf, press, regionTexts, stateWith} from '../helpers/states.ts';

const help = (columns = 120, keys: 'default' | 'vim' = 'default') =>
  helpLines(stateWith(undefined, {columns, options: {keys}})).map(lineText);
const squeezed = (lines: readonly string[]) => lines.join(' ').replace(/\s+/g, ' ');

describe('help', () => {
  test.each(['default', 'vim'] as const)('has every key of the %s scheme with what it does', keys => {
    const text = squeezed(help(120, keys));
    for (const row of keyRows(keys)) expect(text).toContain(`${row.keys} ${row.description}`);
  });

  test('has every column and every term of the filter with what it means', () => {
    const text = squeezed(help());
    for (const {title, description} of [...COLUMNS, ...GROUP_COLUMNS])
      expect(text).toContain(`${title} ${description}`);
    for (const {form, meaning} of filterGrammar)
      expect(text).toContain(`${form} ${meaning}`.replace(/\s+/g, ' '));
  });

  test('has every meter with what it means, and why it is n/a where it is', () => {
    const text = squeezed(help());
    for (const {caption, description} of METERS) expect(text).toContain(`${caption} ${description}`);
    const partly = helpLines(stateWith(snapshot({backends: [hidden(1)]}), {columns: 300})).map(lineText);
    expect(squeezed(partly)).toContain('n/a now: this role lacks pg_monitor');
  });

  test('helps those who come from pg_activity and htop', () => {
    const text = squeezed(help());
    for (const name of ['pg_activity', 'htop']) expect(text).toContain(name);
  });

  test.each([80, 120, 300])('at %d columns has all its words within the line', columns => {
    const words = squeezed(help(columns)).split(' ');
    for (const line of help(columns)) expect(line.length).toBeLessThanOrEqual(columns);
    expect(words).toEqual(squeezed(help(300)).split(' '));
  });
});

describe('the page of help', () => {
  const state = press(stateWith(undefined, {columns: 80, rows: 24}), 'f1');
  const top = (...keys: readonly string[]) => regionTexts(press(state, ...keys), 'page')[0];

  test('is scrolled line by line, by pages and to its ends', () => {
    const all = help(80).map(text => text.trimEnd());
    expect([top(), top('down'), top('down', 'up'), top('pagedown'), top('end', 'home')]).toEqual([
      all[0],
      all[1],
      all[0],
      all[21],
      all[0],
    ]);
  });

  test('never goes beyond its ends', () => {
    const last = press(state, 'end', 'pagedown', 'down');
    expect(regionTexts(last, 'page').at(-1)).toBe(help(80).at(-1)?.trimEnd());
    expect(top('up', 'pageup')).toBe(top());
  });

  test('scrolls back at once from the end', () => {
    const last = press(state, 'end', 'down', 'down');
    expect(regionTexts(press(last, 'up'), 'page')).not.toEqual(regionTexts(last, 'page'));
  });

  test('stays within its lines when the terminal grows', () => {
    const {scroll} = modeOf(press(state, 'end'), 'help');
    expect(scroll).toBe(help(80).length - 22);
  });
});
