/** What stands in the standalone executable beside its start, by the names they are asked for with. */
export const ASSETS = {
  /** The bundle of cli.ts as the text of a function. */
  code: 'cli.js',
  /** V8's code for all of it. */
  compiled: 'cli.cache',
  licences: 'licences.txt',
} as const;
