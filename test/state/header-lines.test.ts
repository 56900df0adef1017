import {describe, expect, test} from 'vitest';
import type {Encryption} from '../../source/model/snapshot.ts';
import {isStale} from '../../source/state/data-age.ts';
import {placeText} from '../../source/state/header-lines.ts';
import type {State} from '../../source/state/state.ts';
import {background, hidden, NOW, QUIET, running, SECOND, server, snapshot} from '../helpers/snapshots.ts';
import {blankState, collect, dispatched, press, regionTexts, START_MS, stateWith} from '../helpers/states.ts';

const headerOf = (state: State) => regionTexts(state, 'header');

describe('the first line', () => {
  test('names the program, the server, its role, the place, the interval and the clock of the data', () => {
    expect(headerOf(stateWith(QUIET))[0]).toBe(
      'pgtop 0.0.0-test · PostgreSQL 18.4, primary · monitor@db.example:5432/shop · 1 s · 14:13:20',
    );
  });

  test('calls a server in recovery a standby', () => {
    const data = snapshot({server: server({inRecovery: true})});
    expect(headerOf(stateWith(data))[0]).toContain('standby');
  });

  test('says that it is read-only', () => {
    expect(headerOf(stateWith(QUIET, {options: {isReadOnly: true}}))[0]).toContain('read-only');
  });

  test.each([
    ['1 s', 1000],
    ['0.2 s', 200],
    ['60 s', 60_000],
  ])('tells an interval of %s', (words, intervalMs) => {
    expect(headerOf(stateWith(QUIET, {intervalMs}))[0]).toContain(` · ${words} · `);
  });

  test.each<[Encryption, string]>([
    [{type: 'tls', version: 'TLS 1.3', isVerified: true}, 'TLS 1.3, verified'],
    [{type: 'tls', version: 'TLS 1.3', isVerified: false}, 'TLS, not verified'],
    [{type: 'plaintext'}, 'plaintext'],
  ])('says of a connection of %j that it is %s', (encryption, words) => {
    const data = snapshot({server: server({encryption})});
    expect(headerOf(stateWith(data))[0]).toContain(`/shop · ${words} · 1 s · 14:13:20`);
    for (const columns of [80, 100]) {
      expect(headerOf(stateWith(data, {columns, rows: 24}))[0]).toMatch(
        new RegExp(`· monitor@.* · ${words} · 1 s · 14:13:20 *$`),
      );
    }
  });

  test('finds room for the clock at 80 columns', () => {
    expect(headerOf(stateWith(QUIET, {columns: 80, rows: 24}))[0]).toMatch(/ · 1 s · 14:13:20$/);
  });
});

test.each([
  ['db.example', 'u@db.example:5432/shop'],
  ['/var/run/postgresql', 'u@/var/run/postgresql:5432/shop'],
  ['::1', 'u@[::1]:5432/shop'],
])('placeText of host %s is %s', (host, text) => {
  expect(placeText({user: 'u', host, port: 5432, database: 'shop'})).toBe(text);
});

describe('the meters', () => {
  const data = snapshot({
    backends: [
      running(1, 1),
      running(2, 1, {state: 'idle'}),
      running(3, 1, {state: 'idle in transaction'}),
      running(4, 1, {state: 'idle in transaction (aborted)'}),
      background(5, 'checkpointer'),
      running(6, 1, {backendType: 'parallel worker', leaderPid: 1}),
    ],
  });

  test('count the sessions of clients by what they do, and the slots with the own connection', () => {
    expect(headerOf(stateWith(data))[1]).toBe(
      'Connections 5/100   active 1   waiting 0   idle in transaction 1   aborted 1   idle 1',
    );
  });

  test('all have room at 80 columns', () => {
    const line = headerOf(stateWith(data, {columns: 80, rows: 24}))[1];
    for (const word of ['5/100', 'active 1', 'waiting 0', 'aborted 1', 'idle 1'])
      expect(line).toContain(word);
  });

  test('count hidden sessions where there are any, and a banner says what is missing', () => {
    const lines = headerOf(stateWith(snapshot({backends: [hidden(1), running(2, 1)], isPartlyHidden: true})));
    expect(lines[1]).toContain('hidden 1');
    expect(lines[1]).toContain('active 1+   waiting 0   idle in transaction n/a');
    expect(lines.at(-1)).toContain('GRANT pg_monitor TO monitor');
  });
});

describe('the banners', () => {
  test('tell what could not be read', () => {
    const data = snapshot({failures: ['pg_locks: canceling statement due to statement timeout']});
    expect(headerOf(stateWith(data)).at(-1)).toBe(' pg_locks: canceling statement due to statement timeout');
  });

  test('stay when the header is off', () => {
    const state = stateWith(snapshot({failures: ['pg_locks: no']}), {header: 'off'});
    expect(headerOf(state)).toEqual([' pg_locks: no']);
  });

  test('are none where all is well', () => {
    expect([headerOf(stateWith(QUIET)).length, headerOf(blankState()).length]).toEqual([5, 0]);
  });
});

describe('a pause', () => {
  test.each([-600, 0, 3_600])(
    'tells the age of its data where the clock of the server goes on by %i s',
    seconds => {
      const paused = press(stateWith(snapshot({collectedAt: NOW})), 'p');
      const later = collect(paused, snapshot({collectedAt: NOW + seconds * SECOND}), START_MS + 5_000);
      expect(headerOf(later).join()).toContain(' Paused · data are 5.0s old');
    },
  );
});

describe('isStale', () => {
  const aged = (ms: number, intervalMs = 1000) =>
    isStale(dispatched(stateWith(QUIET, {intervalMs}), {type: 'clock-ticked', atMs: START_MS + ms}));

  test('follows the interval', () => {
    expect([aged(0), aged(4000), aged(4001), aged(30_000, 10_000), aged(31_001, 10_000)]).toEqual([
      false,
      false,
      true,
      false,
      true,
    ]);
  });

  test('is true at once when the connection is lost', () => {
    const lost = {
      type: 'collection-failed',
      kind: 'lost',
      message: '',
      retryInMs: 0,
      atMs: START_MS,
    } as const;
    expect(isStale(dispatched(stateWith(), lost))).toBe(true);
  });

  test('counts from the change of an interval where that makes it sooner', () => {
    const old = dispatched(stateWith(QUIET, {intervalMs: 60_000}), {
      type: 'clock-ticked',
      atMs: START_MS + 40_000,
    });
    const hurried = press(old, 'z', '1', 'enter');
    const staleIn = (state: typeof old, ms: number) =>
      isStale(dispatched(state, {type: 'clock-ticked', atMs: state.nowMs + ms}));
    expect([isStale(hurried), staleIn(hurried, 3_000), staleIn(hurried, 5_000)]).toEqual([
      false,
      false,
      true,
    ]);
    const slowed = press(stateWith(QUIET), 'z', '6', '0', 'enter');
    expect(staleIn(slowed, 5_000)).toBe(true);
  });
});
