import {describe, expect, test} from 'vitest';
import {COLUMNS, type ColumnId, clientText, columnOf} from '../../source/model/columns.ts';
import {type SessionDifferences, session} from '../helpers/builders.ts';

const HIDDEN = {backendType: null, backendStart: null, state: null};
const WORKER = {backendType: 'parallel worker', leaderPid: 1};

describe('the text of a cell', () => {
  test.each<[string, ColumnId, number, SessionDifferences, string]>([
    ['the pid', 'pid', 7, {backend: {pid: 12}}, '12'],
    ['nothing for a role that is not there', 'user', 8, {backend: {usename: null}}, ''],
    ['nothing for a database that is not there', 'database', 8, {backend: {datname: null}}, ''],
    [
      'the state in full where it fits',
      'state',
      19,
      {backend: {state: 'idle in transaction'}},
      'idle in transaction',
    ],
    ['idle tx where it does not', 'state', 18, {backend: {state: 'idle in transaction'}}, 'idle tx'],
    ['aborted', 'state', 7, {backend: {state: 'idle in transaction (aborted)'}}, 'aborted'],
    ['fastpath', 'state', 10, {backend: {state: 'fastpath function call'}}, 'fastpath'],
    ['a state of a newer server as it is', 'state', 7, {backend: {state: 'meditating'}}, 'meditating'],
    ['that a state is hidden', 'state', 7, {backend: HIDDEN}, 'hidden'],
    ['that an age cannot be known', 'time', 7, {backend: HIDDEN}, 'n/a'],
    ['that a wait cannot be known', 'wait', 12, {backend: HIDDEN}, 'n/a'],
    ['nothing for a background process', 'state', 7, {backend: {state: null}}, ''],
    [
      'type and event of a wait',
      'wait',
      21,
      {backend: {waitEventType: 'IO', waitEvent: 'WalSync'}},
      'IO:WalSync',
    ],
    [
      'the event alone where both do not fit',
      'wait',
      12,
      {backend: {waitEventType: 'LWLock', waitEvent: 'BufferContent'}},
      'BufferContent',
    ],
    [
      'that it is a lock, even where the kind is cut',
      'wait',
      12,
      {backend: {waitEventType: 'Lock', waitEvent: 'transactionid'}},
      'Lock:transactionid',
    ],
    ['no wait', 'wait', 12, {}, ''],
    ['the age of the query', 'time', 7, {queryAgeMs: 61_000}, '1m01s'],
    [
      'no age for the query of an idle session',
      'time',
      7,
      {queryAgeMs: 61_000, backend: {state: 'idle'}},
      '',
    ],
    ['how many wait behind it', 'blk', 4, {blocksInTotal: 3}, '3'],
    ['nothing where nobody waits', 'blk', 4, {}, ''],
    [
      'a query id in full',
      'queryid',
      20,
      {backend: {queryId: '-9223372036854775808'}},
      '-9223372036854775808',
    ],
    ['the query', 'query', 16, {backend: {query: 'SELECT 2'}}, 'SELECT 2'],
    [
      'the kind of a background process',
      'query',
      16,
      {backend: {query: '', backendType: 'checkpointer'}},
      '[checkpointer]',
    ],
    ['nothing for a client that has sent no query yet', 'query', 16, {backend: {query: ''}}, ''],
    ['the query of a worker under its leader', 'query', 16, {backend: WORKER}, '└ SELECT 1'],
  ])('says %s', (_, id, width, differences, text) => {
    expect(columnOf(id).text(session(differences), 'query', width)).toBe(text);
  });

  test.each([
    ['a host name before the address', {clientHostname: 'app1', clientAddr: '10.0.0.7'}, 'app1'],
    ['the address', {clientAddr: '::1'}, '::1'],
    ['local for a socket', {clientAddr: null, clientPort: -1}, 'local'],
    ['nothing for a background process', {clientAddr: null, clientPort: null}, ''],
  ])('says of the client %s', (_, backend, text) => {
    expect(clientText(session({backend}))).toBe(text);
  });

  test.each(['pid', 'time', 'blk'] as const)('of %s fits the least width at its longest', id => {
    const longest = session({backend: {pid: 4_194_304}, queryAgeMs: 999 * 86_400_000, blocksInTotal: 9999});
    const {text, min} = columnOf(id);
    expect(text(longest, 'query', min).length).toBeLessThanOrEqual(min);
  });
});

describe('the value a column is sorted by', () => {
  test.each<[ColumnId, SessionDifferences]>([
    ['app', {backend: {applicationName: ''}}],
    ['client', {backend: {clientAddr: null, clientPort: null}}],
    ['state', {backend: HIDDEN}],
    ['wait', {}],
    ['time', {queryAgeMs: null}],
    ['blk', {}],
    ['xid', {}],
    ['xmin', {}],
    ['queryid', {}],
    ['query', {backend: {query: ''}}],
  ])('of %s is null where the cell is empty', (id, differences) => {
    expect(columnOf(id).value(session(differences), 'query')).toBeNull();
  });
});

describe('the columns', () => {
  test('stand in the order of the contract, with the query last', () => {
    const normal = COLUMNS.filter(({from}) => from !== 'wide').map(({title}) => title);
    expect(normal.join(' ')).toBe(
      'PID USER DATABASE APP CLIENT STATE WAIT TIME BLK CPU% RSS READ/s WRITE/s QUERY',
    );
  });

  test('have an id, a title and a rank of their own', () => {
    for (const key of ['id', 'title', 'rank'] as const)
      expect(new Set(COLUMNS.map(column => column[key])).size).toBe(COLUMNS.length);
  });

  test('each say what they show, and have room for their title', () => {
    for (const {title, description, min, max} of COLUMNS) {
      expect(description).not.toBe('');
      expect(title.length).toBeLessThanOrEqual(min);
      expect(min).toBeLessThanOrEqual(max);
    }
  });

  test('are found by their id', () => {
    for (const column of COLUMNS) expect(columnOf(column.id)).toBe(column);
  });
});
