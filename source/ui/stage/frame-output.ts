import ExactOutput from '../../../node_modules/ink/build/output.js';
import {type Clip, createRowComposer, intersection, type RowComposer} from './row-composer.ts';

type WriteOptions = Parameters<ExactOutput['write']>[3];

/** A text of the frame, with the part of the screen in which it shows. */
type Write = {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly options: WriteOptions;
  readonly clip: Clip | undefined;
};

/**
 * Stands in for the stage of Ink that makes a frame of the texts in the tree. Texts that stand side by side are put together as
 * they are; a row in which one covers, cuts or changes another is left to Ink's own stage, which takes every character apart.
 */
export class FrameOutput {
  readonly width: number;
  readonly height: number;
  private readonly rows: RowComposer;
  private readonly writes: Write[] = [];
  private readonly clips: Clip[] = [];

  constructor(size: {readonly width: number; readonly height: number}) {
    this.width = size.width;
    this.height = size.height;
    this.rows = createRowComposer(size.height);
  }

  /** A text whose first character stands at a cell; every transformer changes each line of it. */
  write(x: number, y: number, text: string, options: WriteOptions): void {
    if (text === '') return;
    const clip = this.clips.at(-1);
    this.writes.push({x, y, text, options, clip});
    this.rows.place(x, y, text, {clip, transformers: options.transformers});
  }

  /** From here on only what is inside shows. */
  clip(clip: Clip): void {
    this.clips.push(intersection(this.clips.at(-1), clip));
  }

  unclip(): void {
    this.clips.pop();
  }

  /** The frame, one line a row. */
  get(): {output: string; height: number} {
    const rows = this.rows.rows();
    const exact = rows.includes(null) ? this.exactRows(rows) : [];
    return {output: rows.map((row, y) => row ?? exact[y] ?? '').join('\n'), height: this.height};
  }

  /** What Ink's own stage makes of the rows that are still to be made. */
  private exactRows(rows: readonly (string | null)[]): readonly string[] {
    const exact = new ExactOutput({width: this.width, height: this.height});
    for (const {x, y, text, options, clip} of this.writes) {
      if (!rows.slice(Math.max(0, y), Math.max(0, y + text.split('\n').length)).includes(null)) continue;
      if (clip !== undefined) exact.clip(clip);
      exact.write(x, y, text, options);
      if (clip !== undefined) exact.unclip();
    }
    return exact.get().output.split('\n');
  }
}
