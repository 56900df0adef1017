import {expect, test} from 'vitest';
import {
  DURATION_MODES,
  DURATION_TITLES,
  type DurationMode,
  durationMs,
} from '../../source/model/duration-mode.ts';
import {type SessionDifferences, session} from '../helpers/builders.ts';

const AGES = {queryAgeMs: 1, xactAgeMs: 2, stateAgeMs: 3, sessionAgeMs: 4};
const UNKNOWN = {queryAgeMs: null, xactAgeMs: null, stateAgeMs: null, sessionAgeMs: null};

test.each<[DurationMode, string, SessionDifferences, number | null]>([
  ['query', 'an active session', AGES, 1],
  ['xact', 'an active session', AGES, 2],
  ['state', 'an active session', AGES, 3],
  ['session', 'an active session', AGES, 4],
  ['query', 'an idle session, which runs none', {...AGES, backend: {state: 'idle'}}, null],
  ['state', 'an idle session', {...AGES, backend: {state: 'idle'}}, 3],
  ...DURATION_MODES.map(
    mode => [mode, 'a hidden session', UNKNOWN, null] as [DurationMode, string, SessionDifferences, null],
  ),
])('the %s age of %s', (mode, _, differences, age) => {
  expect(durationMs(session(differences), mode)).toBe(age);
});

test('the modes are those of the contract, each with a title', () => {
  expect(DURATION_MODES.map(mode => DURATION_TITLES[mode])).toEqual([
    'query',
    'transaction',
    'state',
    'session',
  ]);
});
