import {describe, expect, test} from 'vitest';
import type {FilterTerm, TextMatch} from '../../../source/model/filter/filter.ts';
import {parseFilter} from '../../../source/model/filter/parse-filter.ts';

const contains = (text: string): TextMatch => ({kind: 'contains', text});
const text = (match: TextMatch): FilterTerm => ({kind: 'text', match});
const not = (term: FilterTerm): FilterTerm => ({kind: 'not', term});

describe('parseFilter', () => {
  test.each<[string, FilterTerm[]]>([
    ['', []],
    ['  \t ', []],
    ['word', [text(contains('word'))]],
    [' a  b ', [text(contains('a')), text(contains('b'))]],
    ['"two words"', [text(contains('two words'))]],
    ['"say \\"x\\" \\\\ \\d"', [text(contains('say "x" \\ \\d'))]],
    ['/a b\\/c/', [text({kind: 'matches', text: 'a b\\/c'})]],
    ['"active"', [text(contains('active'))]],
    ['count(*)>1', [text(contains('count(*)>1'))]],
    ['12:30', [text(contains('12:30'))]],
    ['http://x', [text(contains('http://x'))]],
    ['a::text', [text(contains('a::text'))]],
    ['a->b', [text(contains('a->b'))]],
    ['a!=b', [text(contains('a!=b'))]],
    ['"id=5"', [text(contains('id=5'))]],
  ])('reads %j as text to search for', (expression, terms) => {
    expect(parseFilter(expression)).toEqual({ok: true, filter: {terms}});
  });

  test.each<[string, FilterTerm]>([
    ['user:bob', {kind: 'field', field: 'user', match: contains('bob')}],
    ['DB:shop', {kind: 'field', field: 'db', match: contains('shop')}],
    ['app="my app"', {kind: 'field', field: 'app', match: {kind: 'equals', text: 'my app'}}],
    ['db=""', {kind: 'field', field: 'db', match: {kind: 'equals', text: ''}}],
    ['query~/^select\\s/', {kind: 'field', field: 'query', match: {kind: 'matches', text: '^select\\s'}}],
    ['wait:Lock:tuple', {kind: 'field', field: 'wait', match: contains('Lock:tuple')}],
    ['client:::1', {kind: 'field', field: 'client', match: contains('::1')}],
    ['state:idletx', {kind: 'field', field: 'state', match: contains('idletx')}],
    ['pid:1,2,3', {kind: 'pid', pids: [1, 2, 3]}],
    ['pid=7', {kind: 'pid', pids: [7]}],
    ['queryid:-42,007', {kind: 'query-id', queryIds: ['-42', '7']}],
    ['query>30s', {kind: 'age', field: 'query', is: 'over', ms: 30_000}],
    ['xact<1.5h', {kind: 'age', field: 'xact', is: 'under', ms: 5_400_000}],
    ['session>90', {kind: 'age', field: 'session', is: 'over', ms: 90_000}],
    ['Waiting', {kind: 'keyword', keyword: 'waiting'}],
    ['!idle', not({kind: 'keyword', keyword: 'idle'})],
    ['!!idle', {kind: 'keyword', keyword: 'idle'}],
    ['!"a b"', not(text(contains('a b')))],
    ['!/x/', not(text({kind: 'matches', text: 'x'}))],
    ['!user=bob', not({kind: 'field', field: 'user', match: {kind: 'equals', text: 'bob'}})],
  ])('reads %j', (expression, term) => {
    expect(parseFilter(expression)).toEqual({ok: true, filter: {terms: [term]}});
  });

  test.each([
    ['a "b', 2, 'quote'],
    ['a /b', 2, 'not closed'],
    ['"a"b', 3, 'space'],
    ['/a/i', 3, 'space'],
    ['//', 0, 'empty'],
    ['x /(/', 2, 'Invalid regular expression'],
    ['user~/(/', 5, 'Invalid regular expression'],
    ['user~bob', 5, 'user~/regex/'],
    ['user:', 5, 'text must follow'],
    ['user: bob', 5, 'text must follow'],
    ['user="bob', 5, 'quote'],
    ['pid:1,x', 6, 'Numbers'],
    ['pid:1,', 6, 'Numbers'],
    ['pid:', 4, 'Numbers'],
    ['pid:99999999999', 4, 'Numbers'],
    ['pid~/1/', 3, 'number'],
    ['queryid:a', 8, 'Numbers'],
    ['query>soon', 6, 'age must follow'],
    ['query>=30s', 6, 'age must follow'],
    ['xact>', 5, 'age must follow'],
    ['xact:5m', 4, 'xact>5m'],
    ['user>5m', 4, 'query, xact, state, session'],
    ['user!=bob', 4, '!user=bob'],
    ['! idle', 1, 'follow the !'],
    ['a !', 3, 'follow the !'],
    ['foo:bar', 0, '"foo:bar"'],
    ['a usr:bob', 2, 'Did you mean user?'],
    ['!database=x', 1, 'Did you mean db?'],
    ['constructor:x', 0, 'No field'],
    ['x=//y', 0, 'No field'],
  ])('points at the mistake in %j: column %i', (expression, column, message) => {
    expect(parseFilter(expression)).toEqual({ok: false, column, message: expect.stringContaining(message)});
  });

  test('answers any text with a filter or with a mistake inside the text', () => {
    const pieces = [
      '!',
      '"',
      '/',
      ':',
      '=',
      '~',
      '<',
      '>',
      '\\',
      ' ',
      'user',
      'pid',
      'query',
      '1',
      ',',
      'idle',
      '5m',
      '(',
      '漢',
      '\n',
    ];
    let state = 1;
    for (let round = 0; round < 20_000; round++) {
      let expression = '';
      for (let length = round % 9; length >= 0; length--) {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        expression += pieces[Math.floor((state / 2 ** 32) * pieces.length)];
      }
      const parsed = parseFilter(expression);
      if (!parsed.ok && !(parsed.column >= 0 && parsed.column <= expression.length)) expect.fail(expression);
    }
  });

  test('survives an expression of a hundred thousand negations', () => {
    expect(parseFilter(`${'!'.repeat(100_001)}idle`)).toEqual(parseFilter('!idle'));
  });
});
