import {Box} from 'ink';
import inkTable from 'ink-table';
import type {ReactNode} from 'react';
import type {ScreenModel} from '../state/screen-model.ts';
import {Lines} from './lines.tsx';
import type {Theme} from './theme.ts';

type InspectModel = Extract<ScreenModel, {type: 'inspect'}>;

// ink-table is CommonJS: its component is the default of its default.
const {default: Table} = inkTable;

/** One session in full: its lines, then the table of its locks, scrolled by as many of its own lines as the model says. */
export function InspectPage({
  model,
  theme,
}: {
  readonly model: InspectModel;
  readonly theme: Theme;
}): ReactNode {
  const {page, locks, lockColumns, hiddenLockLines, lockRoom, footer} = model;
  return (
    <>
      <Lines lines={page.lines} theme={theme} />
      <Box height={lockRoom} overflow="hidden" flexShrink={0} flexDirection="column">
        {locks.length > 0 && lockRoom > 0 ? (
          <Box marginTop={-hiddenLockLines} flexShrink={0} flexDirection="column">
            <Table data={locks.map(lock => ({...lock}))} columns={[...lockColumns]} />
          </Box>
        ) : null}
      </Box>
      <Lines lines={footer.lines} theme={theme} />
    </>
  );
}
