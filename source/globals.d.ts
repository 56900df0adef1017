declare const PGTOP_VERSION: string;
/** The name of the file with the program, beside pgtop.js. */
declare const PGTOP_PROGRAM: string;

declare module 'pg/lib/utils.js' {
  /** A value as the text of a parameter; bytes stay bytes, and null is NULL. */
  export function prepareValue(value: unknown): string | Buffer | null;
}
