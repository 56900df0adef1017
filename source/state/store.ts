import type {Action, Command} from './action.ts';
import type {State} from './state.ts';
import {update} from './update.ts';

/** The one place that holds the state; everything that happens passes dispatch(). */
export type Store = {
  getState(): State;
  dispatch(action: Action): void;
  /** Calls back after every change of state; returns the way to stop that. */
  subscribe(listener: () => void): () => void;
};

/** A store that gives the commands of update() to `runCommand`, after the state has changed. */
export function createStore(initial: State, runCommand: (command: Command, state: State) => void): Store {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    getState: () => state,
    dispatch(action) {
      const [next, command] = update(state, action);
      const hasChanged = next !== state;
      state = next;
      if (hasChanged) for (const listener of listeners) listener();
      if (command !== undefined) runCommand(command, state);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
