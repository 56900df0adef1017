import {Chalk, type ChalkInstance} from 'chalk';
import type {Line, Tone} from '../state/line.ts';

type Paint = (text: string) => string;

/** How each meaning looks. A meaning is never told by colour alone: a word, a number or a place tells it too. */
export type Theme = {
  readonly tones: Readonly<Record<Tone, Paint>>;
  readonly marks: Readonly<Record<NonNullable<Line['mark']>, Paint>>;
  readonly stale: Paint;
};

/** The theme for a terminal: `hasColor` false keeps to bold, dim and inverse. */
export function createTheme(hasColor: boolean): Theme {
  // A level above the terminal's own is its user's choice; 1 is the 16 colours that follow the terminal's scheme.
  const chalk: ChalkInstance = new Chalk({level: 1});
  const coloured = (paint: Paint, plain: Paint) => (hasColor ? paint : plain);
  const as = (text: string) => text;
  return {
    tones: {
      plain: as,
      dim: chalk.dim,
      strong: chalk.bold,
      title: coloured(chalk.bold.cyan, chalk.bold),
      key: chalk.inverse,
      active: coloured(chalk.green, as),
      waiting: coloured(chalk.yellow, as),
      blocking: coloured(chalk.bold.red, chalk.bold),
      'idle-in-xact': coloured(chalk.magenta, as),
      danger: coloured(chalk.bold.red, chalk.bold),
      good: coloured(chalk.bold.green, chalk.bold),
      match: coloured(chalk.cyan, chalk.underline),
      tagged: coloured(chalk.bold.yellow, chalk.bold),
    },
    marks: {
      cursor: chalk.inverse,
      'cursor-elsewhere': chalk.underline,
      heading: coloured(chalk.bold.cyan, chalk.bold),
      banner: coloured(chalk.black.bgYellow, chalk.inverse),
      bar: as,
    },
    stale: chalk.dim,
  };
}

/** A line as one string with the terminal's sequences for its looks. Neighbours of one meaning share a sequence: each costs a frame time. */
export function paintLine({spans, mark, isStale}: Line, theme: Theme): string {
  let painted = '';
  let same = '';
  spans.forEach(({text, tone}, index) => {
    same += text;
    if (spans[index + 1]?.tone === tone) return;
    painted += theme.tones[tone](same);
    same = '';
  });
  const marked = mark === undefined ? painted : theme.marks[mark](painted);
  return isStale ? theme.stale(marked) : marked;
}
