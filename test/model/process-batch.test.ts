import {describe, expect, test} from 'vitest';
import {type Batch, batchOf} from '../../source/model/batch.ts';
import {answered, followed, givenUp, startRun} from '../../source/model/batch-run.ts';
import type {SignalAction} from '../../source/model/signal.ts';
import {FULL, POSTMASTER, processesSnapshot, serverProcess} from '../helpers/server-processes.ts';
import {snapshot} from '../helpers/snapshots.ts';

const SHOWN = processesSnapshot(FULL);

function about(action: SignalAction, pids: readonly number[], shown = SHOWN): Batch {
  const sessions = shown.sessions.filter(({backend}) => pids.includes(backend.pid));
  return batchOf(action, sessions, shown);
}
const refusal = (batch: Batch) => batch.skipped.map(({refusal: {text}}) => text);

describe('a process of a full server', () => {
  test('is told by its own start and that of its postmaster', () => {
    expect(about('terminate', [11]).targets.map(({target}) => target)).toEqual([
      {
        kind: 'process',
        pid: 11,
        startTicks: 300_000,
        postmaster: {pid: POSTMASTER.pid, startTicks: POSTMASTER.startTicks},
        title: 'postgres: web shop 10.0.0.7(50123) SELECT',
      },
    ]);
  });

  test.each([
    ['terminate', [9], ['9 is a checkpointer, which belongs to the server: it is not signalled.']],
    ['cancel', [14], ['14 is idle: nothing to cancel.']],
    [
      'terminate',
      [11, 12],
      Array.from({length: 2}, () => 'Without a connection processes are signalled one at a time.'),
    ],
  ] as const)('is left alone: %s %j', (action, pids, texts) => {
    const batch = about(action, pids);
    expect([batch.targets, refusal(batch)]).toEqual([[], texts]);
  });

  test('is left alone without the right, and while it is stopped', () => {
    const foreign = processesSnapshot(FULL, {whyNoSignal: 'only postgres or root may send signals here'});
    expect(refusal(about('terminate', [11], foreign))).toEqual([
      '11: only postgres or root may send signals here.',
    ]);
    const stopped = processesSnapshot([serverProcess(11, 'postgres: web shop [local] SELECT', {state: 'T'})]);
    expect(refusal(about('terminate', [11], stopped))).toEqual([
      '11 is stopped (SIGSTOP): it takes no signal before it is continued.',
    ]);
  });

  test('can be cancelled where its title does not tell what it does', () => {
    const mute = processesSnapshot([serverProcess(11, 'postgres: web shop [local]')]);
    expect(about('cancel', [11], mute).targets).toHaveLength(1);
  });
});

describe('a process that was signalled', () => {
  const runOf = (action: SignalAction, shown = SHOWN) => {
    const run = startRun(1, about(action, [11], shown));
    const [target] = run.targets;
    if (target === undefined) throw new Error('nothing is signalled');
    return {run, target: {...target, progress: answered({type: 'signalled'}, 1_000)}};
  };
  const progressAfter = (action: SignalAction, title: string | null, startTicks = 300_000) => {
    const {run, target} = runOf(action);
    const left =
      title === null ? [] : [serverProcess(11, `postgres: web shop 10.0.0.7(50123) ${title}`, {startTicks})];
    return followed(run, target, processesSnapshot(left), 1_040);
  };

  test.each([
    ['terminate', null, {type: 'ended', afterMs: 40}],
    ['terminate', 'SELECT', {type: 'signalled'}],
    ['cancel', 'SELECT', {type: 'signalled'}],
    ['cancel', 'SELECT waiting', {type: 'signalled'}],
    ['cancel', 'UPDATE', {type: 'cancelled', afterMs: 40}],
    ['cancel', 'idle', {type: 'cancelled', afterMs: 40}],
    ['cancel', 'idle in transaction (aborted)', {type: 'cancelled', afterMs: 40}],
    ['cancel', null, {type: 'ended', afterMs: 40}],
  ] as const)('by %s, and is %j by then, is told so', (action, title, progress) => {
    expect(progressAfter(action, title)).toMatchObject(progress);
  });

  test('has ended when another one has its pid', () => {
    expect(progressAfter('terminate', 'SELECT', 300_001)).toMatchObject({type: 'ended'});
  });

  test('is told of by the process table only', () => {
    const {run, target} = runOf('terminate');
    expect(followed(run, target, snapshot(), 1_040)).toBe(target.progress);
    expect(givenUp(run, target, target.progress, snapshot(), 9_000, 5_000)).toBe(target.progress);
  });

  test('is still there, and of a cancel nobody knows where the title is the same or mute', () => {
    const {run, target} = runOf('terminate');
    expect(givenUp(run, target, target.progress, SHOWN, 9_000, 5_000)).toMatchObject({type: 'still-there'});
    const same = runOf('cancel');
    expect(givenUp(same.run, same.target, same.target.progress, SHOWN, 9_000, 5_000)).toEqual({
      type: 'unknown',
      message:
        'the signal was sent, and the process table does not tell whether it still runs the same command',
    });
    const mute = processesSnapshot([serverProcess(11, 'postgres: web shop [local]')]);
    const unseen = runOf('cancel', mute);
    expect(givenUp(unseen.run, unseen.target, unseen.target.progress, mute, 9_000, 5_000)).toEqual({
      type: 'unknown',
      message: 'the signal was sent, and the title of the process does not tell what it does',
    });
  });
});
