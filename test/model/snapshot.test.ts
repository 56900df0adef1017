import {describe, expect, test} from 'vitest';
import type {Reading} from '../../source/model/snapshot.ts';
import {snapshotOf, waitsOf} from '../../source/model/snapshot.ts';
import {softOf} from '../../source/model/wait-graph.ts';
import {held, heldPrepared, wanted} from '../helpers/locks.ts';
import {
  BLOCKED,
  background,
  hidden,
  NOW,
  preparedXact,
  reading,
  running,
  SECOND,
  snapshot,
} from '../helpers/snapshots.ts';

const WORKER = {backendType: 'parallel worker', leaderPid: 20};

describe('the ages of a session', () => {
  test('are those of its timestamps on the clock of the reading', () => {
    const {sessions} = snapshot({
      backends: [
        running(1, 0, {
          queryStart: NOW - 1.5 * SECOND,
          xactStart: NOW - 60 * SECOND,
          stateChange: NOW - SECOND,
          backendStart: NOW - 3600 * SECOND,
        }),
      ],
    });
    expect(sessions[0]).toMatchObject({
      queryAgeMs: 1500,
      xactAgeMs: 60_000,
      stateAgeMs: 1000,
      sessionAgeMs: 3_600_000,
    });
  });

  test('are 0 for what the server began after its clock was read', () => {
    expect(snapshot({backends: [running(1, -5)]}).sessions[0]?.queryAgeMs).toBe(0);
  });

  test('are null where nothing is known', () => {
    const ages = {queryAgeMs: null, xactAgeMs: null, stateAgeMs: null, sessionAgeMs: null};
    expect(snapshot({backends: [hidden(1)]}).sessions[0]).toMatchObject(ages);
  });
});

describe('a snapshot', () => {
  test('has a session for every backend, in the order of the reading', () => {
    const {sessions, byPid} = snapshot({backends: [running(9, 1), background(3, 'checkpointer'), hidden(5)]});
    expect(sessions.map(({backend}) => backend.pid)).toEqual([9, 3, 5]);
    expect([...byPid.keys()]).toEqual([9, 3, 5]);
  });

  test('tells two sessions apart that have had the same pid', () => {
    const keys = [0, 1].map(
      start => snapshot({backends: [running(7, 1, {backendStart: start})]}).sessions[0]?.key,
    );
    expect(new Set(keys).size).toBe(2);
  });

  test('says whom each session waits for and how many wait behind it', () => {
    const told = BLOCKED.sessions.map(({backend, blockedBy, blocksDirectly, blocksInTotal}) => [
      backend.pid,
      blockedBy,
      blocksDirectly,
      blocksInTotal,
    ]);
    expect(told).toEqual([
      [201, [], 1, 3],
      [202, [201], 2, 2],
      [203, [202], 0, 0],
      [204, [202], 0, 0],
      [205, [], 0, 0],
      [206, [], 0, 0],
    ]);
  });

  test('names a prepared transaction among the blockers 0, as pg_blocking_pids does', () => {
    const locks = [heldPrepared(812, 'RowShareLock'), held(1, 'RowShareLock'), wanted(2, NOW)];
    const {byPid, preparedXacts} = snapshot({
      backends: [running(2, 1)],
      locks,
      preparedXacts: [preparedXact(812)],
    });
    expect([byPid.get(2)?.blockedBy, preparedXacts.get(-812)?.gid]).toEqual([[0, 1], 'payout']);
  });

  test('counts what waits behind a parallel query at its leader only', () => {
    const backends = [running(20, 9), running(21, 9, WORKER), running(30, 5)];
    const {byPid} = snapshot({backends, locks: [held(21), wanted(30, NOW)]});
    expect([20, 21].map(pid => byPid.get(pid)?.blocksInTotal)).toEqual([1, 0]);
  });

  test('comes out the same from a reading that was written down and read again', () => {
    const again: Reading = JSON.parse(JSON.stringify(BLOCKED.reading));
    expect(snapshotOf(again)).toEqual(BLOCKED);
  });
});

describe('waitsOf', () => {
  const undecided = reading({
    backends: [running(1, 9), running(2, 5), running(3, 5)],
    locks: [held(1, 'AccessShareLock'), wanted(2, null), wanted(3, null)],
  });
  const told = (given: Reading) =>
    waitsOf(given).map(wait => ({waiter: wait.waiter, hard: wait.hard, soft: softOf(wait)}));

  test('takes the word of pg_blocking_pids for those whom the locks do not decide', () => {
    expect(
      told({
        ...undecided,
        blockingPids: [
          [2, [1, 3]],
          [3, [1]],
        ],
      }),
    ).toEqual([
      {waiter: 2, hard: [1], soft: [3]},
      {waiter: 3, hard: [1], soft: []},
    ]);
  });

  test('takes the moment a wait was first seen where the server tells none', () => {
    const waits = waitsOf({...undecided, firstSeen: [[2, NOW - SECOND]]});
    expect(waits.map(({since}) => since)).toEqual([NOW - SECOND, null]);
  });

  test('prefers the waitstart of the server to the moment a wait was first seen', () => {
    const known = reading({locks: [held(1), wanted(2, NOW - 9 * SECOND)], firstSeen: [[2, NOW - SECOND]]});
    expect(waitsOf(known)[0]?.since).toBe(NOW - 9 * SECOND);
  });
});
