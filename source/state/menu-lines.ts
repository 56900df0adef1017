import type {DatabaseSizes} from '../model/database-size.ts';
import {type Line, line} from './line.ts';
import type {Mode} from './mode.ts';
import type {State} from './state.ts';

const TITLES: Readonly<Record<Extract<Mode, {type: 'menu'}>['menu'], string>> = {
  sort: 'Sort by',
  user: 'Only sessions of',
  database: 'Only sessions in',
  signal: 'Signal',
};

/** A menu in at most `height` lines: its title and the entries around the chosen one. */
export function menuLines(
  {menu, entries, index}: Extract<Mode, {type: 'menu'}>,
  {sizes}: Pick<State, 'sizes'>,
  height: number,
): readonly Line[] {
  const room = Math.max(1, height - 1);
  const top = Math.max(0, Math.min(index - Math.floor(room / 2), entries.length - room));
  const shown = entries.slice(top, top + room).map((entry, offset): Line => {
    const isChosen = top + offset === index;
    const text = line(
      ` ${isChosen ? '>' : ' '} ${entry.label}`,
      entry.whyNot === undefined ? 'plain' : 'dim',
    );
    return isChosen ? {...text, mark: 'cursor'} : text;
  });
  const more = entries.length > room ? ` · ${index + 1} of ${entries.length}` : '';
  return [
    {
      ...line(
        ` ${TITLES[menu]}${more} · ${menu === 'database' ? sizeKeys(sizes) : 'Enter chooses, Esc closes'}`,
      ),
      mark: 'banner',
    },
    ...shown,
  ];
}

function sizeKeys({progress, byName}: DatabaseSizes): string {
  if (progress === null)
    return `Enter chooses, Esc closes, F2 measures ${byName.size === 0 ? 'sizes' : 'growth'}`;
  return `measuring ${progress.total === null ? '' : `${progress.done} of ${progress.total} `}… Esc stops`;
}
