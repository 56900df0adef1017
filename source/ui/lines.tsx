import {Box, Text} from 'ink';
import {memo, type ReactNode} from 'react';
import type {Line} from '../state/line.ts';
import {paintLine, type Theme} from './theme.ts';

const Row = memo(function Row({text}: {readonly text: string}): ReactNode {
  return <Text wrap="truncate">{text}</Text>;
});

/** Finished lines one under another, one text element a line; a line that did not change is not drawn again. */
export function Lines({lines, theme}: {readonly lines: readonly Line[]; readonly theme: Theme}): ReactNode {
  return (
    <Box flexDirection="column" flexShrink={0}>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is a place on the screen, whatever stands on it.
        <Row key={index} text={paintLine(line, theme)} />
      ))}
    </Box>
  );
}
