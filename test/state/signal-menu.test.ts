import {describe, expect, test} from 'vitest';
import {startRun} from '../../source/model/batch-run.ts';
import type {State} from '../../source/state/state.ts';
import {batchAbout} from '../helpers/batches.ts';
import {heldPrepared, wanted} from '../helpers/locks.ts';
import {BLOCKED, hidden, NOW, preparedXact, QUIET, running, SECOND, snapshot} from '../helpers/snapshots.ts';
import {collect, dispatched, messageOf, modeOf, press, regionTexts, stateWith} from '../helpers/states.ts';

const entriesOf = (state: State) => regionTexts(press(state, 'f9'), 'dialog').slice(1);
const pidsAskedFor = (state: State) => {
  const {action, targets} = modeOf(state, 'confirm').batch;
  return [action, ...targets.map(({target}) => target.pid)];
};

describe('the menu of signals', () => {
  test('tells what each entry is about and what it frees', () => {
    expect(entriesOf(stateWith(BLOCKED))).toEqual([
      ' > cancel 201 (pg_cancel_backend) · not possible',
      '   terminate 201 (pg_terminate_backend) · frees 1, 2 wait on',
      '   terminate the root blocker · frees 1, 2 wait on',
      '   cancel everything behind this (3) · frees nobody',
    ]);
  });

  test('is about the tagged sessions when there are any', () => {
    expect(entriesOf(press(stateWith(BLOCKED), 'space', 'space'))[1]).toBe(
      '   terminate 2 sessions (pg_terminate_backend) · frees 2',
    );
  });

  test('has nothing to free where nobody waits', () => {
    const state = press(stateWith(QUIET), 'f9');
    expect(regionTexts(state, 'dialog').slice(3)).toEqual([
      '   terminate root blockers · there are none',
      '   cancel everything behind this · nobody waits',
    ]);
    expect(messageOf(press(state, 'end', 'enter'))).toBe('Nobody waits behind this session.');
    expect(messageOf(press(state, 'end', 'up', 'enter'))).toBe('Nobody waits for a lock.');
  });

  test('says why an entry is not possible', () => {
    expect(messageOf(press(stateWith(BLOCKED), 'f9', 'enter'))).toContain(
      '201 is idle in transaction: nothing to cancel, its locks stay. k terminates it.',
    );
  });

  test('terminates the root blockers, and cancels everything behind this', () => {
    expect(pidsAskedFor(press(stateWith(BLOCKED), 'f9', 'end', 'up', 'enter'))).toEqual(['terminate', 201]);
    expect(pidsAskedFor(press(stateWith(BLOCKED), 'f9', 'end', 'enter'))).toEqual(['cancel', 202, 203, 204]);
  });

  test('keeps to the sessions of the moment it was opened', () => {
    const open = collect(press(stateWith(BLOCKED), 'f9', 'end'), QUIET);
    expect(pidsAskedFor(press(open, 'enter'))).toEqual(['cancel', 202, 203, 204]);
  });

  test('cancels the query of the moment it was opened, and no later one', () => {
    const menu = press(stateWith(QUIET), 'f9');
    const later = snapshot({backends: [running(103, 0)]});
    const {targets} = modeOf(press(collect(menu, later), 'enter'), 'confirm').batch;
    expect(targets).toMatchObject([{target: {pid: 103, queryStart: NOW - 300 * SECOND}}]);
  });

  test('compares what a hidden session is told by at the moment it was opened', () => {
    const inTransaction = (virtualTransaction: string) =>
      snapshot({backends: [hidden(7)], virtualTransactions: [[7, virtualTransaction]]});
    const menu = press(stateWith(inTransaction('3/17'), {view: 'all'}), 'f9');
    const {targets} = modeOf(press(collect(menu, inTransaction('3/18')), 'enter'), 'confirm').batch;
    expect(targets).toMatchObject([{target: {kind: 'transaction', virtualTransaction: '3/17'}}]);
  });

  test('tells how to end a prepared transaction at the root', () => {
    const prepared = snapshot({
      backends: [running(2, 1)],
      locks: [heldPrepared(812), wanted(2, NOW)],
      preparedXacts: [preparedXact(812)],
    });
    expect(messageOf(press(stateWith(prepared), 'f9', 'end', 'up', 'enter'))).toContain(
      "ROLLBACK PREPARED 'payout'",
    );
  });
});

describe('what ignored a cancel', () => {
  const run = startRun(1, batchAbout('cancel', 103));
  const ignored = {
    ...run,
    targets: run.targets.map(target => ({
      ...target,
      session: QUIET.byPid.get(103) ?? target.session,
      progress: {type: 'still-there', afterMs: 5000, isRollingBack: false} as const,
    })),
  };
  const state = dispatched(stateWith(QUIET), {type: 'batch-advanced', run: ignored});

  test('is offered to be terminated, wherever the cursor is, and never terminated by itself', () => {
    expect(entriesOf(press(state, 'end'))[0]).toBe(
      ' > terminate 103, which ignored the cancel · frees nobody',
    );
    expect(pidsAskedFor(press(state, 'end', 'f9', 'enter'))).toEqual(['terminate', 103]);
  });

  test('is forgotten with its session', () => {
    expect(entriesOf(collect(state, snapshot({backends: [running(5, 1)]})))[0]).toContain('cancel 5');
  });
});
