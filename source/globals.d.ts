declare const PGTOP_VERSION: string;

declare module 'pg/lib/utils.js' {
  /** A value as the text of a parameter; bytes stay bytes, and null is NULL. */
  export function prepareValue(value: unknown): string | Buffer | null;
}
