import {Text} from 'ink';
import type {ReactNode} from 'react';
import type {Line} from '../state/line.ts';
import {paintLine, type Theme} from './theme.ts';

/** Finished lines one under another. One text element for all of them: each element costs React and the layout more than a line costs. */
export function Lines({lines, theme}: {readonly lines: readonly Line[]; readonly theme: Theme}): ReactNode {
  return <Text wrap="truncate">{lines.map(line => paintLine(line, theme)).join('\n')}</Text>;
}
