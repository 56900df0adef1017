import {UsageError} from '../../model/usage-error.ts';
import type {ReadUserFile} from './connection-request.ts';
import {givenValue, quoted, type Settings, sourceText} from './setting.ts';

/** Where PostgreSQL puts its socket: Debian and Red Hat, then PostgreSQL's own choice. */
export const DEFAULT_SOCKET_FOLDERS: readonly string[] = ['/var/run/postgresql', '/tmp'];

const DEFAULT_PORT = 5432;

/** A place to try, before the password for it is known. */
export type Place = {readonly kind: 'socket' | 'tcp'; readonly host: string; readonly port: number};

/** The places to try in order, and the sockets that are not there and so are not tried. */
export type Places = {
  readonly attempts: readonly [Place, ...Place[]];
  readonly missingSockets: readonly string[];
};

/** The file of a server's socket. */
export function socketPath({host, port}: {readonly host: string; readonly port: number}): string {
  return `${host.replace(/\/$/, '')}/.s.PGSQL.${port}`;
}

/**
 * The host that was given, or else the sockets that exist in the usual folders, then localhost. A socket folder that was
 * named is tried whether or not a socket is seen in it. @throws UsageError for a port outside 1 to 65535
 */
export function placeAttempts(settings: Settings, readFile: ReadUserFile): Places {
  const host = givenValue(settings, 'host');
  const port = portOf(settings);
  if (host !== undefined) {
    const kind = host.startsWith('/') ? 'socket' : 'tcp';
    return {attempts: [{kind, host, port}], missingSockets: []};
  }
  const sockets = DEFAULT_SOCKET_FOLDERS.map(folder => ({kind: 'socket', host: folder, port}) as const);
  const present = sockets.filter(place => readFile(socketPath(place))?.kind === 'socket');
  const localhost = {kind: 'tcp', host: 'localhost', port} as const;
  const [first = localhost, ...others] = [...present, localhost];
  return {
    attempts: [first, ...others],
    missingSockets: sockets.filter(place => !present.includes(place)).map(socketPath),
  };
}

function portOf(settings: Settings): number {
  const setting = settings.get('port');
  if (setting === undefined || setting.value === '') return DEFAULT_PORT;
  const port = /^\s*\+?\d+\s*$/.test(setting.value) ? Number(setting.value) : 0;
  if (port >= 1 && port <= 65_535) return port;
  if (setting.source.kind === 'uri') {
    // Not repeated: what stands where the port should be may be the password.
    throw new UsageError(
      'the port in the connection URI is not a number from 1 to 65535',
      'In a user name or password write %2F for /, %40 for @, %3A for : and %25 for %.',
    );
  }
  const list = setting.value.includes(',') ? ' (one port, one server)' : '';
  throw new UsageError(
    `the port from ${sourceText(setting.source)} is not a number from 1 to 65535${list}: ${quoted(setting.value)}`,
  );
}
