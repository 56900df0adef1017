import {describe, expect, test} from 'vitest';
import {terminateStatementFor} from '../../source/state/copy-text.ts';
import {sortOf} from '../../source/state/table-rows.ts';
import {heldPrepared, wanted} from '../helpers/locks.ts';
import {BLOCKED, NOW, preparedXact, QUIET, running, snapshot} from '../helpers/snapshots.ts';
import {
  dispatched,
  messageOf,
  modeOf,
  pidsOf,
  press,
  pressed,
  regionTexts,
  stateWith,
  write,
} from '../helpers/states.ts';

describe('the keys of what is shown', () => {
  test('i shows and hides idle sessions, and says which', () => {
    const shown = press(stateWith(BLOCKED), 'i');
    expect([pidsOf(shown).includes(206), messageOf(shown)]).toEqual([true, 'Idle sessions are shown.']);
    expect([pidsOf(press(shown, 'i')).includes(206), messageOf(press(shown, 'i'))]).toEqual([
      false,
      'Idle sessions are hidden.',
    ]);
  });

  test('i hides them from the view of all', () => {
    expect(pidsOf(press(stateWith(BLOCKED), '5', 'i')).includes(206)).toBe(false);
  });

  test.each(['2', '3', '4'])('i says that it has no say in view %s', view => {
    expect(press(stateWith(BLOCKED), view, 'i')).toMatchObject({showIdle: null, message: {kind: 'note'}});
  });

  test('d goes through the four durations and says which', () => {
    const keys = ['d', 'd', 'd', 'd'];
    const told = keys
      .map((_, index) => press(stateWith(), ...keys.slice(0, index + 1)))
      .map(state => [state.duration, messageOf(state)]);
    expect(told).toEqual([
      ['xact', expect.stringContaining('transaction')],
      ['state', expect.stringContaining('state')],
      ['session', expect.stringContaining('session')],
      ['query', expect.stringContaining('query')],
    ]);
  });

  test('# goes from full to compact, off and back', () => {
    const heights = [[], ['#'], ['#', '#'], ['#', '#', '#']].map(
      keys => regionTexts(press(stateWith(), ...keys), 'header').length,
    );
    expect(heights).toEqual([5, 1, 0, 5]);
  });

  test('v goes through the layouts, w wraps and unwraps', () => {
    const layouts = [['v'], ['v', 'v'], ['v', 'v', 'v']].map(keys => press(stateWith(), ...keys).layout);
    expect(layouts).toEqual(['wide', 'narrow', 'normal']);
    expect([press(stateWith(), 'w').isWrapped, press(stateWith(), 'w', 'w').isWrapped]).toEqual([
      true,
      false,
    ]);
  });

  test('I reverses the order and keeps the column', () => {
    const state = press(stateWith(QUIET), 'I');
    expect([sortOf(state), pidsOf(state)]).toEqual([{column: 'time', descending: false}, [101, 102, 103]]);
  });
});

describe('< and >', () => {
  const walk = (key: string, steps: number, state = stateWith()) =>
    sortOf(press(state, ...Array.from({length: steps}, () => key)));

  test('go over the columns on screen and stop at both ends', () => {
    expect(
      [walk('>', 1), walk('>', 2), walk('>', 9), walk('<', 1), walk('<', 20)].map(({column}) => column),
    ).toEqual(['blk', 'query', 'query', 'wait', 'pid']);
  });

  test('begin with what is of interest: long and many first, names from A', () => {
    expect([walk('>', 1).descending, walk('<', 1).descending, walk('<', 20).descending]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('pass over columns for which there is no room', () => {
    const narrow = stateWith(QUIET, {columns: 40, rows: 24});
    expect([walk('<', 1, narrow), walk('<', 2, narrow)].map(({column}) => column)).toEqual(['pid', 'pid']);
  });
});

describe('+ and -', () => {
  test.each([
    ['+', 1000, 2000],
    ['-', 1000, 500],
    ['+', 700, 1000],
    ['-', 700, 500],
    ['+', 60_000, 60_000],
    ['-', 200, 200],
  ])('%s makes %d ms into %d', (key, before, intervalMs) => {
    const {state, commands} = pressed(stateWith(QUIET, {intervalMs: before}), key);
    expect([state.intervalMs, commands]).toEqual([intervalMs, [{type: 'set-interval', intervalMs}]]);
    expect(messageOf(state)).toBe(`A refresh every ${intervalMs / 1000} s.`);
  });
});

describe('keys for the outside', () => {
  test.each([
    ['R', 'refresh'],
    ['ctrl+r', 'refresh'],
    ['ctrl+l', 'redraw'],
    ['ctrl+z', 'suspend'],
    ['q', 'quit'],
    ['f10', 'quit'],
    ['ctrl+c', 'quit'],
  ])('%s asks for %s', (key, type) => {
    expect(pressed(stateWith(), key).commands).toEqual([{type}]);
  });

  test('y copies the query under the cursor, as the server has it', () => {
    const session = BLOCKED.byPid.get(202);
    expect(pressed(stateWith(BLOCKED), 'down', 'y').commands).toEqual([{type: 'copy-query', session}]);
  });

  test('y copies the whole query of the session that is inspected, once it was read', () => {
    const inspecting = press(stateWith(QUIET), 'enter');
    const {key} = modeOf(inspecting, 'inspect').session;
    const detail = {key, query: 'SELECT\n  1', locks: [], io: null, lockCount: 0, relationNames: new Map()};
    const read = dispatched(inspecting, {type: 'detail-read', detail});
    expect(pressed(read, 'y').commands).toEqual([{type: 'copy', text: 'SELECT\n  1'}]);
  });

  test('Y copies a statement that terminates the session, also with --read-only', () => {
    const {commands} = pressed(stateWith(QUIET, {options: {isReadOnly: true}}), 'Y');
    const [session] = QUIET.sessions.slice(-1);
    expect(commands).toEqual([{type: 'copy', text: session && terminateStatementFor(session)}]);
  });

  test.each(['y', 'Y', 'enter'])('%s says that nobody is there in an empty table', key => {
    const {state, commands} = pressed(stateWith(snapshot()), key);
    expect([messageOf(state), commands]).toEqual(['There is no session under the cursor.', []]);
  });
});

describe('Enter', () => {
  test('inspects the session under the cursor and asks for its detail', () => {
    const {state, commands} = pressed(stateWith(BLOCKED), 'down', 'enter');
    expect([modeOf(state, 'inspect').session.backend.pid, commands]).toEqual([202, [{type: 'read-detail'}]]);
  });

  test('inspects the session under the cursor of the tree', () => {
    expect(modeOf(press(stateWith(BLOCKED), 'tab', 'end', 'enter'), 'inspect').session.backend.pid).toBe(204);
  });

  test('says how a prepared transaction is ended, which has no session', () => {
    const data = snapshot({
      backends: [running(2, 1)],
      locks: [heldPrepared(812), wanted(2, NOW)],
      preparedXacts: [preparedXact(812)],
    });
    const state = press(stateWith(data), 'tab', 'enter');
    expect([state.mode.type, messageOf(state)]).toEqual([
      'browse',
      expect.stringContaining("ROLLBACK PREPARED 'payout'"),
    ]);
  });
});

describe('Esc and q', () => {
  test.each(['escape', 'q'])('%s leaves inspect and help for the table', key => {
    for (const opener of ['enter', 'f1']) {
      const {state, commands} = pressed(press(stateWith(), opener), key);
      expect([state.mode, state.detail, commands]).toEqual([{type: 'browse'}, null, []]);
    }
  });

  test('Esc clears the filter first and what was picked next, and never quits', () => {
    const all = press(write(press(stateWith(BLOCKED), 'u', 'a', 'enter', '/'), 'orders'), 'enter');
    const told = [[], ['escape'], ['escape', 'escape'], ['escape', 'escape', 'escape']].map(keys =>
      pressed(all, ...keys),
    );
    expect(told.map(({state}) => [state.filter?.text, state.user])).toEqual([
      ['orders', 'alice'],
      [undefined, 'alice'],
      [undefined, null],
      [undefined, null],
    ]);
    expect(told.flatMap(({commands}) => commands)).toEqual([]);
  });

  test('Esc forgets the search last', () => {
    const searched = press(write(press(stateWith(BLOCKED), 'f3'), 'alter'), 'enter');
    expect([searched.search, press(searched, 'escape').search]).toEqual(['alter', '']);
  });
});

test('the message of a key goes with the next key', () => {
  const state = press(stateWith(), 'd');
  expect([state.message === null, press(state, 'down').message]).toEqual([false, null]);
});

test('a key that nothing is bound to changes nothing but the clock', () => {
  const before = stateWith();
  const {state, commands} = pressed(before, 'ctrl+x', 'f12', 'é');
  expect([{...state, nowMs: 0}, commands]).toEqual([{...before, nowMs: 0}, []]);
});
