import type {Run} from './sgr.ts';
import type {Place} from './way.ts';

/** A stretch of text in one look, and how many cells it takes. */
export type PatchRun = Omit<Run, 'start'> & {readonly cells: number};

/** What is to be written in one go, from one cell on. Patches of one screen do not overlap: their order is free. */
export type Patch = Place & {
  /** Whether all from the column on is made blank first. */
  readonly erases: boolean;
  readonly runs: readonly PatchRun[];
  /** What stands right before the first run, in its look and a cell each. */
  readonly lead: string;
};
