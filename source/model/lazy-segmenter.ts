/** Intl.Segmenter, of which the first of a process reads tables of Unicode for 10 ms: made when there is a text for it. Nothing but `segment` is there: a class, since it stands in for one in the packages that are bundled. */
export class LazySegmenter {
  readonly #options: ConstructorParameters<typeof Intl.Segmenter>;
  #made: Intl.Segmenter | null = null;

  constructor(...options: ConstructorParameters<typeof Intl.Segmenter>) {
    this.#options = options;
  }

  segment(text: string): Intl.Segments {
    this.#made ??= new Intl.Segmenter(...this.#options);
    return this.#made.segment(text);
  }
}
