import {isIP} from 'node:net';
import {UsageError} from '../../model/usage-error.ts';
import type {ConnectionAttempt} from './connection-plan.ts';
import type {ReadUserFile} from './connection-request.ts';
import {givenValue, quoted, type Settings, sourceText} from './setting.ts';

/** Where PostgreSQL puts its socket: Debian and Red Hat, then PostgreSQL's own choice. */
export const DEFAULT_SOCKET_FOLDERS: readonly string[] = ['/var/run/postgresql', '/tmp'];

const DEFAULT_PORT = 5432;

/** A place to try, before the password for it is known. */
export type Place = Omit<ConnectionAttempt, 'password'>;

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
 * The hosts that were given, each with its port. Where none was, the sockets that exist in the usual folders, then localhost. A
 * socket folder that was named is tried whether or not a socket is seen in it. @throws UsageError for lists that do not match and for a port outside 1 to 65535
 */
export function placeAttempts(settings: Settings, readFile: ReadUserFile): Places {
  const hosts = givenValue(settings, 'host')?.split(',');
  const addresses = givenValue(settings, 'hostaddr')?.split(',');
  if (hosts !== undefined && addresses !== undefined && hosts.length !== addresses.length) {
    throw new UsageError(`${hosts.length} hosts do not match ${addresses.length} values of hostaddr`);
  }
  const count = addresses?.length ?? hosts?.length ?? 1;
  const ports = portsOf(settings, count);
  const places = Array.from({length: count}, (_, index) =>
    placesAt(hosts?.[index] ?? '', addresses?.[index] ?? '', ports[index] ?? DEFAULT_PORT, readFile),
  );
  const [first, ...others] = places.flatMap(({attempts}) => attempts);
  if (first === undefined) throw new RangeError('a connection without a place');
  return {attempts: [first, ...others], missingSockets: places.flatMap(({missingSockets}) => missingSockets)};
}

function placesAt(host: string, address: string, port: number, readFile: ReadUserFile): Places {
  if (address !== '') {
    if (isIP(address) === 0) throw new UsageError(`hostaddr is not an address: ${quoted(address)}`);
    return {
      attempts: [
        {kind: 'tcp', host: host || address, address, port, isNameless: host === '', isGuess: false},
      ],
      missingSockets: [],
    };
  }
  if (host === '') return guesses(port, readFile);
  const kind = host.startsWith('/') ? 'socket' : 'tcp';
  return {
    attempts: [{kind, host, address: undefined, port, isNameless: false, isGuess: false}],
    missingSockets: [],
  };
}

function guesses(port: number, readFile: ReadUserFile): Places {
  const guess = {address: undefined, port, isNameless: false, isGuess: true} as const;
  const sockets = DEFAULT_SOCKET_FOLDERS.map(host => ({kind: 'socket', host, ...guess}) as const);
  const present = sockets.filter(place => readFile(socketPath(place))?.kind === 'socket');
  const localhost = {kind: 'tcp', host: 'localhost', ...guess} as const;
  const [first = localhost, ...others] = [...present, localhost];
  return {
    attempts: first === localhost ? [localhost] : [first, ...others],
    missingSockets: sockets.filter(place => !present.includes(place)).map(socketPath),
  };
}

/** One port for all hosts, or one for each; an empty one is the usual one. */
function portsOf(settings: Settings, count: number): readonly number[] {
  const given = givenValue(settings, 'port')?.split(',') ?? [''];
  if (given.length !== 1 && given.length !== count) {
    throw new UsageError(`${given.length} ports do not match ${count} ${count === 1 ? 'host' : 'hosts'}`);
  }
  const ports = given.map(text => portOf(settings, text));
  return ports.length === 1 ? Array.from({length: count}, () => ports[0] ?? DEFAULT_PORT) : ports;
}

function portOf(settings: Settings, text: string): number {
  if (text === '') return DEFAULT_PORT;
  const port = /^\s*\+?\d+\s*$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  const source = settings.get('port')?.source ?? {kind: 'default'};
  if (source.kind === 'uri') {
    // Not repeated: what stands where the port should be may be the password.
    throw new UsageError(
      'the port in the connection URI is not a number from 1 to 65535',
      'In a user name or password write %2F for /, %40 for @, %3A for : and %25 for %.',
    );
  }
  throw new UsageError(
    `the port from ${sourceText(source)} is not a number from 1 to 65535: ${quoted(text)}`,
  );
}
