import {describe, expect, test} from 'vitest';
import type {Backend} from '../../source/model/backend.ts';
import type {State} from '../../source/state/state.ts';
import {BLOCKED, NOW, QUIET, running, SECOND, snapshot} from '../helpers/snapshots.ts';
import {collect, press, regionTexts, stateWith} from '../helpers/states.ts';

const dialogOf = (state: State) => regionTexts(state, 'dialog').join('\n');
const about = (differences: Partial<Backend>, key = 'k') =>
  dialogOf(press(stateWith(snapshot({backends: [running(7, 65, differences)]})), key));

describe('the dialog names', () => {
  test.each([
    ['what is done to whom', 'Terminate 7?'],
    ['the user', 'alice'],
    ['the database', 'shop'],
    ['the application', 'web'],
    ['the client', '10.0.0.7'],
    ['the state', 'active'],
    ['the age of the query and the transaction', '1m05s'],
    ['the age of the session', '1h00m'],
    ['the head of the query', 'SELECT 1'],
    ['the key that does it', ' y terminates it'],
    ['the keys that close it', 'n Esc k closes this, nothing is signalled'],
  ])('%s', (_, words) => {
    expect(about({})).toContain(words);
  });

  test('whom it is about on the smallest terminal too', () => {
    const asking = press(stateWith(QUIET, {columns: 40, rows: 10}), 'k');
    for (const words of ['Terminate 103?', 'user alice', 'database shop', 'y terminates it'])
      expect(dialogOf(asking)).toContain(words);
  });

  test('that a query is cancelled', () => {
    const text = about({}, 'c');
    for (const words of ['Cancel the query of 7?', ' y cancels it', 'n Esc c closes this'])
      expect(text).toContain(words);
  });

  test.each<[string, Partial<Backend>, string]>([
    ['a client on a socket', {clientAddr: null, clientPort: -1}, 'local'],
    ['an application without a name', {applicationName: ''}, '(none)'],
    ['a session that sent no query', {query: ''}, '(none)'],
    ['the transaction that rolls back', {backendXid: '812'}, 'rolls back'],
    ['the transaction left open that rolls back', {state: 'idle in transaction'}, 'rolls back'],
  ])('%s', (_, differences, words) => {
    expect(about(differences)).toContain(words);
  });

  test('how many wait behind it, and whom it waits for itself', () => {
    expect(dialogOf(press(stateWith(BLOCKED), 'k'))).toContain('3 sessions');
    expect(dialogOf(press(stateWith(BLOCKED), 'down', 'k'))).toMatch(/2 sessions[\s\S]*201/);
  });

  test('that nobody waits behind it', () => {
    expect(about({})).toContain('Nobody waits behind it');
  });
});

describe('while the dialog stands', () => {
  const asking = press(stateWith(QUIET), 'k');

  test.each([
    ['its session has ended', snapshot({backends: [running(101, 1)]}), '103 has ended since'],
    [
      'another session has its pid',
      snapshot({backends: [running(103, 1, {backendStart: NOW})]}),
      '103 has ended since',
    ],
    ['its session runs another query', snapshot({backends: [running(103, 1)]}), 'another query since'],
  ])('it says when %s', (_, data, words) => {
    const state = collect(asking, data);
    expect([dialogOf(asking).includes(words), dialogOf(state).includes(words)]).toEqual([false, true]);
  });

  test('it says nothing while all goes on', () => {
    expect(dialogOf(collect(asking, QUIET))).toBe(dialogOf(asking));
  });

  test('the ages are those of the key press', () => {
    const aged = snapshot({collectedAt: NOW + 60 * SECOND, backends: QUIET.reading.backends});
    expect(dialogOf(collect(asking, aged))).toContain('query 5m00s');
  });

  test('the status of paused data is known too: what is signalled may have ended', () => {
    const paused = press(stateWith(QUIET), 'p', 'k');
    expect(dialogOf(collect(paused, snapshot()))).toContain('103 has ended since');
  });
});

test.each([
  [40, 10],
  [80, 24],
  [300, 100],
])('at %dx%d the question and the keys are in sight, above the message line', (columns, rows) => {
  const lines = regionTexts(press(stateWith(BLOCKED, {columns, rows}), 'k'), 'dialog');
  expect([lines[0], lines.at(-1)]).toEqual([
    expect.stringContaining('Terminate 201?'),
    expect.stringContaining(' y terminates it'),
  ]);
});
