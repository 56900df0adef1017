import {describe, expect, test} from 'vitest';
import type {Backend} from '../../source/model/backend.ts';
import {whyNotSignalled} from '../../source/model/signal.ts';
import {backend} from '../helpers/builders.ts';

describe('whyNotSignalled', () => {
  test.each<[string, Partial<Backend>]>([
    ['an active client', {}],
    ['a client that waits for a lock', {waitEventType: 'Lock'}],
    ['a parallel worker', {backendType: 'parallel worker', leaderPid: 7}],
    ['a walsender', {backendType: 'walsender'}],
    ['an autovacuum worker', {backendType: 'autovacuum worker', state: 'active'}],
    ['a kind of process it does not know', {backendType: 'TimescaleDB scheduler', state: 'active'}],
  ])('lets %s be cancelled and terminated', (_, differences) => {
    const target = backend(differences);
    expect([whyNotSignalled('cancel', target), whyNotSignalled('terminate', target)]).toEqual([null, null]);
  });

  test.each(['idle', 'idle in transaction', 'idle in transaction (aborted)'])(
    'says that a session that is %s runs nothing to cancel, but lets it be terminated',
    state => {
      const target = backend({state});
      expect(whyNotSignalled('cancel', target)).toContain(`4711 is ${state}`);
      expect(whyNotSignalled('cancel', target)).toContain('nothing to cancel');
      expect(whyNotSignalled('terminate', target)).toBeNull();
    },
  );

  test('says that the locks of a transaction left open stay', () => {
    expect(whyNotSignalled('cancel', backend({state: 'idle in transaction'}))).toContain('its locks stay');
  });

  test.each(['cancel', 'terminate'] as const)('has no %s for a session whose begin is hidden', action => {
    const hidden = backend({backendStart: null, backendType: null, state: null});
    expect(whyNotSignalled(action, hidden)).toContain('pg_read_all_stats');
  });

  test.each([
    'checkpointer',
    'background writer',
    'walwriter',
    'archiver',
    'walreceiver',
    'startup',
    'io worker',
  ])('has no signal for the %s, which the server does not let be signalled', backendType => {
    const target = backend({backendType, state: null});
    for (const action of ['cancel', 'terminate'] as const)
      expect(whyNotSignalled(action, target)).toContain(`4711 is a ${backendType}`);
  });
});
