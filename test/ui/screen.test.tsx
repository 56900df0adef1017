import stringWidth from 'string-width';
import {describe, expect, test} from 'vitest';
import {sanitise} from '../../source/model/sanitise.ts';
import type {Snapshot} from '../../source/model/snapshot.ts';
import {lineText} from '../../source/state/line.ts';
import {screenModel} from '../../source/state/screen-model.ts';
import type {State} from '../../source/state/state.ts';
import {frameOf} from '../helpers/frame.tsx';
import {held, lock, ofTransaction, wanted} from '../helpers/locks.ts';
import {BLOCKED, NOW, preparedXact, QUIET, running, snapshot} from '../helpers/snapshots.ts';
import {blankState, dispatched, modeOf, press, regionTexts, stateWith, write} from '../helpers/states.ts';

/** The session under the cursor inspected, with these locks. */
function inspected(
  state: State,
  locks = [lock(), lock({...ofTransaction(812), mode: 'ShareLock', granted: false})],
): State {
  const inspecting = press(state, 'enter');
  const {key, backend} = modeOf(inspecting, 'inspect').session;
  const relationNames = new Map([['16384/16400', 'orders']]);
  const detail = {
    key,
    query: backend.query.replaceAll(' FROM', '\n  FROM'),
    locks,
    io: null,
    lockCount: locks.length,
    relationNames,
  };
  return dispatched(inspecting, {type: 'detail-read', detail});
}

test('the table with the tree under it at 80x24', () => {
  expect(frameOf(stateWith(BLOCKED, {columns: 80, rows: 24})).join('\n')).toMatchInlineSnapshot(`
    "pgtop 0.0.0-test · 18.4 primary · monitor@db.example:5432/shop · 1 s · 14:13:20
    Conns 7/100  active 4  waiting 3  idle tx 1  aborted 0  idle 1
    xacts ..      hit ..     WAL ..      oldest xact 10m00s 201!
        PID USER  DATABASE STATE   WAIT           TIME▾  BLK QUERY
        201 alice shop     idle tx              !10m00s    3 SELECT * FROM orders
        202 bob   shop     active  Lock:relati+  !1m00s    2 ALTER TABLE orders ADD+
        203 alice shop     active  Lock:relati+    !40s      SELECT count(*) FROM o+
        204 alice shop     active  Lock:relati+    !30s      UPDATE orders SET paid+
        205 alice bank     active                  5.0s      SELECT now()








     Lock waits · 3 waiting behind 1 root · Tab goes there
     201 blocks 3 alice@shop web idle in transaction 10m00s SELECT * FROM orders
     └─202 blocks 2 bob@shop migrate waits 1m00s for AccessExclusive on orders ALTE+
       ├╌203 alice@shop web waits 40s for AccessShare on orders (queued behind) SEL+
       └╌204 alice@shop web waits 30s for RowExclusive on orders (queued behind) UP+
     active · 1 of 5 · by query age
     t Tree Enter Inspect c Cancel k Kill / Filter F6 Sort p Pause F1 Help q Quit"
  `);
});

test('the table with the tree under it at 120x40', () => {
  expect(frameOf(stateWith(BLOCKED, {columns: 120, rows: 40})).join('\n')).toMatchInlineSnapshot(`
    "pgtop 0.0.0-test · PostgreSQL 18.4, primary · monitor@db.example:5432/shop · 1 s · 14:13:20
    Connections 7/100   active 4   waiting 3   idle in transaction 1   aborted 0   idle 1
    xacts ..      hit ..     WAL ..      oldest xact 10m00s 201!       vacuum held ..                lag ..
    xid age ..     free ..    rows out ..      rows in ..      rollbacks ..      temp ..      deadlocks ..
    slots ..           checkpoints ..         archiver ..    prepared ..         autovacuum ..    conflicts ..
        PID USER  DATABASE  APP     CLIENT   STATE      WAIT             TIME▾  BLK QUERY
        201 alice shop      web     10.0.0.7 idle tx                   !10m00s    3 SELECT * FROM orders
        202 bob   shop      migrate 10.0.0.7 active     Lock:relation   !1m00s    2 ALTER TABLE orders ADD x int
        203 alice shop      web     10.0.0.7 active     Lock:relation     !40s      SELECT count(*) FROM orders
        204 alice shop      web     10.0.0.7 active     Lock:relation     !30s      UPDATE orders SET paid = true
        205 alice bank      web     10.0.0.7 active                       5.0s      SELECT now()






















     Lock waits · 3 waiting behind 1 root · Tab goes there
     201 blocks 3 alice@shop web idle in transaction 10m00s SELECT * FROM orders
     └─202 blocks 2 bob@shop migrate waits 1m00s for AccessExclusive on orders ALTER TABLE orders ADD x int
       ├╌203 alice@shop web waits 40s for AccessShare on orders (queued behind) SELECT count(*) FROM orders
       └╌204 alice@shop web waits 30s for RowExclusive on orders (queued behind) UPDATE orders SET paid = true
     active · 1 of 5 · by query age
     t Tree Enter Inspect c Cancel k Kill / Filter F6 Sort p Pause F1 Help q Quit"
  `);
});

test('a session in full with its locks at 120x40', () => {
  expect(frameOf(inspected(stateWith(BLOCKED, {columns: 120, rows: 40}))).join('\n')).toMatchInlineSnapshot(`
    " Session 201
     user          alice
     database      shop
     application   web
     client        10.0.0.7:50123
     TLS           no: the connection is plaintext
     type          client backend
     xid           812
     state         idle in transaction
     query age     10m00s (since 2026-09-21T14:03:20.000Z)
     transaction   10m00s (since 2026-09-21T14:03:20.000Z)
     state age     10m00s (since 2026-09-21T14:03:20.000Z)
     session       1h00m (since 2026-09-21T13:13:20.000Z)
     marked        is idle in transaction for 10m00s
     blocks        202 bob@shop (active)
     blocks in all 3

     Query
     SELECT *
       FROM orders

     Load · last 5.0s
     ·
     not active 100.0%

     Locks · 2
    ┌───────────────┬─────────────────┬─────────┬─────────────────┐
    │ lock          │ mode            │ granted │ object          │
    ├───────────────┼─────────────────┼─────────┼─────────────────┤
    │ relation      │ AccessExclusive │ yes     │ orders          │
    ├───────────────┼─────────────────┼─────────┼─────────────────┤
    │ transactionid │ Share           │ waits   │ transaction 812 │
    └───────────────┴─────────────────┴─────────┴─────────────────┘






     ↑↓ PgUp PgDn scroll c Cancel k Kill p Pause F1 Help Esc back"
  `);
});

test('help at 80x24', () => {
  expect(frameOf(press(stateWith(BLOCKED, {columns: 80, rows: 24}), 'f1')).join('\n')).toMatchInlineSnapshot(`
    " pgtop 0.0.0-test · keys
     Move
     ↑             one up; the cursor follows its session, not the row
     ↓             one down
     PgUp Ctrl-B   a page up
     PgDn Ctrl-F   a page down
     Home g        to the first row
     End G         to the last row
     ←             scroll the query column back
     →             scroll the query column
     Tab S-Tab     between the table and the lock-wait tree
     Views
     1             view active: sessions that are not idle
     2             view waiting: sessions that wait for a lock
     3             view blocking: root blockers and everything behind them, worst
                   first
     4             view idle in transaction: sessions that keep a transaction open
                   and do nothing, oldest transaction first
     5             view all: every server process, background ones too
     6             load: queries, users, applications and wait events by their
                   share of the last five minutes; Enter shows the sessions
     7             groups by user, database, application, client, state, query id
     lines 1 to 22 of 192
     ↑↓ PgUp PgDn scroll Esc q back"
  `);
});

test('a terminal that is too small is told so, politely, with the way out', () => {
  expect(frameOf(stateWith(BLOCKED, {columns: 20, rows: 5}))).toEqual([
    ' pgtop needs 40x10,',
    ' this is 20x5.',
    ' q quits.',
    '',
    '',
  ]);
});

test('the table of locks scrolls through its own lines to the last', () => {
  const locks = Array.from({length: 30}, (_, index) => lock(ofTransaction(index)));
  const frame = frameOf(press(inspected(stateWith(BLOCKED, {columns: 100, rows: 24}), locks), 'end'));
  expect(frame.slice(-5, -2)).toEqual([
    expect.stringMatching(/^├─+┼/),
    expect.stringContaining('transaction 29'),
    expect.stringMatching(/^└─+┴/),
  ]);
  expect(frame[0]).toMatch(/[├│]/);
});

const HOSTILE = [
  '注文テーブルから全部',
  '👍🏽😀🇩🇪',
  'e\u0301\u0301\u0301x',
  '\u001b[2J\u202egnp',
  '한국어 데이터',
  'ก็ำ क्ष',
  'x'.repeat(400),
].map(sanitise);

/** Many sessions whose texts are wide, long or meant to break the screen, and some of them wait. */
const CROWD: Snapshot = snapshot({
  backends: Array.from({length: 500}, (_, index) => {
    const text = (offset: number) => HOSTILE[(index + offset) % HOSTILE.length] ?? '';
    const differences = {
      usename: text(0),
      datname: text(1),
      applicationName: text(2),
      clientHostname: text(3),
    };
    const query = `SELECT ${text(4)} ${text(5)}`;
    const isWaiting = index > 0 && index < 60;
    return running(index + 1, index * 7, {
      ...differences,
      query,
      ...(isWaiting ? {waitEventType: 'Lock', waitEvent: 'relation'} : {}),
      ...(index % 9 === 8 ? {backendType: 'parallel worker', leaderPid: index} : {}),
    });
  }),
  locks: [
    held(1),
    lock({pid: null, virtualtransaction: '-1/812', mode: 'ShareLock'}),
    ...Array.from({length: 59}, (_, index) => wanted(index + 2, NOW - index)),
  ],
  preparedXacts: [preparedXact(812, {gid: HOSTILE[0] ?? '', owner: HOSTILE[4] ?? ''})],
  relationNames: [['16384/16400', HOSTILE[4] ?? '']],
  failures: [HOSTILE.join(' ')],
  isPartlyHidden: true,
});

const SIZES = [
  [1, 1],
  [20, 5],
  [39, 9],
  [40, 10],
  [41, 11],
  [80, 24],
  [120, 40],
  [200, 60],
  [300, 100],
] as const;

const DATA: readonly (readonly [string, State])[] = [
  ['no data yet', blankState()],
  ['no sessions', stateWith(snapshot())],
  ['3 sessions', stateWith(QUIET)],
  ['waits', stateWith(BLOCKED)],
  ['500 hostile sessions', stateWith(CROWD)],
  ['500 hostile sessions in ASCII', stateWith(CROWD, {options: {isAscii: true}})],
];

const MODES: readonly (readonly [string, (state: State) => State])[] = [
  ['browse', state => state],
  ['the tree', state => press(state, 'tab', 'end')],
  ['wrapped, wide, at the end', state => press(state, 'w', 'v', '5', 'end')],
  ['compact header', state => press(state, '#')],
  ['filter', state => write(press(state, '/'), 'query:"SELECT')],
  ['search', state => write(press(state, 'f3'), '注文')],
  ['interval', state => press(state, 'z', '9', '9', 'enter')],
  ['a menu', state => press(state, 'u', 'end')],
  ['a dialog', state => press(state, 'k')],
  ['help', state => press(state, 'f1', 'end')],
  ['inspect', state => press(state, 'enter', 'end')],
  ['pause', state => press(state, 'p')],
  [
    'a lost connection',
    state =>
      dispatched(state, {
        type: 'collection-failed',
        kind: 'lost',
        message: HOSTILE.join(' '),
        retryInMs: 1,
        atMs: 20_000,
      }),
  ],
];

describe.each(SIZES)('at %dx%d', (columns, rows) => {
  test.each(MODES)('%s fills the terminal exactly, whatever the data', (_, enter) => {
    for (const [data, start] of DATA) {
      const state = enter(dispatched(start, {type: 'terminal-resized', columns, rows}));
      const model = screenModel(state);
      const regions = model.type === 'inspect' ? [model.page, model.footer] : model.regions;
      const texts = regions.flatMap(({lines}) => lines.map(lineText));
      const lockRoom = model.type === 'inspect' ? model.lockRoom : 0;
      expect([data, texts.length + lockRoom]).toEqual([data, rows]);
      for (const text of texts) expect([data, text, stringWidth(text)]).toEqual([data, text, columns]);
    }
  });
});

/** The data that are drawn too: those that fill the screen in the most different ways. */
const DRAWN: readonly string[] = ['waits', '500 hostile sessions'];

describe.each([
  [40, 10],
  [80, 24],
  [120, 40],
] as const)('drawn at %dx%d', (columns, rows) => {
  test.each(MODES)(
    '%s has a line for each row, none too wide, and ends with what the keys do',
    (_, enter) => {
      for (const [data, start] of DATA.filter(([name]) => DRAWN.includes(name))) {
        const state = enter(dispatched(start, {type: 'terminal-resized', columns, rows}));
        const frame = frameOf(state);
        expect([data, frame.length, frame.at(-1)]).toEqual([data, rows, regionTexts(state, 'footer').at(-1)]);
        for (const text of frame) expect(stringWidth(text)).toBeLessThanOrEqual(columns);
      }
    },
  );
});
