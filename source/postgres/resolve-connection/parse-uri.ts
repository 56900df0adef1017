import {UsageError} from '../../model/usage-error.ts';
import {isShowable, type WrittenParameter} from './written-parameter.ts';

const ENCODING = 'In a user name or password write %2F for /, %40 for @, %3A for : and %25 for %.';
const NETLOC = /(?:\[([^\]]*)\]|([^:/?,]*))(?::([^/?,]*))?/y;

/**
 * Reads a `postgres://` or `postgresql://` URI as libpq does: user and password, hosts with ports (IPv6 in brackets),
 * database and query parameters, all percent-encoded; an absent part sets nothing. A bare `@` in host or database, which
 * libpq takes, is refused: it nearly always is a password with a character not encoded. Errors never repeat the URI. @throws UsageError
 */
export function parseUri(uri: string): readonly WrittenParameter[] {
  const text = uri.slice(uri.indexOf('://') + 3);
  const end = text.search(/[@/]/);
  const hasCredentials = end !== -1 && text[end] === '@';
  const location = hasCredentials ? text.slice(end + 1) : text;
  const {hosts, ports, rest} = readHosts(location);
  const queryAt = rest.indexOf('?');
  const path = queryAt === -1 ? rest : rest.slice(0, queryAt);
  if (hosts.includes('@') || path.includes('@')) throw strayAt();
  return [
    ...(hasCredentials ? readCredentials(text.slice(0, end)) : []),
    ...part('host', 'host', hosts),
    ...part('port', 'port', ports),
    ...part('dbname', 'database name', path.slice(1)),
    ...(queryAt === -1 ? [] : readQuery(rest.slice(queryAt + 1))),
  ];
}

function readCredentials(credentials: string): readonly WrittenParameter[] {
  const colon = credentials.indexOf(':');
  if (colon === -1) return part('user', 'user name', credentials);
  return [
    ...part('user', 'user name', credentials.slice(0, colon)),
    ...part('password', 'password', credentials.slice(colon + 1)),
  ];
}

/** Several hosts come out as one text with commas, as libpq's parameters have them; the comma is judged later. */
function readHosts(location: string): {hosts: string; ports: string; rest: string} {
  const hosts: string[] = [];
  const ports: string[] = [];
  let at = 0;
  do {
    NETLOC.lastIndex = at;
    const [whole = '', v6, name = '', port = ''] = NETLOC.exec(location) ?? [];
    if (v6 === '') throw new UsageError('the IPv6 address in the connection URI is empty');
    if (v6 === undefined && name.startsWith('[')) {
      throw new UsageError('the "[" before the IPv6 address in the connection URI has no "]"');
    }
    hosts.push(v6 ?? name);
    ports.push(port);
    at += whole.length + 1;
  } while (location[at - 1] === ',');
  const rest = location.slice(at - 1);
  if (rest !== '' && !/^[/?]/.test(rest)) {
    throw new UsageError('the IPv6 address in the connection URI is not followed by ":", "/" or "?"');
  }
  return {hosts: hosts.join(','), ports: ports.join(','), rest};
}

function readQuery(query: string): readonly WrittenParameter[] {
  if (query === '') return [];
  const pairs = query.replace(/&$/, '').split('&');
  return pairs.map((pair, index) => {
    const [name = '', value, extra] = pair.split('=');
    const mayShow = isShowable(name, pairs.slice(0, index).join('&'), pairs.slice(index).join('&'));
    if (value === undefined || extra !== undefined) throw badPair(mayShow ? name : '', extra !== undefined);
    return {
      name: decode(name, 'query parameter'),
      value: decode(value, 'query parameter'),
      isShowable: mayShow,
    };
  });
}

function part(name: string, called: string, encoded: string): readonly WrittenParameter[] {
  return encoded === '' ? [] : [{name, value: decode(encoded, called), isShowable: true}];
}

function decode(encoded: string, called: string): string {
  try {
    const decoded = decodeURIComponent(encoded);
    if (!decoded.includes('\0')) return decoded;
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
  }
  throw new UsageError(`a ${called} in the connection URI is not properly percent-encoded`, ENCODING);
}

function strayAt(): UsageError {
  return new UsageError('there is an "@" in the host or database of the connection URI', ENCODING);
}

function badPair(name: string, hasTwo: boolean): UsageError {
  const shown = name === '' ? 'a query parameter' : `the query parameter "${name}"`;
  const fault = hasTwo ? 'has two "=": write %3D for the second' : 'has no "="';
  return new UsageError(`${shown} in the connection URI ${fault}`);
}
