import {expect, test} from 'vitest';
import {batchOf} from '../../source/model/batch.ts';
import {background, hidden, running, snapshot} from '../helpers/snapshots.ts';

const MIXED = snapshot({
  backends: [
    running(1, 5),
    running(2, 5, {state: 'idle'}),
    background(3, 'checkpointer'),
    hidden(4),
    running(5, 5, {backendType: 'parallel worker', leaderPid: 1}),
  ],
});

const summary = ({targets, skipped}: ReturnType<typeof batchOf>) => [
  targets.map(({target}) => target.pid),
  skipped.map(({session, refusal}) => [session.backend.pid, refusal.reason]),
];

test('a batch leaves out what cannot be signalled, and names the reason', () => {
  expect(summary(batchOf('cancel', MIXED.sessions, MIXED))).toEqual([
    [1],
    [
      [2, 'not-cancellable'],
      [3, 'background-process'],
      [4, 'unguarded'],
      [5, 'parallel-worker'],
    ],
  ]);
  expect(summary(batchOf('terminate', MIXED.sessions, MIXED))[0]).toEqual([1, 2]);
});

test('one session alone may go under the weaker guard, unless nobody is there to type its pid', () => {
  const alone = MIXED.sessions.slice(3, 4);
  expect(batchOf('terminate', alone, MIXED).targets[0]?.target.kind).toBe('role');
  expect(batchOf('terminate', alone, MIXED, false).skipped[0]?.refusal.reason).toBe('unguarded');
});

test('what is left out for lack of rights is told so before that it has nothing to cancel', () => {
  const reading = {backends: [running(2, 5, {state: 'idle'})], rights: {isSuperuser: false, roles: []}};
  const stranger = snapshot({
    ...reading,
    rights: {isSuperuser: false, roles: [[16_385, {isSuperuser: false, isOwn: false}]]},
  });
  expect(batchOf('cancel', stranger.sessions, stranger).skipped[0]?.refusal.reason).toBe('not-permitted');
  const unknown = snapshot(reading);
  expect(batchOf('cancel', unknown.sessions, unknown).skipped[0]?.refusal.reason).toBe('not-cancellable');
});
