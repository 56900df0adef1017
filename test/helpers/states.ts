import type {Snapshot} from '../../source/model/snapshot.ts';
import {DEFAULT_THRESHOLDS} from '../../source/model/thresholds.ts';
import type {Action, Command} from '../../source/state/action.ts';
import {lineText} from '../../source/state/line.ts';
import type {Mode} from '../../source/state/mode.ts';
import {type ScreenModel, screenModel} from '../../source/state/screen-model.ts';
import {initialState, type State} from '../../source/state/state.ts';
import {tableRows} from '../../source/state/table-rows.ts';
import {update} from '../../source/state/update.ts';
import {QUIET} from './snapshots.ts';

/** When the data of a fresh state came, on the local clock. */
export const START_MS = 10_000;

const BLANK: State = initialState({
  columns: 120,
  rows: 40,
  options: {
    isReadOnly: false,
    keys: 'default',
    isAscii: false,
    hasColor: true,
    auditPath: '/var/log/pgtop/audit.jsonl',
    thresholds: DEFAULT_THRESHOLDS,
  },
  view: 'active',
  intervalMs: 1000,
  cores: 4,
  filter: null,
  sort: null,
});

/** What a test says about a state; the options one by one. */
export type StateDifferences = Partial<Omit<State, 'options'>> & {
  readonly options?: Partial<State['options']>;
};

/** The state before the first data. */
export function blankState({options, ...differences}: StateDifferences = {}): State {
  return {...BLANK, ...differences, options: {...BLANK.options, ...options}};
}

/** The state of a monitor at 120x40 whose first data just came. */
export function stateWith(data: Snapshot = QUIET, differences: StateDifferences = {}): State {
  return collect(blankState(differences), data, START_MS);
}

/** The state after these actions, one after another. */
export function dispatched(state: State, ...actions: readonly Action[]): State {
  return actions.reduce((before, action) => update(before, action)[0], state);
}

/** The state after a refresh brought these data. */
export function collect(state: State, data: Snapshot, atMs: number = state.nowMs + 1000): State {
  return dispatched(state, {type: 'snapshot-collected', snapshot: data, atMs});
}

/** What came of keys: the state and every command on the way. */
export type Pressed = {readonly state: State; readonly commands: readonly Command[]};

/** The keys pressed one after another, 100 ms apart, each after the screen was painted. */
export function pressed(state: State, ...keys: readonly string[]): Pressed {
  const commands: Command[] = [];
  let now = state;
  for (const key of keys) {
    const atMs = now.nowMs + 100;
    const [next, command] = update(now, {type: 'key-pressed', key, atMs});
    if (command !== undefined) commands.push(command);
    now = paint(next, atMs + 1);
  }
  return {state: now, commands};
}

/** The state after keys, without their commands. */
export function press(state: State, ...keys: readonly string[]): State {
  return pressed(state, ...keys).state;
}

/** The state after a text was typed character by character. */
export function write(state: State, text: string): State {
  return press(state, ...[...text].map(character => (character === ' ' ? 'space' : character)));
}

/** The state after a frame was drawn. */
export function paint(state: State, atMs: number = state.nowMs + 1): State {
  return dispatched(state, {type: 'frame-painted', atMs});
}

/** The mode, which must be of this type. */
export function modeOf<Type extends Mode['type']>(state: State, kind: Type): Extract<Mode, {type: Type}> {
  const {mode} = state;
  if (!isMode(mode, kind)) throw new Error(`the mode is ${mode.type}, not ${kind}`);
  return mode;
}

function isMode<Type extends Mode['type']>(mode: Mode, kind: Type): mode is Extract<Mode, {type: Type}> {
  return mode.type === kind;
}

/** The pids of the table's rows from the top. */
export function pidsOf(state: State): readonly number[] {
  return tableRows(state).map(row => row.backend.pid);
}

type RegionName = Extract<ScreenModel, {type: 'regions'}>['regions'][number]['name'];

/** The texts of a region of the screen, without the spaces at their ends; empty when the region is not there. */
export function regionTexts(state: State, name: RegionName): readonly string[] {
  const model = screenModel(state);
  const regions = model.type === 'inspect' ? [model.page, model.footer] : model.regions;
  const region = regions.find(each => each.name === name);
  return region?.lines.map(each => lineText(each).trimEnd()) ?? [];
}

/** The message line. */
export function messageOf(state: State): string {
  return (regionTexts(state, 'footer')[0] ?? '').trim();
}
