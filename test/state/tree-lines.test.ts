import {describe, expect, test} from 'vitest';
import type {Backend} from '../../source/model/backend.ts';
import type {Lock} from '../../source/model/lock.ts';
import type {Snapshot} from '../../source/model/snapshot.ts';
import type {State} from '../../source/state/state.ts';
import {plainTree} from '../../source/state/tree-lines.ts';
import {held, heldPrepared, lock, ofAdvisory, ofTransaction, wanted} from '../helpers/locks.ts';
import {
  BLOCKED,
  background,
  NOW,
  preparedXact,
  QUIET,
  running,
  SECOND,
  snapshot,
} from '../helpers/snapshots.ts';
import {press, regionTexts, stateWith} from '../helpers/states.ts';

const EXCLUSIVE = 'ExclusiveLock';
const ROW = ofTransaction(812);
const waiting = (
  backends: readonly Backend[],
  locks: readonly Lock[],
  more: Partial<Snapshot['reading']> = {},
) => plainTree(snapshot({backends, locks, ...more}));

test('the tree of a queue behind a waiting ALTER', () => {
  expect(plainTree(BLOCKED)).toMatchInlineSnapshot(`
    [
      " 201 blocks 3 alice@shop web idle in transaction 10m00s SELECT * FROM orders",
      " └─202 blocks 2 bob@shop migrate waits 1m00s for AccessExclusive on orders ALTER TABLE orders ADD x int",
      "   ├╌203 alice@shop web waits 40s for AccessShare on orders (queued behind) SELECT count(*) FROM orders",
      "   └╌204 alice@shop web waits 30s for RowExclusive on orders (queued behind) UPDATE orders SET paid = true",
    ]
  `);
});

test('no lines while nobody waits', () => {
  expect(plainTree(QUIET)).toEqual([]);
});

test('the guides of a branching forest', () => {
  const chain = (pid: number, after: number) => [
    held(after, EXCLUSIVE, ofAdvisory(after * 100 + pid)),
    wanted(pid, NOW, EXCLUSIVE, ofAdvisory(after * 100 + pid)),
  ];
  const locks = [chain(2, 1), chain(3, 2), chain(4, 3), chain(5, 2), chain(6, 1)].flat();
  const guides = waiting([], locks).map(text => text.replace(/ (blocks|not|waits).*/, ''));
  expect(guides).toEqual([' 1', ' ├─2', ' │ ├─3', ' │ │ └─4', ' │ └─5', ' └─6']);
});

describe('a line says', () => {
  const waiter = running(2, 9);
  const wish = wanted(2, NOW - 9 * SECOND);

  test.each<[string, readonly string[], string]>([
    [
      'what a root is doing and since when',
      waiting([running(1, 60), waiter], [held(1), wish]),
      ' 1 blocks 1 alice@shop web active 1m00s SELECT 1',
    ],
    [
      'that a root left its transaction open',
      waiting([running(1, 60, {state: 'idle in transaction (aborted)'}), waiter], [held(1), wish]),
      ' 1 blocks 1 alice@shop web idle in transaction (aborted) 1m00s SELECT 1',
    ],
    [
      'the kind of a background process',
      waiting([background(1, 'startup'), waiter], [held(1), wish]),
      'startup',
    ],
    [
      'what a running root waits for besides locks',
      waiting([running(1, 60, {waitEventType: 'IO', waitEvent: 'DataFileRead'}), waiter], [held(1), wish]),
      ' active 1m00s IO:DataFileRead',
    ],
    [
      'since when the transaction is open that is waited for',
      waiting([running(1, 60), waiter], [held(1, EXCLUSIVE, ROW), wanted(2, NOW, 'ShareLock', ROW)]),
      ' for Share on transaction 812, open 1m00s',
    ],
    [
      'the same of a prepared transaction',
      waiting([waiter], [lock({...ROW, pid: null, mode: EXCLUSIVE}), wanted(2, NOW, 'ShareLock', ROW)], {
        preparedXacts: [preparedXact(812)],
      }),
      ' on transaction 812, open 2h00m',
    ],
    [
      'how deep it is where the guides end',
      waiting(
        [],
        Array.from({length: 20}, (_, pid) => [
          held(pid + 1, EXCLUSIVE, ofAdvisory(pid)),
          wanted(pid + 2, NOW, EXCLUSIVE, ofAdvisory(pid)),
        ]).flat(),
      ),
      ' 20» ',
    ],
    [
      'that a session is not in the activity',
      waiting([waiter], [held(1), wish]),
      ' 1 blocks 1 not in pg_stat_activity',
    ],
    [
      'how a prepared transaction is ended',
      waiting([waiter], [heldPrepared(812), wish], {preparedXacts: [preparedXact(812)]}),
      " prepared transaction blocks 1 'payout' of alice@shop, 2h00m: only ROLLBACK or COMMIT PREPARED ends it",
    ],
    [
      'for what transaction one waits',
      waiting([waiter], [held(1, EXCLUSIVE, ROW), wanted(2, NOW, 'ShareLock', ROW)]),
      ' waits 0ms for Share on transaction 812',
    ],
    [
      'no age of a wait nobody saw begin',
      waiting([waiter], [held(1), wanted(2, null)]),
      ' waits  for AccessExclusive on orders',
    ],
    [
      'how many are ahead in the queue',
      waiting([waiter, running(3, 5)], [held(1), wish, wanted(3, NOW)]),
      ', 1 ahead in the queue',
    ],
    [
      'that one is only queued',
      waiting([waiter, running(3, 5)], [held(1, 'AccessShareLock'), wish, wanted(3, NOW, 'AccessShareLock')]),
      ' (queued behind)',
    ],
    [
      'which worker of a parallel query waits',
      waiting(
        [running(1, 9), waiter, running(3, 5, {backendType: 'parallel worker', leaderPid: 2})],
        [held(1), wanted(3, NOW)],
      ),
      ', its worker 3',
    ],
    [
      'where a circle closes',
      waiting(
        [],
        [
          held(1, EXCLUSIVE, ofAdvisory(1)),
          held(2, EXCLUSIVE, ofAdvisory(2)),
          wanted(1, 5, EXCLUSIVE, ofAdvisory(2)),
          wanted(2, 6, EXCLUSIVE, ofAdvisory(1)),
        ],
      ),
      'closes a circle (deadlock)',
    ],
    [
      'where the waiters of a repeated line stand',
      waiting(
        [running(3, 5)],
        [
          held(1, 'ShareLock'),
          held(4, 'ShareLock'),
          wish,
          held(2, EXCLUSIVE, ofAdvisory(7)),
          wanted(3, NOW, EXCLUSIVE, ofAdvisory(7)),
        ],
      ),
      ' ↑ its waiters stand above',
    ],
    [
      'that a line stands above too',
      waiting([], [held(1, 'ShareLock'), held(4, 'ShareLock'), wish]),
      ' ↑ stands above too',
    ],
  ])('%s', (_, lines, words) => {
    expect(lines.join('\n')).toContain(words);
  });
});

describe('the panel', () => {
  test('is titled Lock waits and counts who waits behind how many roots', () => {
    const [title] = regionTexts(stateWith(BLOCKED), 'tree');
    expect(title?.trim()).toMatch(/^Lock waits · 3 waiting behind 1 root\b/);
  });

  test('scrolls with its cursor and never takes the table away', () => {
    const queue = Array.from({length: 60}, (_, index) => wanted(index + 2, NOW + index));
    const state = press(
      stateWith(snapshot({locks: [held(1), ...queue]}), {columns: 80, rows: 24}),
      'tab',
      'end',
      '+',
      'end',
    );
    expect(regionTexts(state, 'tree').at(-2)).toContain('61');
    expect(regionTexts(state, 'table').length).toBeGreaterThanOrEqual(4);
  });
});

describe('the last line of the panel, while it has the focus, says what ending the node frees', () => {
  const keys = (...down: readonly string[]) =>
    regionTexts(press(stateWith(BLOCKED), 'tab', ...down), 'tree')
      .at(-1)
      ?.trim();

  test.each<[string, readonly string[], string]>([
    ['a root that is idle', [], 'Ending 201 frees 1 now, 2 stay behind 202 · a cancel does nothing'],
    ['a wish that others are queued behind', ['down'], 'Ending 202 frees 2 now · a cancel frees 2'],
    ['a leaf', ['end'], 'Ending 204 frees 0 now · a cancel frees 0'],
  ])('%s', (_, down, words) => {
    expect(keys(...down)).toBe(words);
  });

  test('a prepared transaction', () => {
    const data = snapshot({
      backends: [running(2, 9)],
      locks: [heldPrepared(812), wanted(2, NOW)],
      preparedXacts: [preparedXact(812)],
    });
    const texts = regionTexts(press(stateWith(data), 'tab'), 'tree');
    expect(texts.at(-1)?.trim()).toBe('Ending this prepared transaction frees 1 now');
  });
});

test('a line marks its session as tagged', () => {
  const marks = (state: State) =>
    regionTexts(state, 'tree').flatMap(text => /^[ │├└─╌]*(\*?20\d) /.exec(text)?.[1] ?? []);
  const onRoot = press(stateWith(BLOCKED), 'tab');
  expect(marks(press(onRoot, 'space'))).toEqual(['*201', '202', '203', '204']);
  expect(marks(press(onRoot, 'b'))).toEqual(['*201', '*202', '*203', '*204']);
  expect(marks(press(onRoot, 'b', 'U'))).toEqual(['201', '202', '203', '204']);
});
