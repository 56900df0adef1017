import {remembered} from '../model/remembered.ts';

type Keyed = {readonly key: string};

/** The keys of some rows in their order, by which a cursor finds its row; remembered with the rows. */
export const rowKeys: (rows: readonly Keyed[]) => readonly string[] = remembered(rows => rows.map(keyOf));

function keyOf({key}: Keyed): string {
  return key;
}
