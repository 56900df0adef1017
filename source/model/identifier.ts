/** A name as an identifier of SQL, in double quotes where it needs them: for statements that a person is to run. */
export function identifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
