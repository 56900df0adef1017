import {renderToString} from 'ink';
import {screenModel} from '../../source/state/screen-model.ts';
import type {State} from '../../source/state/state.ts';
import {Screen} from '../../source/ui/screen.tsx';
import {createTheme} from '../../source/ui/theme.ts';

const THEME = createTheme(false);

/** What stands on a terminal of the state's size, without colours and the spaces at the ends of lines. */
export function frameOf(state: State): readonly string[] {
  const frame = renderToString(<Screen model={screenModel(state)} theme={THEME} />, {columns: state.columns});
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ESC is what a colour begins with.
  return frame.split('\n').map(text => text.replace(/\u001b\[[\d;]*m/g, '').trimEnd());
}
