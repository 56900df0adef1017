import {Box} from 'ink';
import type {ReactNode} from 'react';
import type {ScreenModel} from '../state/screen-model.ts';
import {InspectPage} from './inspect-page.tsx';
import {Lines} from './lines.tsx';
import type {Theme} from './theme.ts';

/** The whole screen: the regions of the screen model one under another. */
export function Screen({model, theme}: {readonly model: ScreenModel; readonly theme: Theme}): ReactNode {
  return (
    <Box flexDirection="column">
      {model.type === 'inspect' ? (
        <InspectPage model={model} theme={theme} />
      ) : (
        model.regions.map(({name, lines}) => <Lines key={name} lines={lines} theme={theme} />)
      )}
    </Box>
  );
}
