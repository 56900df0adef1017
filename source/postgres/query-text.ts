import {maskPasswords} from '../model/mask-passwords.ts';
import {sanitise} from '../model/sanitise.ts';
import {decodeEscaped} from './decode-text.ts';
import {type ActivityRow, COLUMN} from './queries/activity.ts';

/** The clean query text of a backend, and what it was made of. */
export type QueryText = {
  /** Decoded, sanitised, passwords masked. */
  readonly text: string;
  /** As it travelled, see decodeEscaped. */
  readonly escaped: string;
  /** The encoding of the backend's database, by PostgreSQL's name. */
  readonly encoding: string;
};

/**
 * The query text of a row. It is the very one from the refresh before where the server sent the same again, or left it out
 * because that query still runs. Null where it was left out and is not known after all. `before` is the backend's row and text
 * of the refresh before.
 */
export function readQueryText(
  row: ActivityRow,
  encoding: string,
  before: {readonly row: ActivityRow; readonly query: QueryText | null} | undefined,
): QueryText | null {
  const known = before?.query?.encoding === encoding ? before.query : null;
  const escaped = row[COLUMN.query];
  if (escaped === null) return before !== undefined && isSameQuery(row, before.row) ? known : null;
  if (known?.escaped === escaped) return known;
  return decodeQuery(escaped, encoding);
}

/** The text in an encoding that was learnt of since; the very same where it is the one it was read in. */
export function decodedAs(query: QueryText, encoding: string): QueryText {
  return query.encoding === encoding ? query : decodeQuery(query.escaped, encoding);
}

function decodeQuery(escaped: string, encoding: string): QueryText {
  return {text: sanitise(maskPasswords(decodeEscaped(escaped, encoding))), escaped, encoding};
}

function isSameQuery(row: ActivityRow, before: ActivityRow): boolean {
  return (
    row[COLUMN.backendStart] === before[COLUMN.backendStart] &&
    row[COLUMN.queryStart] === before[COLUMN.queryStart]
  );
}
