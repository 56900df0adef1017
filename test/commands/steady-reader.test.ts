import {DatabaseError} from 'pg';
import {expect, onTestFinished, test, vi} from 'vitest';
import {createSteadyReader} from '../../source/commands/steady-reader.ts';
import type {PreparedSession} from '../../source/postgres/prepare-monitoring.ts';
import {ConnectionLost} from '../../source/postgres/sql-state.ts';

const failure = (code: string) =>
  Object.assign(new DatabaseError(`failed with ${code}`, 0, 'error'), {code, severity: 'ERROR'});
const GONE = new ConnectionLost('terminating connection due to administrator command');

/** A reader whose session fails with these one after another, each after so many seconds of waiting for it; there is no other session. */
function reading(errors: readonly Error[], seconds = 0) {
  const clock = performance.now.bind(performance);
  let aheadMs = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => clock() + aheadMs);
  onTestFinished(() => void vi.restoreAllMocks());
  const left = [...errors];
  const warnings: string[] = [];
  let opened = 0;
  const connection = {
    ended: new Promise(() => undefined),
    endReason: () => null,
    close: async () => undefined,
  };
  const collect = async () => {
    aheadMs += seconds * 1_000;
    throw left.shift() ?? GONE;
  };
  const open = async () => {
    opened += 1;
    aheadMs += 5_000;
    throw new ConnectionLost('nobody listens');
  };
  const first = {connection, collector: {collect}} as unknown as PreparedSession;
  const leaves = new AbortController();
  const reader = createSteadyReader(first, open, 1, leaves.signal, line => warnings.push(line));
  return {reader, warnings, leaves, opened: () => opened};
}

test('a lost session is tried for half a minute, however long its statements had failed before', async () => {
  const {reader, warnings, opened} = reading(
    [failure('57014'), failure('57014'), failure('57014'), GONE],
    20,
  );
  await expect(reader.read()).rejects.toThrow('nobody listens');
  expect(opened()).toBeGreaterThan(4);
  expect(warnings).toEqual(['failed with 57014; trying again']);
});

test('a statement that is not allowed ends it at once', async () => {
  const {reader, warnings, opened} = reading([failure('42501')]);
  await expect(reader.read()).rejects.toThrow('failed with 42501');
  expect([opened(), warnings]).toEqual([0, []]);
});

test('nothing is tried for a reader that left', async () => {
  const {reader, leaves, opened} = reading([GONE]);
  leaves.abort();
  expect(await reader.read()).toBeNull();
  expect(opened()).toBe(0);
});
