import {describe, expect, test} from 'vitest';
import {findingsOf, type Rights, type ServerExamination, versionNote} from '../../source/model/diagnosis.ts';
import {server} from '../helpers/snapshots.ts';

const ALL: Rights = {
  isSuperuser: false,
  readsAllStats: true,
  signalsBackends: true,
  signalsAutovacuum: true,
  usesReservedConnections: true,
  isStatsMemberWithoutInherit: false,
};

const SETTINGS = {track_activities: 'on', track_activity_query_size: '4096', log_statement: 'none'};

/** The findings on a server where nothing is missing but what a test says. */
function findings({
  rights = {},
  settings = {},
  ...rest
}: Partial<Omit<ServerExamination, 'rights' | 'settings'>> & {
  readonly rights?: Partial<Rights>;
  readonly settings?: Readonly<Record<string, string>>;
} = {}) {
  return findingsOf({
    server: server(),
    rights: {...ALL, ...rights},
    lag: null,
    settings: Object.entries({...SETTINGS, ...settings}).map(([name, value]) => ({name, value, unit: ''})),
    sessions: {all: 5, hidden: 0},
    ...rest,
  });
}

test('there is nothing to find where nothing is missing', () => {
  expect(findings()).toEqual([]);
  const nothing = {signalsBackends: false, signalsAutovacuum: false, usesReservedConnections: false};
  expect(findings({rights: {...nothing, isSuperuser: true}})).toEqual([]);
  expect(findings({rights: {signalsAutovacuum: null, usesReservedConnections: null}})).toEqual([]);
});

describe('a problem', () => {
  test('is that sessions are hidden, and the grant that shows them', () => {
    const [finding] = findings({rights: {readsAllStats: false}, sessions: {all: 5, hidden: 4}});
    expect(finding).toEqual({
      level: 'problem',
      message: "state and query of other roles' sessions are hidden (4 of 5 now)",
      fix: 'GRANT pg_monitor TO monitor;',
    });
  });

  test.each([
    [150_018, 'ALTER ROLE "On Call" INHERIT;'],
    [160_000, 'GRANT pg_monitor TO "On Call" WITH INHERIT TRUE;'],
  ])('is a membership that gives no rights, on %i', (versionNum, fix) => {
    const rights = {readsAllStats: false, isStatsMemberWithoutInherit: true};
    const [finding] = findings({rights, server: server({versionNum, user: 'On Call'})});
    expect(finding).toMatchObject({level: 'problem', fix});
    expect(finding?.message).toContain('does not inherit its rights');
  });

  test('is that sessions do not tell what they run', () => {
    expect(findings({settings: {track_activities: 'off'}})).toMatchObject([
      {level: 'problem', fix: expect.stringContaining('track_activities = on')},
    ]);
  });
});

describe('a note', () => {
  test.each<[string, Parameters<typeof findings>[0], RegExp]>([
    ['no signals', {rights: {signalsBackends: false}}, /^GRANT pg_signal_backend TO monitor;$/],
    [
      'no signals to autovacuum',
      {rights: {signalsAutovacuum: false}},
      /^GRANT pg_signal_autovacuum_worker TO monitor;$/,
    ],
    [
      'no reserved connection',
      {rights: {usesReservedConnections: false}},
      /^GRANT pg_use_reserved_connections TO/,
    ],
    ['short texts', {settings: {track_activity_query_size: '1024'}}, /track_activity_query_size = '4kB'/],
    [
      'a loud log',
      {settings: {log_statement: 'all', log_duration: 'on'}},
      /log_statement = 'none'; .* log_duration = off;$/,
    ],
    [
      'a log of durations',
      {settings: {log_min_duration_statement: '0'}},
      /log_min_duration_statement = -1;$/,
    ],
    ['plaintext', {server: server({encryption: {type: 'plaintext'}})}, /^sslmode=verify-full$/],
    [
      'an unverified server',
      {server: server({encryption: {type: 'tls', version: 'TLS 1.3', isVerified: false}})},
      /sslrootcert=FILE$/,
    ],
  ])('is made of %s', (_, given, fix) => {
    expect(findings(given)).toMatchObject([{level: 'note', fix: expect.stringMatching(fix)}]);
  });

  test('is made of a version that is newer than pgtop', () => {
    expect(versionNote({versionNum: 180_999})).toBeNull();
    expect(versionNote({versionNum: 190_000})).toMatch(
      /^PostgreSQL 19 is newer than what this pgtop was tried on/,
    );
    expect(findings({server: server({versionNum: 200_001})})).toMatchObject([{level: 'note', fix: null}]);
  });
});
