import type {
  ConnectionRequest,
  UserFile,
} from '../../../source/postgres/resolve-connection/connection-request.ts';

/** Paths and what is there: a text for a plain file of mode 0600, or the parts that differ. */
export type Files = Readonly<Record<string, string | Partial<UserFile>>>;

/** A file system that holds only these files. */
export function readFrom(files: Files): ConnectionRequest['readFile'] {
  const plain: UserFile = {kind: 'file', mode: 0o600, ownerId: 1000, text: ''};
  return path => {
    const found = files[path];
    if (found === undefined) return null;
    return typeof found === 'string' ? {...plain, text: found} : {...plain, ...found};
  };
}

/** What a user `ann` with an empty environment and no files asks for. */
export function connectionRequest(
  given: Partial<Omit<ConnectionRequest, 'readFile'>> & {readonly files?: Files} = {},
): ConnectionRequest {
  const {files = {}, ...parts} = given;
  return {
    options: {},
    environment: {},
    osUser: 'ann',
    homeFolder: '/home/ann',
    readFile: readFrom(files),
    ...parts,
  };
}

/** The socket that a server in this folder has. */
export function socketIn(folder: string, port = 5432): Files {
  return {[`${folder}/.s.PGSQL.${port}`]: {kind: 'socket'}};
}
