import {describe, expect, test} from 'vitest';
import type {Action, Command} from '../../source/state/action.ts';
import {BINDINGS} from '../../source/state/key-table.ts';
import type {State} from '../../source/state/state.ts';
import {update} from '../../source/state/update.ts';
import {randomFrom} from '../helpers/random.ts';
import {BLOCKED, hidden, NOW, QUIET, running, snapshot} from '../helpers/snapshots.ts';
import {stateWith} from '../helpers/states.ts';

/** Every key there is, those of dialogs and prompts more often. */
const KEYS: readonly [string, ...string[]] = [
  'y',
  ...BINDINGS.flatMap(({keys, vimKeys = []}) => [...keys, ...vimKeys]),
  ...[
    'y',
    'y',
    'y',
    'n',
    'k',
    'k',
    'c',
    'f9',
    'enter',
    'enter',
    'escape',
    'escape',
    'space',
    'j',
    'a',
    'backspace',
  ],
];
const SNAPSHOTS = [
  QUIET,
  BLOCKED,
  snapshot(),
  snapshot({backends: [hidden(1), running(103, 2, {backendStart: NOW})]}),
] as const;
const PASTED = ['y', 'k\ny', '\u001b[A'] as const;

type Step = {
  readonly before: State;
  readonly action: Action;
  readonly next: State;
  readonly command: Command | undefined;
};

/** What happens in 20,000 steps of keys, data and paintings in any order. */
function* steps(start: State, seed: number): Generator<Step> {
  const random = randomFrom(seed);
  let before = start;
  for (let step = 0; step < 20_000; step++) {
    const atMs = before.nowMs + random.below(3);
    const roll = random.below(24);
    const action: Action =
      roll < 4
        ? {type: 'frame-painted', atMs}
        : roll === 4
          ? {type: 'snapshot-collected', snapshot: random.pick(SNAPSHOTS), atMs}
          : roll === 5
            ? {type: 'text-pasted', text: random.pick(PASTED)}
            : {type: 'key-pressed', key: random.pick(KEYS), atMs};
    const [next, command] = update(before, action);
    yield {before, action, next, command};
    before = next;
  }
}

/** True for a step that signals as the contract allows it: on y, in a dialog painted before, at its target. */
function isConfirmed({before: {mode}, action, command}: Step): boolean {
  return (
    mode.type === 'confirm' &&
    action.type === 'key-pressed' &&
    action.key === 'y' &&
    mode.paintedAtMs !== null &&
    action.atMs > mode.paintedAtMs &&
    (mode.toType === null || mode.typed === mode.toType) &&
    command?.type === 'signal' &&
    command.batch === mode.batch
  );
}

describe.each(['default', 'vim'] as const)('in 20,000 random keys of the %s scheme', keys => {
  test('with --read-only there is no signal and no dialog', () => {
    const modes = new Set<string>();
    for (const {next, command} of steps(stateWith(BLOCKED, {options: {isReadOnly: true, keys}}), 41)) {
      modes.add(next.mode.type);
      if (command?.type === 'signal') throw new Error(JSON.stringify(command));
    }
    expect([...modes].sort()).toEqual([
      'action-log',
      'browse',
      'filter-prompt',
      'help',
      'inspect',
      'interval-prompt',
      'menu',
      'search-prompt',
    ]);
  });

  test('a signal only ever follows y in a dialog that was painted before, at its target, which never changes', () => {
    const seen = {signals: 0, dialogs: 0};
    for (const step of steps(stateWith(BLOCKED, {options: {keys}}), 42)) {
      const {before, next, command} = step;
      if (command?.type === 'signal') seen.signals += 1;
      if (command?.type === 'signal' && !isConfirmed(step)) throw new Error(JSON.stringify(step.action));
      if (before.mode.type !== 'confirm' || next.mode.type !== 'confirm') continue;
      seen.dialogs += 1;
      if (next.mode.batch !== before.mode.batch)
        throw new Error('the targets changed while the dialog stood');
    }
    expect(seen.signals).toBeGreaterThan(10);
    expect(seen.dialogs).toBeGreaterThan(1000);
  });
});
