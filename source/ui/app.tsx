import {useApp} from 'ink';
import {type ReactNode, useSyncExternalStore} from 'react';
import type {Mode} from '../state/mode.ts';
import {screenModel} from '../state/screen-model.ts';
import type {Store} from '../state/store.ts';
import {Screen} from './screen.tsx';
import type {Theme} from './theme.ts';
import {type TerminalInput, useKeys} from './use-keys.ts';

/** Hands the terminal over while `callback` runs, and takes it back with a full redraw. */
export type SuspendTerminal = (callback: () => Promise<void>) => Promise<void>;

/** What the program does with the terminal's input, and what it needs from Ink's instance. */
export type TerminalEvents = TerminalInput & {
  /** Called at every drawing with the mode that is drawn and the present way to hand the terminal over. */
  readonly onDrawn: (mode: Mode, suspend: SuspendTerminal) => void;
};

/** The program on a terminal: draws what the store holds and passes the keys on. */
export function App({
  store,
  theme,
  events,
}: {
  readonly store: Store;
  readonly theme: Theme;
  readonly events: TerminalEvents;
}): ReactNode {
  const state = useSyncExternalStore(store.subscribe, store.getState);
  events.onDrawn(state.mode, useApp().suspendTerminal);
  useKeys(events);
  return <Screen model={screenModel(state)} theme={theme} />;
}
