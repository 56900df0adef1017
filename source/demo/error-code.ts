/** The operating system's name of an error, as Node gives it (`ENOENT`, `EACCES`, …); null for any other error. */
export function errorCodeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
