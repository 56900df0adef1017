import {DatabaseError} from 'pg';
import {describe, expect, test} from 'vitest';
import {ConnectError} from '../../source/postgres/connect-error.ts';
import {createLink, type PollFailure} from '../../source/postgres/link.ts';
import type {PreparedSession} from '../../source/postgres/prepare-monitoring.ts';
import {PasswordRequired} from '../../source/postgres/sql-state.ts';
import {randomFrom} from '../helpers/random.ts';

/** What connecting fails with, as the driver and the connector hand it over, and what it means. */
type Refusal = {readonly error: Error; readonly kind: PollFailure['kind'] | 'stopped'};
const REFUSALS: readonly [Refusal, ...Refusal[]] = [
  {error: answer('53300', 'sorry, too many clients already'), kind: 'full'},
  {error: answer('57P03', 'the database system is starting up'), kind: 'lost'},
  {error: network('ENOTFOUND', 'getaddrinfo ENOTFOUND db'), kind: 'lost'},
  {error: network('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1'), kind: 'lost'},
  {error: answer('3D000', 'database "shop" does not exist'), kind: 'refused'},
  {error: answer('28P01', 'password authentication failed for user "ann"'), kind: 'stopped'},
  {error: new PasswordRequired('db asks for a password'), kind: 'stopped'},
];

function answer(code: string, message: string): Error {
  return Object.assign(new DatabaseError(message, message.length, 'error'), {code, severity: 'FATAL'});
}

function network(code: string, message: string): Error {
  return Object.assign(new Error(message), {code});
}

/** A link whose session has just been lost. */
async function lostLink() {
  const connection = {
    ended: new Promise(() => undefined),
    endReason: () => null,
    close: async () => undefined,
  };
  const first = {connection} as unknown as PreparedSession;
  const link = createLink(
    first,
    () => Promise.reject(new Error('not asked')),
    () => undefined,
  );
  return {link, lost: await link.failed(new Error('Connection terminated unexpectedly'), 1_000)};
}

const kindOf = ({kind, retryInMs}: PollFailure) => (retryInMs === null ? 'stopped' : kind);

describe('a link that cannot be made again', () => {
  test.each(REFUSALS)('takes $error.message for $kind', async ({error, kind}) => {
    const {link} = await lostLink();
    const failure = await link.failed(new ConnectError('', error.message, undefined, {cause: error}), 1_000);
    expect(kindOf(failure)).toBe(kind);
    expect(failure.message).toBe(error.message);
  });

  test('is not tried at once where the server has just refused the first session', async () => {
    const link = createLink(
      null,
      () => Promise.reject(new Error('not asked')),
      () => undefined,
    );
    const failure = await link.failed(answer('53300', 'sorry, too many clients already'), 1_000);
    expect(failure).toMatchObject({kind: 'full', retryInMs: expect.any(Number)});
    expect(failure.retryInMs).toBeGreaterThanOrEqual(500);
  });

  test('is tried at once after a loss, then at most twice a second: 300 mixed refusals', async () => {
    const random = randomFrom(16);
    const {link, lost} = await lostLink();
    expect(lost.retryInMs).toBeLessThan(100);
    for (let turn = 0; turn < 300; turn++) {
      const {error, kind} = random.pick(REFUSALS);
      const failure = await link.failed(error, 1_000);
      expect(kindOf(failure)).toBe(kind);
      expect(failure.retryInMs ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(500);
      if (kind === 'full' || kind === 'lost') expect(failure.retryInMs).toBeLessThanOrEqual(1_250);
    }
  });
});
