import {describe, expect, test} from 'vitest';
import type {AuditNote} from '../../source/commands/audit-note.ts';
import {createSignalEngine, type EngineOutside} from '../../source/commands/signal-engine.ts';
import {batchOf} from '../../source/model/batch.ts';
import type {BatchRun} from '../../source/model/batch-run.ts';
import type {SignalAnswer} from '../../source/model/signal.ts';
import {batchAbout} from '../helpers/batches.ts';
import {running, snapshot} from '../helpers/snapshots.ts';

type Event = readonly [what: string, pid: number, result?: string | null];

/** An engine on a server that answers as told and whose sessions of `left` are there to the end. */
function engineOn(
  answerOf: (pid: number) => SignalAnswer,
  left: readonly number[] = [],
  outside: Partial<EngineOutside> = {},
) {
  const events: Event[] = [];
  const runs: BatchRun[] = [];
  const engine = createSignalEngine({
    send: async (_, {pid}) => {
      events.push(['send', pid]);
      return answerOf(pid);
    },
    note: ({event, pid, result}: AuditNote) => {
      events.push([event, pid, result]);
      return null;
    },
    refresh: () => engine.observe(snapshot({backends: left.map(pid => running(pid, 5))})),
    onChange: run => runs.push(run),
    waitMs: 200,
    clockMs: () => performance.now(),
    ...outside,
  });
  return {engine, events, runs};
}

const SIGNALLED: SignalAnswer = {type: 'signalled'};
const typesOf = (run: BatchRun) => run.targets.map(({progress}) => progress.type);

describe('a batch', () => {
  test('has each signal noted before it is sent, one after another, and its outcome after that', async () => {
    const {engine, events} = engineOn(() => SIGNALLED);
    const run = await engine.run(batchAbout('terminate', 1, 2));
    expect(typesOf(run)).toEqual(['ended', 'ended']);
    const sends = events.filter(([what]) => what !== 'outcome');
    expect(sends).toEqual([
      ['signal', 1, null],
      ['send', 1],
      ['signal', 2, null],
      ['send', 2],
    ]);
    expect(events.filter(([what]) => what === 'outcome')).toEqual([
      ['outcome', 1, 'ended'],
      ['outcome', 2, 'ended'],
    ]);
  });

  test('tells each outcome apart', async () => {
    const answers: Record<number, SignalAnswer> = {
      1: {type: 'gone'},
      2: {type: 'refused', sqlState: '42501', message: 'no'},
      3: {type: 'unknown', message: 'lost'},
      4: {type: 'moved-on'},
    };
    const {engine, events} = engineOn(pid => answers[pid] ?? SIGNALLED, [6]);
    const run = await engine.run(batchAbout('cancel', 1, 2, 3, 4, 5, 6));
    expect(typesOf(run)).toEqual(['gone', 'refused', 'unknown', 'moved-on', 'ended', 'still-there']);
    expect(
      new Map(events.flatMap(([what, pid, result]) => (what === 'outcome' ? [[pid, result]] : []))),
    ).toEqual(
      new Map([
        [1, 'gone'],
        [2, 'refused'],
        [3, 'unknown'],
        [4, 'moved-on'],
        [5, 'ended'],
        [6, 'still-there'],
      ]),
    );
  });

  test('leaves the rest alone when it is stopped', async () => {
    const {engine, events} = engineOn(pid => {
      if (pid === 2) engine.stop(1);
      return SIGNALLED;
    });
    const run = await engine.run(batchAbout('terminate', 1, 2, 3, 4));
    expect(typesOf(run)).toEqual(['ended', 'ended', 'not-sent', 'not-sent']);
    expect(events.filter(([what]) => what === 'send')).toHaveLength(2);
    expect(events).toContainEqual(['outcome', 4, 'not-sent']);
  });

  test('goes out at 40 signals a second at most', async () => {
    const {engine} = engineOn(() => SIGNALLED);
    const startedAt = performance.now();
    await engine.run(batchAbout('terminate', ...Array.from({length: 11}, (_, index) => index + 1)));
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(10 * 25 - 15);
  });

  test('notes what is skipped without sending anything', async () => {
    const data = snapshot({backends: [running(1, 5), running(2, 5, {state: 'idle'})]});
    const {engine, events} = engineOn(() => SIGNALLED);
    await engine.run(batchOf('cancel', data.sessions, data));
    expect(events[0]).toEqual(['outcome', 2, 'refused']);
    expect(events).not.toContainEqual(['send', 2]);
  });

  test('goes on when the log cannot be written, and says so', async () => {
    const {engine} = engineOn(() => SIGNALLED, [], {note: () => 'ENOSPC'});
    expect(await engine.run(batchAbout('terminate', 1))).toMatchObject({
      auditProblem: 'ENOSPC',
      targets: [{progress: {type: 'ended'}}],
    });
  });

  test('does not say that a target is there when no data have come', async () => {
    let now = 0;
    const {engine} = engineOn(() => SIGNALLED, [], {refresh: () => undefined, clockMs: () => (now += 500)});
    expect(typesOf(await engine.run(batchAbout('terminate', 1)))).toEqual(['unknown']);
  });

  test('tells of every step', async () => {
    const {engine, runs} = engineOn(() => SIGNALLED);
    await engine.run(batchAbout('terminate', 1));
    expect(runs.map(typesOf).map(String)).toEqual(['queued', 'sending', 'signalled', 'ended']);
  });
});

test.each([
  ['left', 'signalled'],
  ['lost', 'unknown'],
] as const)('what was signalled when it is %s is noted as %s', async (why, result) => {
  const signalled = Promise.withResolvers<void>();
  const {engine, events} = engineOn(() => SIGNALLED, [1], {
    waitMs: 60_000,
    onChange: run => {
      if (String(typesOf(run)) === 'signalled') signalled.resolve();
    },
  });
  const run = engine.run(batchAbout('terminate', 1));
  await signalled.promise;
  engine.close(why);
  expect(typesOf(await run)).toEqual([result]);
  expect(events.filter(([what]) => what === 'outcome')).toEqual([['outcome', 1, result]]);
});

test('a signal that is not answered when the program ends is noted as unknown, and the rest as not sent', async () => {
  const {engine, events} = engineOn(() => SIGNALLED, [], {send: () => new Promise(() => undefined)});
  const run = engine.run(batchAbout('terminate', 1, 2));
  engine.close('left');
  expect(typesOf(await run)).toEqual(['unknown', 'not-sent']);
  expect(events).toEqual([
    ['signal', 1, null],
    ['outcome', 1, 'unknown'],
    ['outcome', 2, 'not-sent'],
  ]);
});

test('two batches run side by side', async () => {
  const {engine} = engineOn(() => SIGNALLED);
  const runs = await Promise.all([
    engine.run(batchAbout('terminate', 1)),
    engine.run(batchAbout('terminate', 2)),
  ]);
  expect(runs.map(({id}) => id)).toEqual([1, 2]);
  expect(runs.map(typesOf)).toEqual([['ended'], ['ended']]);
});
