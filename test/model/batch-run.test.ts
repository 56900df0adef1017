import {describe, expect, test} from 'vitest';
import type {Backend} from '../../source/model/backend.ts';
import {type Batch, batchOf} from '../../source/model/batch.ts';
import {
  answered,
  followed,
  givenUp,
  isFinished,
  type Progress,
  startRun,
  unseen,
} from '../../source/model/batch-run.ts';
import type {SignalAction} from '../../source/model/signal.ts';
import type {Snapshot} from '../../source/model/snapshot.ts';
import {hidden, NOW, running, server, snapshot} from '../helpers/snapshots.ts';

const SENT: Progress = {type: 'signalled', atMs: 1000, rollingBackSinceMs: null};

/** What a snapshot says 500 ms after the signal to the one target of a batch. */
function follow(batch: Batch, now: Snapshot, progress: Progress = SENT): Progress {
  const run = startRun(1, batch);
  const [target] = run.targets;
  if (target === undefined) throw new Error('the batch has no target');
  return followed(run, {...target, progress}, now, 1500);
}

/** What is made of that progress when nobody waits any longer. */
function giveUp(batch: Batch, progress: Progress, nowMs: number, now = snapshot()): Progress {
  const run = startRun(1, batch);
  const [target] = run.targets;
  if (target === undefined) throw new Error('the batch has no target');
  return givenUp(run, target, progress, now, nowMs, 5000);
}

function batchBefore(action: SignalAction, before: Partial<Backend> = {}): Batch {
  const data = snapshot({backends: [running(7, 60, before)]});
  return batchOf(action, data.sessions, data);
}

const seen = (differences: Partial<Backend> = {}) => snapshot({backends: [running(7, 60, differences)]});

describe('a target that was signalled', () => {
  test.each<[string, SignalAction, Snapshot, Progress]>([
    ['has ended when it is not there any more', 'terminate', snapshot(), {type: 'ended', afterMs: 500}],
    ['has ended by a cancel too', 'cancel', snapshot(), {type: 'ended', afterMs: 500}],
    [
      'has ended when its pid belongs to another session',
      'terminate',
      seen({backendStart: NOW}),
      {type: 'ended', afterMs: 500},
    ],
    ['is cancelled when it is idle', 'cancel', seen({state: 'idle'}), {type: 'cancelled', afterMs: 500}],
    [
      'is cancelled when it runs its next query',
      'cancel',
      seen({queryStart: NOW}),
      {type: 'cancelled', afterMs: 500},
    ],
    ['is as it was while it runs the same query', 'cancel', seen(), SENT],
    ['has not ended since it is idle', 'terminate', seen({state: 'idle'}), SENT],
  ])('%s', (_, action, now, expected) => {
    expect(follow(batchBefore(action), now)).toEqual(expected);
  });

  test('rolls back from when its transaction id is gone', () => {
    const batch = batchBefore('terminate', {backendXid: '812'});
    const rolling = follow(batch, seen({backendXid: null}));
    expect(rolling).toEqual({...SENT, rollingBackSinceMs: 1500});
    expect(follow(batch, seen({backendXid: '812'}))).toBe(SENT);
    // It committed while the dialog stood, and runs on in another transaction.
    expect(follow(batch, seen({backendXid: null, xactStart: NOW}))).toBe(SENT);
    expect(follow(batch, seen({backendXid: null, queryStart: NOW}))).toBe(SENT);
    expect(follow(batchBefore('terminate'), seen())).toBe(SENT);
    expect(giveUp(batch, rolling, 6000)).toEqual({type: 'still-there', afterMs: 5000, isRollingBack: true});
  });

  test('is not looked for on another server, nor after a restart', () => {
    const {identity} = server();
    for (const other of [
      {...identity, systemIdentifier: '7'},
      {...identity, startedAt: NOW},
      {...identity, address: '10.0.0.8:5432'},
    ])
      expect(follow(batchBefore('terminate'), snapshot({server: server({identity: other})}))).toMatchObject({
        type: 'unknown',
        message: expect.stringContaining('another server'),
      });
  });

  test('is still there when the time to wait is over, and not before', () => {
    const batch = batchBefore('terminate');
    expect(giveUp(batch, SENT, 5999)).toBe(SENT);
    expect(giveUp(batch, SENT, 6000)).toEqual({type: 'still-there', afterMs: 5000, isRollingBack: false});
  });

  test('is not said to be there when no data tell it', () => {
    expect(unseen(SENT, 5999, 5000)).toBe(SENT);
    expect(unseen(SENT, 6000, 5000)).toMatchObject({type: 'unknown'});
  });
});

describe('under a weaker guard', () => {
  const before = snapshot({backends: [hidden(7)], virtualTransactions: [[7, '3/17']]});
  const batch = (action: SignalAction) => batchOf(action, before.sessions, before);
  const later = (virtualTransactions: Snapshot['reading']['virtualTransactions']) =>
    snapshot({backends: [hidden(7)], virtualTransactions});

  test('a cancel has worked when its transaction is over', () => {
    expect(follow(batch('cancel'), later([[7, '3/17']]))).toBe(SENT);
    expect(follow(batch('cancel'), later([]))).toEqual({type: 'cancelled', afterMs: 500});
  });

  test('a cancel is not said to have worked nor to be ignored when the transactions were not read', () => {
    expect(follow(batch('cancel'), later(null))).toBe(SENT);
    expect(giveUp(batch('cancel'), SENT, 6000, later(null))).toMatchObject({type: 'unknown'});
    expect(giveUp(batch('cancel'), SENT, 6000, later([[7, '3/17']]))).toMatchObject({type: 'still-there'});
  });

  test('the end of a transaction is not the end of its session', () => {
    expect(follow(batch('terminate'), later([]))).toBe(SENT);
    expect(follow(batch('terminate'), snapshot())).toEqual({type: 'ended', afterMs: 500});
  });

  test('what came of a cancel is not known where the session is hidden and in no transaction', () => {
    const known = snapshot({backends: [hidden(7)]});
    const cancel = batchOf('cancel', known.sessions, known);
    expect(giveUp(cancel, SENT, 6000)).toMatchObject({type: 'unknown'});
    expect(giveUp({...cancel, action: 'terminate'}, SENT, 6000)).toMatchObject({type: 'still-there'});
  });

  test('a session of another role is another one', () => {
    const known = snapshot({backends: [hidden(7)]});
    const other = snapshot({backends: [{...hidden(7), usesysid: 1}]});
    expect(follow(batchOf('terminate', known.sessions, known), known)).toBe(SENT);
    expect(follow(batchOf('terminate', known.sessions, known), other)).toMatchObject({type: 'ended'});
  });
});

test('an answer is an outcome, but for the one that says that the signal was sent', () => {
  expect(answered({type: 'signalled'}, 7)).toEqual({type: 'signalled', atMs: 7, rollingBackSinceMs: null});
  expect(answered({type: 'gone'}, 7)).toEqual({type: 'gone'});
});

test('a batch is finished when no target waits for anything', () => {
  const run = startRun(1, batchBefore('terminate'));
  const withProgress = (progress: Progress) => ({
    ...run,
    targets: run.targets.map(target => ({...target, progress})),
  });
  expect([isFinished(run), isFinished(withProgress(SENT))]).toEqual([false, false]);
  expect(isFinished(withProgress({type: 'gone'}))).toBe(true);
});
