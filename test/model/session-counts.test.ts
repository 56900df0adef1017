import {expect, test} from 'vitest';
import {countSessions} from '../../source/model/session-counts.ts';
import {type SessionDifferences, session} from '../helpers/builders.ts';

const NONE = {clients: 0, active: 0, idle: 0, idleInXact: 0, idleInXactAborted: 0, waiting: 0, hidden: 0};
const HIDDEN = {backendType: null, backendStart: null, state: null};

test.each<[string, SessionDifferences, Partial<typeof NONE>]>([
  ['an active client', {}, {clients: 1, active: 1}],
  ['an idle client', {backend: {state: 'idle'}}, {clients: 1, idle: 1}],
  ['a transaction left open', {backend: {state: 'idle in transaction'}}, {clients: 1, idleInXact: 1}],
  [
    'an aborted transaction as one left open too',
    {backend: {state: 'idle in transaction (aborted)'}},
    {clients: 1, idleInXact: 1, idleInXactAborted: 1},
  ],
  ['a client that waits', {blockedBy: [7]}, {clients: 1, active: 1, waiting: 1}],
  ['a hidden client', {backend: HIDDEN}, {clients: 1, hidden: 1}],
  ['a hidden background process not at all', {backend: {...HIDDEN, usesysid: null}}, {}],
  ['a background process not at all', {backend: {backendType: 'checkpointer', state: null}}, {}],
  ['a parallel worker not at all', {blockedBy: [7], backend: {backendType: 'parallel worker'}}, {}],
  ['a walsender not at all', {backend: {backendType: 'walsender'}}, {}],
  ['a state of a newer server as a client', {backend: {state: 'meditating'}}, {clients: 1}],
])('counts %s', (_, differences, counts) => {
  expect(countSessions([session(differences)])).toEqual({...NONE, ...counts});
});

test('counts nobody where nobody is', () => {
  expect(countSessions([])).toEqual(NONE);
});

test('counts each of several once', () => {
  const sessions = [session(), session(), session({backend: {state: 'idle'}})];
  expect(countSessions(sessions)).toEqual({...NONE, clients: 3, active: 2, idle: 1});
});
