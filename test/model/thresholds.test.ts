import {describe, expect, test} from 'vitest';
import {alarmsOf, breachesOf, breachText} from '../../source/model/alarms.ts';
import {
  DEFAULT_THRESHOLDS,
  isReached,
  parseThreshold,
  THRESHOLDS,
  type Thresholds,
} from '../../source/model/thresholds.ts';
import {meterReading, meterSample, sampled} from '../helpers/meters.ts';
import {BLOCKED, hidden, NOW, running, SECOND, server, snapshot} from '../helpers/snapshots.ts';

const thresholdOf = (name: string) => {
  const found = THRESHOLDS.find(candidate => candidate.name === name);
  if (found === undefined) throw new Error(`no threshold ${name}`);
  return found;
};

test('the thresholds are what the table says', () => {
  expect(DEFAULT_THRESHOLDS).toEqual({
    query: 300_000,
    'idle-in-xact': 60_000,
    wait: 10_000,
    connections: 0.9,
    xid: 1.5,
  });
});

test.each([
  ['query', '30s', 30_000],
  ['query', '1.5h', 5_400_000],
  ['query', '7', 7_000],
  ['query', 'off', null],
  ['query', '90%', undefined],
  ['query', '', undefined],
  ['connections', '75%', 0.75],
  ['xid', '120.5%', 1.205],
  ['xid', 'off', null],
  ['xid', '5m', undefined],
  ['xid', '-5%', undefined],
])('%s=%s means %s', (name, text, value) => {
  expect(parseThreshold(thresholdOf(name), text)).toBe(value);
});

test('nothing reaches a threshold that is off, and what is not known reaches none', () => {
  expect([isReached(5, 5), isReached(4, 5), isReached(5, null), isReached(null, 0)]).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

/** What each session has crossed, by its pid. */
function breaches(data: typeof BLOCKED, thresholds: Thresholds = DEFAULT_THRESHOLDS) {
  return Object.fromEntries(
    data.sessions.map(session => [
      session.backend.pid,
      breachesOf(session, data, thresholds).map(({name}) => name),
    ]),
  );
}

describe('a session crosses the threshold', () => {
  test('of waits with the age of its wait, of idle transactions with the time it does nothing', () => {
    expect(breaches(BLOCKED)).toEqual({
      201: ['idle-in-xact'],
      202: ['wait'],
      203: ['wait'],
      204: ['wait'],
      205: [],
      206: [],
    });
    expect(breaches(BLOCKED, {...DEFAULT_THRESHOLDS, wait: 35_000, 'idle-in-xact': null})).toMatchObject({
      201: [],
      203: ['wait'],
      204: [],
    });
  });

  test('of queries while it runs one, which a WAL sender does for ever and a hidden session does not tell', () => {
    const data = snapshot({
      backends: [
        running(1, 299),
        running(2, 300),
        running(3, 900, {state: 'idle'}),
        running(4, 9_000, {backendType: 'walsender'}),
        hidden(5),
      ],
    });
    expect(breaches(data)).toEqual({1: [], 2: ['query'], 3: [], 4: [], 5: []});
  });

  test('and says so', () => {
    expect(breachText({name: 'query', ageMs: 362_000})).toBe('runs its query for 6m02s');
  });
});

test('alarms name the session, the connections and the transaction ids', () => {
  const data = snapshot({
    collectedAt: NOW + SECOND,
    server: server({maxConnections: 3}),
    backends: [running(1, 400), running(2, 1)],
    meters: meterReading({
      catalog: sampled(null, meterSample('catalog', 0, {datfrozenxid_age: 400_000_000})),
      settings: sampled(null, meterSample('settings', 0, {autovacuum_freeze_max_age: 200_000_000})),
    }),
  });
  expect(alarmsOf(data, DEFAULT_THRESHOLDS)).toEqual([
    {key: expect.stringMatching(/^1@\d+ query$/), text: '1 alice@shop (web) runs its query for 6m41s'},
    {key: 'connections', text: '100% of max_connections are in use'},
    {key: 'xid', text: '200% of autovacuum_freeze_max_age is the age of the oldest transaction id'},
  ]);
});
