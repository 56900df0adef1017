import type {Screen} from '../helpers/terminal-screen.ts';

/** The rows of the session table as they stand, without the heading. */
export function tableRows(screen: Screen): readonly string[] {
  const rows = screen.lines.slice(headingIndex(screen) + 1);
  const end = rows.findIndex(row => !/^ *\d+ /.test(row) || row.startsWith(' Lock waits'));
  return end === -1 ? rows : rows.slice(0, end);
}

/** The heading of the session table. */
export function heading(screen: Screen): string {
  return screen.lines[headingIndex(screen)] ?? '';
}

function headingIndex(screen: Screen): number {
  return screen.lines.findIndex(line => /^ *PID.* QUERY/.test(line));
}

/** The cells of a column of text, from the top. It has to be followed by another such column. */
export function column(screen: Screen, title: 'USER' | 'DATABASE' | 'APP' | 'STATE'): readonly string[] {
  const titles = heading(screen);
  const from = titles.search(new RegExp(`\\b${title}\\b`));
  const length = titles.slice(from).search(/(?<= )\S/);
  return tableRows(screen).map(row => row.slice(from, from + length).trim());
}

/** The line under the cursor: the one that is inverse from its first cell on. */
export function cursorLine(screen: Screen): string {
  const y = screen.lines.findIndex((_, row) => screen.cell(0, row).inverse);
  return screen.lines[y] ?? '';
}

/** A condition: the session table has a row of this process id. */
export const hasRow = (pid: number) => (screen: Screen) =>
  tableRows(screen).some(row => row.trimStart().startsWith(`${pid} `));

/** The time of the data, in the first line; undefined while there are none. */
export function clockOf({lines}: Screen): string | undefined {
  return /\d\d:\d\d:\d\d/.exec(lines[0] ?? '')?.[0];
}

/** The seconds between refreshes that are asked for, whatever the server lets them be. */
export function intervalOf({lines}: Screen): string | undefined {
  return /([\d.]+) s · \d\d:\d\d:\d\d/.exec(lines[0] ?? '')?.[1];
}

/** What stands still while the screen is paused: not the age of the data, nor what refreshes cost. */
export function stillText({lines: [first = '', ...others]}: Screen): string {
  return [
    first.replace(/ [\d.]+ s instead of(?= [\d.]+ s · [\d:]+$)/, ''),
    ...others.filter(line => !line.startsWith(' Paused')),
  ].join('\n');
}

/** The line above the function bar: the message, the prompt, or what the table shows. */
export function messageLine(screen: Screen): string {
  return screen.lines.at(-2) ?? '';
}
