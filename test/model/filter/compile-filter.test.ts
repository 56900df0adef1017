import {describe, expect, test} from 'vitest';
import {compileFilter} from '../../../source/model/filter/compile-filter.ts';
import {parseFilter} from '../../../source/model/filter/parse-filter.ts';
import type {Session} from '../../../source/model/session.ts';
import {type SessionDifferences, session} from '../../helpers/builders.ts';

function passes(
  expression: string,
  differences: SessionDifferences,
  isTagged: (of: Session) => boolean = () => false,
): boolean {
  const parsed = parseFilter(expression);
  if (!parsed.ok) throw new Error(`${expression}: ${parsed.message}`);
  return compileFilter(parsed.filter)(session(differences), {isTagged});
}

const BOB: SessionDifferences = {
  backend: {
    pid: 31_415,
    usename: 'Bob',
    datname: 'shop',
    applicationName: 'billing',
    clientAddr: '192.168.1.9',
    query: 'UPDATE orders SET total = 1',
    queryId: '-42',
    leaderPid: null,
  },
  queryAgeMs: 30_000,
  xactAgeMs: null,
};

describe('compileFilter', () => {
  test.each([
    ['', true],
    ['ORDERS', true],
    ['bob', true],
    ['shop', true],
    ['billing', true],
    ['168.1', true],
    ['3141', true],
    ['"set total"', true],
    ['total*', false],
    ['active', true],
    ['"active"', false],
    ['bob orders', true],
    ['bob alice', false],
    ['!alice', true],
    ['!bob', false],
    ['/^update .* total/', true],
    ['/^orders/', false],
    ['/^31415$/', true],
  ])('searches the texts of a session for %s: %s', (expression, expected) => {
    expect(passes(expression, BOB)).toBe(expected);
  });

  test.each([
    ['user:bo', true],
    ['user:shop', false],
    ['user=Bob', true],
    ['user=bob', false],
    ['user=Bo', false],
    ['user~/^b.b$/', true],
    ['db:HOP', true],
    ['app=billing', true],
    ['client:192.', true],
    ['query:orders', true],
    ['type:client', true],
    ['pid:1,31415', true],
    ['pid:3141', false],
    ['queryid:1,-42', true],
    ['queryid:42', false],
    ['query>29s', true],
    ['query>30s', false],
    ['query<30s', false],
    ['query<30.1s', true],
    ['xact>0s', false],
    ['xact<9d', false],
    ['!xact>0s', true],
    ['session>59m', true],
    ['state<2', true],
  ])('tests the field in %s: %s', (expression, expected) => {
    expect(passes(expression, BOB)).toBe(expected);
  });

  test.each([
    ['state:idletx', 'idle in transaction (aborted)', true],
    ['state:idletx', 'idle in transaction', true],
    ['state=idletx', 'idle in transaction', true],
    ['state:idletx', 'idle', false],
    ['state:idle', 'idle in transaction', true],
    ['state=idle', 'idle in transaction', false],
    ['state="idle in transaction"', 'idle in transaction (aborted)', false],
    ['state=""', null, true],
    ['idle', 'idle', true],
    ['idle', 'idle in transaction', false],
    ['active', 'active', true],
    ['active', 'idle', false],
  ])('%s of a session in state %s is %s', (expression, state, expected) => {
    expect(passes(expression, {backend: {state}})).toBe(expected);
  });

  test.each([
    ['wait:lock', true],
    ['wait:relation', true],
    ['wait=Lock', true],
    ['wait=Lock:relation', true],
    ['wait~/^lock:rel/', true],
    ['wait=tuple', false],
    ['wait=""', false],
  ])('%s of a session that waits for Lock:relation is %s', (expression, expected) => {
    expect(passes(expression, {backend: {waitEventType: 'Lock', waitEvent: 'relation'}})).toBe(expected);
  });

  test.each([
    ['client:local', {clientAddr: null, clientPort: -1}, true],
    ['client:local', {clientAddr: null, clientPort: null}, false],
    ['"local"', {clientAddr: null, clientPort: -1}, false],
    ['client:web1', {clientHostname: 'web1.example'}, true],
    ['web1', {clientHostname: 'web1.example'}, true],
    ['client=""', {clientAddr: null, clientPort: null}, true],
    ['db=""', {datname: null}, true],
    ['user:null', {usename: null}, false],
    ['wait=""', {waitEventType: null, waitEvent: null}, true],
    ['worker', {leaderPid: 7}, true],
    ['worker', {leaderPid: null}, false],
  ])('%s of a backend with %j is %s', (expression, backend, expected) => {
    expect(passes(expression, {backend})).toBe(expected);
  });

  test.each([
    ['waiting', {backend: {waitEventType: 'Lock'}}, true],
    ['waiting', {blockedBy: [0]}, true],
    ['waiting', {backend: {waitEventType: 'LWLock'}}, false],
    ['blocked', {blockedBy: [7]}, true],
    ['blocked', {backend: {waitEventType: 'Lock'}}, false],
    ['blocking', {blocksDirectly: 1}, true],
    ['blocking', {}, false],
    ['root', {blocksDirectly: 1}, true],
    ['root', {blocksDirectly: 1, blockedBy: [7]}, false],
    ['root', {}, false],
  ])('%s of a session with %j is %s', (expression, differences, expected) => {
    expect(passes(expression, differences)).toBe(expected);
  });

  test('asks who is tagged', () => {
    expect(passes('tagged', BOB, ({backend}) => backend.pid === 31_415)).toBe(true);
    expect(passes('!tagged', BOB, ({backend}) => backend.pid === 31_415)).toBe(false);
    expect(passes('tagged', BOB)).toBe(false);
  });

  test('takes characters that are special in regular expressions as they are', () => {
    for (const special of [
      'a.c',
      '(',
      '[x',
      '$1',
      '\\d',
      '^',
      'a|b',
      '{',
      '*',
      '+',
      '?',
      ')',
      ']',
      '}',
      '-',
      '/',
    ]) {
      const quoted = `query:"${special.replaceAll('\\', '\\\\')}"`;
      expect(passes(quoted, {backend: {query: `x ${special} y`}})).toBe(true);
      expect(passes(quoted, {backend: {query: 'abc d1 _'}})).toBe(false);
    }
  });

  test('shows a regular expression no more than 2,000 characters of a query', () => {
    const query = `${'a'.repeat(2000)}!`;
    expect(passes('/a$/', {backend: {query}})).toBe(true);
    expect(passes('query:!', {backend: {query}})).toBe(true);
    expect(passes('query~/!/', {backend: {query}})).toBe(false);
  });
});
