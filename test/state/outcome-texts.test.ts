import {describe, expect, test} from 'vitest';
import {type BatchRun, type Progress, startRun} from '../../source/model/batch-run.ts';
import {countsText, ignoredCancel, progressText, runMessage} from '../../source/state/outcome-texts.ts';
import {batchAbout} from '../helpers/batches.ts';
import {session} from '../helpers/builders.ts';

/** A batch with one target for each of these. */
function runWith(action: 'cancel' | 'terminate', ...progress: readonly Progress[]): BatchRun {
  const run = startRun(1, batchAbout(action, ...progress.map((_, index) => 101 + index)));
  return {
    ...run,
    targets: run.targets.map((target, index) => ({...target, progress: progress[index] ?? target.progress})),
  };
}

const STILL: Progress = {type: 'still-there', afterMs: 5000, isRollingBack: false};

describe('the message about one target', () => {
  test.each<[Progress, 'good' | 'bad', string]>([
    [{type: 'ended', afterMs: 12}, 'good', '101 ended after 12 ms.'],
    [{type: 'cancelled', afterMs: 3}, 'good', '101: query cancelled after 3 ms.'],
    [{type: 'gone'}, 'bad', 'Nothing was signalled: there is no such session any more'],
    [{type: 'moved-on'}, 'bad', 'Nothing was signalled: that query of 101 has ended'],
    [
      {type: 'refused', sqlState: '42501', message: 'permission denied'},
      'bad',
      '101: refused: permission denied',
    ],
    [STILL, 'bad', '101 is still there 5 s after the cancel'],
    [STILL, 'bad', 'F9 offers to terminate it.'],
    [{...STILL, isRollingBack: true}, 'bad', '101 obeyed the cancel and is rolling back, for 5 s so far.'],
    [
      {type: 'unknown', message: 'connection lost'},
      'bad',
      'not known what came of the cancel: connection lost',
    ],
    [{type: 'not-sent', message: 'pgtop ended'}, 'bad', 'not signalled: pgtop ended'],
  ])('tells of %j', (progress, kind, words) => {
    const message = runMessage(runWith('cancel', progress));
    expect([message.kind, message.text]).toEqual([kind, expect.stringContaining(words)]);
  });

  test('says of a hidden session that moved on to another transaction that it may live', () => {
    const run = runWith('terminate', {type: 'moved-on'});
    const targets = run.targets.map(target => ({
      ...target,
      target: {kind: 'transaction', pid: 101, virtualTransaction: '3/17', usesysid: 1, datid: 1} as const,
    }));
    expect(runMessage({...run, targets}).text).toBe(
      'Nothing was signalled: the transaction that 101 was in has ended; the session may live on.',
    );
  });

  test('offers nothing for a session that would not be recognised later', () => {
    const run = runWith('cancel', STILL);
    const targets = run.targets.map(target => ({
      ...target,
      session: session({backend: {backendStart: null}}),
    }));
    expect(runMessage({...run, targets}).text).not.toContain('F9');
    expect(ignoredCancel({...run, targets})).toEqual([]);
  });

  test('has nothing stronger than terminate to offer', () => {
    expect(runMessage(runWith('terminate', STILL)).text).not.toContain('F9');
  });

  test('says that the audit log was not written', () => {
    const run = {...runWith('terminate', {type: 'ended', afterMs: 1}), auditProblem: 'ENOSPC'};
    expect(runMessage(run)).toEqual({
      kind: 'bad',
      text: '101 ended after 1 ms. The audit log was not written: ENOSPC',
    });
  });
});

describe('the message about several', () => {
  const ended: Progress = {type: 'ended', afterMs: 1};

  test('counts them by outcome', () => {
    const run = runWith('terminate', ended, ended, {type: 'gone'}, STILL);
    expect(runMessage(run)).toEqual({kind: 'bad', text: '2 ended, 1 gone before, 1 still there.'});
    expect(runMessage(runWith('terminate', ended, ended))).toEqual({kind: 'good', text: '2 ended.'});
  });

  test('offers to terminate what ignored a cancel, and only that', () => {
    const run = runWith('cancel', {type: 'cancelled', afterMs: 2}, STILL, {...STILL, isRollingBack: true});
    expect(runMessage(run).text).toBe(
      '1 cancelled, 2 still there. F9 offers to terminate the 1 that ignored the cancel.',
    );
    expect(ignoredCancel(run).map(({target}) => target.pid)).toEqual([102]);
  });

  test('counts what is under way', () => {
    expect(
      countsText(runWith('cancel', {type: 'queued'}, {type: 'signalled', atMs: 0, rollingBackSinceMs: null})),
    ).toBe('1 waiting their turn, 1 signalled');
  });
});

test('a target that rolls back is told with the time since', () => {
  const progress: Progress = {type: 'signalled', atMs: 0, rollingBackSinceMs: 1000};
  expect(progressText('terminate', progress, 4200)).toBe('rolling back for 3.2s');
  expect(progressText('terminate', {...progress, rollingBackSinceMs: null}, 4200)).toBe('signalled 4.2s ago');
});
