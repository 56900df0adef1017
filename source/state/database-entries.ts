import {sizeText} from '../model/database-size.ts';
import {formatBytes} from '../model/format.ts';
import type {MenuEntry} from './mode.ts';
import type {State} from './state.ts';

/** The databases to choose from: those of the sessions and, once they were measured, all, each with its size. */
export function databaseEntries({shown, sizes}: State): readonly MenuEntry[] {
  const counts = new Map([...sizes.byName.keys()].map(name => [name, 0]));
  for (const {datname} of shown?.reading.backends ?? [])
    if (datname !== null) counts.set(datname, (counts.get(datname) ?? 0) + 1);
  const known = [...sizes.byName.values()].flatMap(({latest}) =>
    latest.type === 'known' ? latest.bytes : [],
  );
  const total = known.reduce((sum, bytes) => sum + bytes, 0);
  const isWhole =
    known.length === sizes.byName.size && known.length >= (sizes.total ?? 1) && sizes.progress === null;
  const entries = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => {
      const size = sizes.byName.get(name);
      return {value: name, label: `${name} (${count})${size === undefined ? '' : ` · ${sizeText(size)}`}`};
    });
  return [{value: null, label: `any database${isWhole ? ` · ${formatBytes(total)}` : ''}`}, ...entries];
}
