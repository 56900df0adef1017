import {describe, expect, test} from 'vitest';
import type {Command} from '../../source/state/action.ts';
import type {State} from '../../source/state/state.ts';
import {createStore} from '../../source/state/store.ts';
import {stateWith} from '../helpers/states.ts';

/** A store with what it told the outside. */
function store() {
  const commands: (readonly [Command, State])[] = [];
  const made = createStore(stateWith(), (command, state) => commands.push([command, state]));
  return {made, commands};
}

describe('a store', () => {
  test('holds the state that the actions lead to', () => {
    const {made} = store();
    made.dispatch({type: 'duration-cycled'});
    expect(made.getState().duration).toBe('xact');
  });

  test('gives each command away with the state that came with it', () => {
    const {made, commands} = store();
    made.dispatch({type: 'inspect-opened'});
    expect(commands).toEqual([[{type: 'read-detail'}, made.getState()]]);
    expect(commands[0]?.[1].mode.type).toBe('inspect');
  });

  test('calls its listeners after every change and never without one', () => {
    const {made} = store();
    let calls = 0;
    made.subscribe(() => calls++);
    made.dispatch({type: 'duration-cycled'});
    made.dispatch({type: 'frame-painted', atMs: 99_000});
    expect(calls).toBe(1);
  });

  test('calls a listener no more that was taken away', () => {
    const {made} = store();
    let calls = 0;
    made.subscribe(() => calls++)();
    made.dispatch({type: 'duration-cycled'});
    expect(calls).toBe(0);
  });
});
