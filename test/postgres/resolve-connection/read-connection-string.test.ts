import {describe, expect, it} from 'vitest';
import {UsageError} from '../../../source/model/usage-error.ts';
import {
  isConnectionString,
  readConnectionString,
} from '../../../source/postgres/resolve-connection/read-connection-string.ts';

function valuesOf(text: string) {
  return Object.fromEntries(readConnectionString(text).map(({name, value}) => [name, value]));
}

function errorOf(text: string): UsageError {
  try {
    readConnectionString(text);
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error(`no error for ${text}`);
}

describe('isConnectionString', () => {
  it.each([
    ['shop', false],
    ['my db', false],
    ['postgres', false],
    ['a:b', false],
    ['a@b', false],
    ['host=x', true],
    ['=', true],
    ['postgres://', true],
    ['postgresql://h/db', true],
    ['mysql://u:p@h/db', true],
    ['u:p@h/db', true],
  ])('%j is one: %s', (text, expected) => {
    expect(isConnectionString(text)).toBe(expected);
  });
});

// Every row of the two tables is what PQconninfoParse of libpq 15.18 answers.
describe('a conninfo string', () => {
  it.each([
    ['=', 'host=a port=5', {host: 'a', port: '5'}],
    ['spaces around =', '  host = a  port= 5 ', {host: 'a', port: '5'}],
    ['tabs and line ends', 'host=a\tport=5\nuser=u', {host: 'a', port: '5', user: 'u'}],
    ['an empty value at the end', 'host=', {host: ''}],
    ['a value is looked for beyond spaces', 'host= port=5', {host: 'port=5'}],
    ['quotes', "host='a b' port=5", {host: 'a b', port: '5'}],
    ['empty quotes', "host='' port=5", {host: '', port: '5'}],
    ['a quote in quotes', "host='a\\'b'", {host: "a'b"}],
    ['a backslash in quotes', "host='a\\\\b'", {host: 'a\\b'}],
    ['an escaped space', 'host=a\\ b', {host: 'a b'}],
    ['a backslash at the end', 'host=a\\', {host: 'a'}],
    ['a quote within a bare value', "host=a'b'", {host: "a'b'"}],
    ['no space after quotes', "host='a'port=5", {host: 'a', port: '5'}],
    ['a no-break space is no space', 'host=a\u00a0b', {host: 'a\u00a0b'}],
    ['= within a value', 'user=a=b', {user: 'a=b'}],
    ['a conninfo within dbname is a name', "dbname='host=x'", {dbname: 'host=x'}],
    ['the last of two', 'host=a host=b', {host: 'b'}],
    ['requiressl of old', 'requiressl=1', {sslmode: 'require'}],
    ['requiressl off', 'requiressl=0', {sslmode: 'prefer'}],
  ])('%s', (_, text, expected) => {
    expect(valuesOf(text)).toEqual(expected);
  });

  it.each([
    ['host', '"host" in the connection string is not followed by "="'],
    ['host=a b', '"b" in the connection string is not followed by "="'],
    ["host='a", 'a single quote in the connection string is not closed'],
    ["host='a\\'", 'a single quote in the connection string is not closed'],
    ['bogus=1', 'unknown connection parameter "bogus"'],
    ['Host=a', 'unknown connection parameter "Host"'],
    ['ssl=true', 'unknown connection parameter "ssl"'],
    ['=x', 'the connection string has an unknown parameter'],
    ['constructor=x', 'unknown connection parameter "constructor"'],
  ])('%j is refused', (text, message) => {
    expect(errorOf(text).message).toBe(message);
  });
});

describe('a connection URI', () => {
  it.each([
    ['postgresql://', {}],
    ['postgres://h', {host: 'h'}],
    ['postgresql://h:5433', {host: 'h', port: '5433'}],
    ['postgresql://h:/db', {host: 'h', dbname: 'db'}],
    ['postgresql://:5433/db', {port: '5433', dbname: 'db'}],
    ['postgresql://u@h/db', {user: 'u', host: 'h', dbname: 'db'}],
    ['postgresql://u:p@h/db', {user: 'u', password: 'p', host: 'h', dbname: 'db'}],
    ['postgresql://u:@h', {user: 'u', host: 'h'}],
    ['postgresql://:p@h', {password: 'p', host: 'h'}],
    ['postgresql://@h', {host: 'h'}],
    ['postgresql://u:p?w#x@h', {user: 'u', password: 'p?w#x', host: 'h'}],
    ['postgresql://u%40x:p%3Aw@h/d%20b', {user: 'u@x', password: 'p:w', host: 'h', dbname: 'd b'}],
    ['postgresql:///db?host=/dir&port=5434', {dbname: 'db', host: '/dir', port: '5434'}],
    ['postgresql://%2Fvar%2Frun/db', {host: '/var/run', dbname: 'db'}],
    ['postgresql://[::1]:5433/db', {host: '::1', port: '5433', dbname: 'db'}],
    ['postgresql://[::1]', {host: '::1'}],
    ['postgresql://h1:1,h2/db', {host: 'h1,h2', port: '1,', dbname: 'db'}],
    ['postgresql://h?application_name=x%20y', {host: 'h', application_name: 'x y'}],
    ['postgresql://h/db?', {host: 'h', dbname: 'db'}],
    ['postgresql://h/db?user=a&', {host: 'h', dbname: 'db', user: 'a'}],
    ['postgresql://h/db?user=a&user=b', {host: 'h', dbname: 'db', user: 'b'}],
    ['postgresql://h/db?host=other', {host: 'other', dbname: 'db'}],
    ['postgresql://h/db?us%65r=x', {host: 'h', dbname: 'db', user: 'x'}],
    ['postgresql://h/db?user=a@b', {host: 'h', dbname: 'db', user: 'a@b'}],
    ['postgresql://h/db?ssl=true', {host: 'h', dbname: 'db', sslmode: 'require'}],
    ['postgresql://h/a/b/c', {host: 'h', dbname: 'a/b/c'}],
    ['postgresql://h/d+b#c', {host: 'h', dbname: 'd+b#c'}],
    ['postgresql://h/d\u00e9%C3%A9', {host: 'h', dbname: 'd\u00e9\u00e9'}],
    ['postgresql://h?options=a@b', {user: 'h?options=a', host: 'b'}],
  ])('%s', (text, expected) => {
    expect(valuesOf(text)).toEqual(expected);
  });

  it.each([
    ['postgresql://[::1', 'the "[" before the IPv6 address in the connection URI has no "]"'],
    ['postgresql://[]/db', 'the IPv6 address in the connection URI is empty'],
    ['postgresql://[::1]x', 'the IPv6 address in the connection URI is not followed by ":", "/" or "?"'],
    ['postgresql://h/db?user', 'the query parameter "user" in the connection URI has no "="'],
    [
      'postgresql://h/db?user=a=b',
      'the query parameter "user" in the connection URI has two "=": write %3D for the second',
    ],
    ['postgresql://h/db?&user=a', 'a query parameter in the connection URI has no "="'],
    ['postgresql://h/db?hots=1', 'unknown connection parameter "hots"'],
    ['postgresql://h/db?ssl=false', 'unknown connection parameter "ssl"'],
    ['postgresql://h/%zz', 'a database name in the connection URI is not properly percent-encoded'],
    ['postgresql://h/%4', 'a database name in the connection URI is not properly percent-encoded'],
    ['postgresql://h/%00', 'a database name in the connection URI is not properly percent-encoded'],
    ['postgresql://u:%FF@h', 'a password in the connection URI is not properly percent-encoded'],
    ['postgresql://u:p@ss@h/db', 'there is an "@" in the host or database of the connection URI'],
    ['postgresql://u:p/ss@h/db', 'there is an "@" in the host or database of the connection URI'],
    ['POSTGRES://h/db', 'a connection URI begins with postgres:// or postgresql://'],
    ['postgres:/h/db', 'a connection URI begins with postgres:// or postgresql://'],
    ['jdbc:postgresql://h/db?user=x', 'a connection URI begins with postgres:// or postgresql://'],
    ['u:p@h/db', 'a connection URI begins with postgres:// or postgresql://'],
  ])('%s is refused', (text, message) => {
    expect(errorOf(text).message).toBe(message);
  });
});

it.each([
  ['hots=1', 'Did you mean host?'],
  ['ueser=1', 'Did you mean user?'],
  ['prot=1', 'Did you mean port?'],
  ['HOST=1', 'Did you mean host?'],
  ['database=x', 'Did you mean dbname?'],
  ['username=x', 'Did you mean user?'],
  ['pwd=x', 'Did you mean password?'],
  ['ssl_mode=x', 'Did you mean sslmode?'],
  ['application-name=x', 'Did you mean application_name?'],
  ['applicationname=x', 'Did you mean application_name?'],
  ['password=x hots=1', 'Did you mean host?'],
  ['zzzzzz=1', 'The names are those of libpq: host, port, dbname, user, …'],
])('%j suggests the parameter that was meant', (text, hint) => {
  expect(errorOf(text).hint).toBe(hint);
});
