/** Intl.Segmenter, of which the first of a process reads tables of Unicode for 10 ms: made when there is a text for it. Nothing but `segment` is there. */
export class LazySegmenter {
  readonly #words: ConstructorParameters<typeof Intl.Segmenter>;
  #made: Intl.Segmenter | null = null;

  constructor(...words: ConstructorParameters<typeof Intl.Segmenter>) {
    this.#words = words;
  }

  segment(text: string): Intl.Segments {
    // Taken out of Intl here: in the bundle the whole name stands for this class.
    const {Segmenter} = Intl;
    this.#made ??= new Segmenter(...this.#words);
    return this.#made.segment(text);
  }
}
