/** A parameter as it stood in a connection string, its name not checked yet. */
export type WrittenParameter = {
  readonly name: string;
  readonly value: string;
  /** False when the name may be a piece of a password that was not quoted or encoded: an error must not repeat it. */
  readonly isShowable: boolean;
};

/**
 * True for a word of a connection string that an error may repeat: it looks like a parameter's name, no password stands
 * before it, and no `@` after it, which in a URI may end a password.
 */
export function isShowable(word: string, before: string, after: string): boolean {
  return /^[a-z_][a-z0-9_]{0,39}$/i.test(word) && !/passw|secret|_key/i.test(before) && !after.includes('@');
}
