import {describe, expect, test} from 'vitest';
import type {Backend} from '../../source/model/backend.ts';
import {lockTableHeight} from '../../source/state/lock-table.ts';
import {screenModel} from '../../source/state/screen-model.ts';
import type {State} from '../../source/state/state.ts';
import {held, heldPrepared, lock, wanted} from '../helpers/locks.ts';
import {BLOCKED, hidden, NOW, preparedXact, running, snapshot} from '../helpers/snapshots.ts';
import {dispatched, modeOf, press, regionTexts, stateWith} from '../helpers/states.ts';

const pageOf = (state: State) => regionTexts(state, 'page').join('\n');
const about = (differences: Partial<Backend>, rows = 60) =>
  press(stateWith(snapshot({backends: [running(7, 65, differences)]}), {rows}), '5', 'enter');

describe('what is told of one session', () => {
  test.each<[string, Partial<Backend>, RegExp]>([
    ['its role', {}, /user +alice/],
    ['its database', {}, /database +shop/],
    ['its application', {}, /application +web/],
    ['its client with the port', {}, /client +10\.0\.0\.7:50123/],
    ['its client by name and address', {clientHostname: 'app1'}, /client +app1:50123 \(10\.0\.0\.7\)/],
    ['its client on a socket', {clientAddr: null, clientPort: -1}, /client +local$/m],
    ['that the connection is in the clear', {}, /TLS +no: the connection is plaintext/],
    ['how the connection is encrypted', {tls: 'TLSv1.3 TLS_AES_256_GCM_SHA384'}, /TLS +TLSv1\.3 TLS_AES/],
    ['its state', {state: 'idle in transaction'}, /state +idle in transaction/],
    ['what it waits for', {waitEventType: 'IO', waitEvent: 'DataFileRead'}, /waits for +IO:DataFileRead/],
    ['since when the query runs', {}, /query age +1m05s \(since 2026-09-21T14:12:15\.000Z\)/],
    ['its transaction id', {backendXid: '812'}, /xid +812/],
    ['its horizon', {backendXmin: '811'}, /xmin +811/],
    ['its query id', {queryId: '-5'}, /query id +-5/],
    ['its query', {query: 'SELECT 42'}, / Query\n SELECT 42/],
    ['that there is no query', {query: ''}, / Query\n none/],
  ])('%s', (_, differences, words) => {
    expect(pageOf(about(differences))).toMatch(words);
  });

  test.each<[string, Partial<Backend>, string]>([
    ['TLS of a socket', {clientAddr: null, clientPort: -1}, 'TLS'],
    ['an age of the query of an idle session', {state: 'idle'}, 'query age'],
    ['a transaction where there is none', {xactStart: null}, 'transaction'],
    ['a transaction id where there is none', {}, ' xid'],
  ])('not %s', (_, differences, words) => {
    expect(pageOf(about(differences))).not.toContain(words);
  });

  test('that it is hidden from this role', () => {
    const state = press(stateWith(snapshot({backends: [hidden(7)]})), 'enter');
    expect(pageOf(state)).toContain('hidden from this role');
  });
});

describe('the relatives of a session', () => {
  test('are whom it waits for, for which lock and since when, and who waits for it', () => {
    const page = pageOf(press(stateWith(BLOCKED), 'down', 'enter'));
    expect(page).toMatch(/lock wait +AccessExclusiveLock on orders, 1m00s/);
    expect(page).toMatch(/blocked by +201 alice@shop \(idle in transaction\)/);
    expect(page).toMatch(/blocks +203 alice@shop \(active\) · 204 alice@shop \(active\)/);
  });

  test('count those who wait through others', () => {
    expect(pageOf(press(stateWith(BLOCKED), 'enter'))).toMatch(/blocks in all 3/);
  });

  test('may be a prepared transaction', () => {
    const data = snapshot({
      backends: [running(2, 1)],
      locks: [heldPrepared(812), wanted(2, NOW)],
      preparedXacts: [preparedXact(812)],
    });
    expect(pageOf(press(stateWith(data), 'enter'))).toMatch(/blocked by +prepared transaction 'payout'/);
  });

  test('are its parallel workers and what they do', () => {
    const worker = running(8, 1, {
      backendType: 'parallel worker',
      leaderPid: 7,
      waitEventType: 'IPC',
      waitEvent: 'MessageQueueSend',
    });
    expect(pageOf(press(stateWith(snapshot({backends: [running(7, 9), worker]})), 'enter'))).toMatch(
      /workers +8 active MessageQueueSend/,
    );
  });

  test('are listed up to a dozen, the rest counted', () => {
    const waiters = Array.from({length: 50}, (_, index) => index + 100);
    const data = snapshot({
      backends: [running(1, 99), ...waiters.map(pid => running(pid, 1))],
      locks: [held(1), ...waiters.map(pid => wanted(pid, NOW + pid))],
    });
    expect(pageOf(press(stateWith(data), 'enter'))).toContain('and 38 more');
  });
});

describe('the page of a session', () => {
  const locks = Array.from({length: 10}, () => lock());
  const read = (state: State) => {
    const {key} = modeOf(state, 'inspect').session;
    const query = Array.from({length: 50}, (_, index) => `line ${index}`).join('\n');
    return dispatched(state, {
      type: 'detail-read',
      detail: {key, query, locks, io: null, lockCount: 400, relationNames: new Map()},
    });
  };
  const state = read(about({}, 24));

  test('has the whole query once it was read, with its line breaks, and how many locks there are in all', () => {
    const page = pageOf(read(about({}, 100)));
    expect([
      page.includes(' line 0\n line 1\n'),
      page.includes(' line 49'),
      page.includes('Locks · 400'),
    ]).toEqual([true, true, true]);
  });

  test('is scrolled line by line and by pages, and back', () => {
    const scrolls = [['down'], ['pagedown'], ['pagedown', 'pageup'], ['end', 'home']].map(
      keys => modeOf(press(state, ...keys), 'inspect').scroll,
    );
    expect(scrolls).toEqual([1, 21, 0, 0]);
  });

  test('ends with the last line of the table of locks, and goes no further', () => {
    for (const keys of [['end'], ['end', 'down'], ['end', 'pagedown']]) {
      const model = screenModel(press(state, ...keys));
      if (model.type !== 'inspect') throw new Error(model.type);
      expect(model.hiddenLockLines + model.lockRoom).toBe(lockTableHeight(locks.length));
    }
  });

  test('wraps a long line of the query to the width of the terminal', () => {
    const texts = regionTexts(about({query: 'column '.repeat(60)}), 'page');
    for (const text of texts) expect(text.length).toBeLessThanOrEqual(120);
    expect(texts.filter(text => text.includes('column column')).length).toBeGreaterThan(3);
  });
});
