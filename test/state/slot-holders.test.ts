import {expect, test} from 'vitest';
import {slotHolders} from '../../source/state/slot-holders.ts';
import {backend} from '../helpers/builders.ts';
import {snapshot} from '../helpers/snapshots.ts';

test('names the users and applications that hold the most slots, and counts its own', () => {
  const groups = [
    [5, 'alice', 'web'],
    [2, 'bob', 'psql'],
    [9, 'alice', ''],
    [1, 'carol', 'etl'],
    [1, 'dave', 'etl'],
  ] as const;
  let pid = 100;
  const backends = groups.flatMap(([count, usename, applicationName]) =>
    Array.from({length: count}, () => backend({pid: ++pid, usename, applicationName})),
  );
  expect(
    slotHolders(snapshot({backends: [...backends, backend({pid: 1, backendType: 'checkpointer'})]})),
  ).toBe(
    'No slot was free; 19 of 100 are taken: 9 alice (no application name), 5 alice (web), 2 bob (psql), 2 others',
  );
});
