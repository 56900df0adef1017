import {describe, expect, test} from 'vitest';
import {isInView, VIEWS, type ViewName, viewNamed} from '../../source/model/views.ts';
import {type SessionDifferences, session} from '../helpers/builders.ts';

const CASES: readonly (readonly [string, SessionDifferences, readonly ViewName[]])[] = [
  ['an active session', {}, ['active', 'all']],
  ['an idle session', {backend: {state: 'idle'}}, ['all']],
  [
    'a session idle in transaction',
    {backend: {state: 'idle in transaction'}},
    ['active', 'idle-in-xact', 'all'],
  ],
  [
    'an aborted transaction',
    {backend: {state: 'idle in transaction (aborted)'}},
    ['active', 'idle-in-xact', 'all'],
  ],
  [
    'a session that waits for a known blocker',
    {blockedBy: [7], backend: {waitEventType: 'Lock'}},
    ['active', 'waiting', 'blocking', 'all'],
  ],
  [
    'a session that waits for a lock of nobody known',
    {backend: {waitEventType: 'Lock'}},
    ['active', 'waiting', 'all'],
  ],
  ['a session that waits for the disk', {backend: {waitEventType: 'IO'}}, ['active', 'all']],
  ['a root blocker', {blocksDirectly: 1, blocksInTotal: 5}, ['active', 'blocking', 'all']],
  [
    'a root blocker that is idle and holds an advisory lock',
    {blocksDirectly: 1, backend: {state: 'idle'}},
    ['blocking', 'all'],
  ],
  [
    'a session this role may not see',
    {backend: {backendType: null, backendStart: null, state: null}},
    ['active', 'all'],
  ],
  [
    'a background process this role may not see',
    {backend: {backendType: null, backendStart: null, state: null, usesysid: null}},
    ['all'],
  ],
  ['a background process', {backend: {backendType: 'checkpointer', state: null}}, ['all']],
  ['a walsender', {backend: {backendType: 'walsender'}}, ['active', 'all']],
];

test.each(CASES)('%s is in its views from the start', (_, differences, views) => {
  const shown = VIEWS.filter(view => isInView(session(differences), view, null)).map(({name}) => name);
  expect(shown).toEqual(views);
});

describe('the choice to show idle sessions', () => {
  test.each<[ViewName, boolean | null, boolean]>([
    ['active', null, false],
    ['active', true, true],
    ['active', false, false],
    ['all', null, true],
    ['all', false, false],
    ['all', true, true],
    ['waiting', true, false],
    ['blocking', false, false],
    ['idle-in-xact', true, false],
  ])('in view %s, when it is %s, shows them: %s', (name, showIdle, isShown) => {
    expect(isInView(session({backend: {state: 'idle'}}), viewNamed(name), showIdle)).toBe(isShown);
  });

  test('hides no session idle in transaction', () => {
    const idle = session({backend: {state: 'idle in transaction'}});
    for (const name of ['active', 'idle-in-xact', 'all'] as const)
      expect(isInView(idle, viewNamed(name), false)).toBe(true);
  });

  test('hides no idle session from the view of those that block', () => {
    const blocker = session({blocksDirectly: 1, backend: {state: 'idle'}});
    expect(isInView(blocker, viewNamed('blocking'), false)).toBe(true);
  });
});

test('the views have the keys 1 to 5 in their order, and a name, a title and words of their own', () => {
  expect(VIEWS.map(({key}) => key)).toEqual(['1', '2', '3', '4', '5']);
  for (const key of ['name', 'title', 'description'] as const)
    expect(new Set(VIEWS.map(view => view[key])).size).toBe(VIEWS.length);
});
