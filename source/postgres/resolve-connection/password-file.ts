import {sanitise} from '../../model/sanitise.ts';
import type {ReadUserFile} from './connection-request.ts';
import {DEFAULT_SOCKET_FOLDERS, type Place} from './place-attempts.ts';

/** What a password file has for a connection. `finding` says in words why it has nothing; the warning is one that libpq gives. */
export type PasswordFile = {
  passwordFor(place: Pick<Place, 'host' | 'port'>, database: string, user: string): string | undefined;
  readonly finding: string;
  readonly warning: string | undefined;
};

/** Reads a libpq password file: lines of `host:port:database:user:password`. One that others may read is ignored, with a warning. */
export function openPasswordFile(path: string, readFile: ReadUserFile): PasswordFile {
  const shown = sanitise(path);
  const file = readFile(path);
  if (file === null) return useless(`${shown} (no such file)`);
  if (file.kind !== 'file') {
    return useless(
      `${shown} (not a plain file)`,
      `password file ${shown} is ignored: it is not a plain file`,
    );
  }
  if ((file.mode & 0o077) !== 0) {
    const problem = `password file ${shown} is ignored: group or others may read it (chmod 600 ${shown})`;
    return useless(`${shown} (ignored: group or others may read it)`, problem);
  }
  if (file.text === undefined) return useless(`${shown} (may not be read)`);
  const lines = file.text.split(/\r*\n/).filter(line => !line.startsWith('#'));
  return {
    passwordFor: (place, database, user) =>
      findPassword(lines, hostNames(place), [String(place.port), database, user]),
    finding: `${shown} (no line for this host, port, database and user)`,
    warning: undefined,
  };
}

function useless(finding: string, warning?: string): PasswordFile {
  return {passwordFor: () => undefined, finding, warning};
}

/** A line for localhost is meant for the default socket too; which folder that is, is built into libpq, so each of them counts. */
function hostNames({host}: Pick<Place, 'host'>): readonly string[] {
  return DEFAULT_SOCKET_FOLDERS.includes(host) ? ['localhost', host] : [host];
}

/** The password of the first line that matches, even when it is empty, which then is none. */
function findPassword(
  lines: readonly string[],
  hosts: readonly string[],
  others: readonly string[],
): string | undefined {
  const accepted = [hosts, ...others.map(other => [other])];
  for (const line of lines) {
    const fields = splitFields(line);
    const matches = accepted.every((wanted, index) => isMatch(fields[index], wanted));
    const password = fields[accepted.length];
    if (matches && password !== undefined) return unescaped(password) || undefined;
  }
  return undefined;
}

/** Cuts at each colon that no backslash stands before. */
function splitFields(line: string): readonly string[] {
  return line.replace(/\r+$/, '').match(/(?<=^|:)(?:\\[\s\S]|[^\\:]|\\$)*/g) ?? [];
}

function isMatch(field: string | undefined, wanted: readonly string[]): boolean {
  return field === '*' || (field !== undefined && wanted.includes(unescaped(field)));
}

function unescaped(field: string): string {
  return field.replace(/\\([\s\S])/g, '$1');
}
