import {describe, expect, it} from 'vitest';
import {UsageError} from '../../../source/model/usage-error.ts';
import {describeAttempts, describePlan} from '../../../source/postgres/resolve-connection/describe-plan.ts';
import {resolveConnection} from '../../../source/postgres/resolve-connection/resolve-connection.ts';
import {connectionRequest, socketIn} from './connection-request.ts';

type Given = Parameters<typeof connectionRequest>[0];

const resolve = (given: Given) => resolveConnection(connectionRequest(given));
const environment = {PGHOST: 'eh', PGPORT: '7', PGUSER: 'eu', PGDATABASE: 'ed'};

function errorOf(given: Given): UsageError {
  try {
    resolve(given);
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error(`no error for ${JSON.stringify(given)}`);
}

describe('the target', () => {
  const options = {host: 'oh', port: '9', username: 'ou', dbname: 'od'};
  it.each<[string, Given, string]>([
    ['defaults to the user of the system on localhost', {}, 'ann@localhost:5432/ann'],
    ['takes a database name', {argument: 'shop'}, 'ann@localhost:5432/shop'],
    ['takes a conninfo string', {argument: 'host=h port=8 user=u dbname=d'}, 'u@h:8/d'],
    ['takes a URI', {argument: 'postgres://u@h:8/d'}, 'u@h:8/d'],
    ['takes the database of -d', {options: {dbname: 'shop'}}, 'ann@localhost:5432/shop'],
    ['takes a conninfo string in -d', {options: {dbname: 'host=h user=u'}}, 'u@h:5432/u'],
    ['takes a URI in -d', {options: {dbname: 'postgresql://h/d'}}, 'ann@h:5432/d'],
    ['takes the options', {options}, 'ou@oh:9/od'],
    ['takes the environment', {environment}, 'eu@eh:7/ed'],
    ['prefers options to a string', {options, argument: 'host=h port=8 user=u dbname=d'}, 'ou@oh:9/od'],
    ['prefers options to a URI', {options: {port: '9'}, argument: 'postgres://u@h:8/d'}, 'u@h:9/d'],
    ['prefers a string to the environment', {environment, argument: 'host=h user=u'}, 'u@h:7/ed'],
    ['prefers options to the environment', {environment, options: {host: 'oh'}}, 'eu@oh:7/ed'],
    ['prefers -h to the host of -d', {options: {host: 'oh', dbname: 'host=h'}}, 'ann@oh:5432/ann'],
    ['keeps PGDATABASE beside a URI without one', {environment, argument: 'postgres://h'}, 'eu@h:7/ed'],
    [
      'lets an empty value hide the environment',
      {environment, argument: "host='' dbname=''"},
      'eu@localhost:7/eu',
    ],
    [
      'takes an empty variable for the default',
      {environment: {PGPORT: '', PGUSER: ''}},
      'ann@localhost:5432/ann',
    ],
    ['passes over an empty option', {environment, options: {host: '', port: '', dbname: ''}}, 'eu@eh:7/ed'],
    ['passes over an empty argument', {environment, argument: ''}, 'eu@eh:7/ed'],
    ['names the database after the user', {options: {username: 'bob'}}, 'bob@localhost:5432/bob'],
    ['shows a socket by its folder', {options: {host: '/run/pg', port: '6'}}, 'ann@/run/pg:6/ann'],
    ['shows IPv6 in brackets', {argument: 'postgres://[::1]/d'}, 'ann@[::1]:5432/d'],
    ['takes a port with spaces and a plus', {argument: "host=h port=' +05433 '"}, 'ann@h:5433/ann'],
    [
      'hides a password that a wrong quote made a host',
      {argument: "host='h password=x9'"},
      'ann@h password=***',
    ],
  ])('%s', (_, given, expected) => {
    expect(describePlan(resolve(given))).toBe(expected);
  });

  it.each<[string, Given, string]>([
    ['-p', {options: {port: '0'}}, 'the port from -p is not a number from 1 to 65535: "0"'],
    [
      'PGPORT',
      {environment: {PGPORT: '65536'}},
      'the port from PGPORT is not a number from 1 to 65535: "65536"',
    ],
    [
      'a string',
      {argument: 'port=0x10'},
      'the port from the connection string is not a number from 1 to 65535: "0x10"',
    ],
    [
      'a URI',
      {argument: 'postgres://h:secret'},
      'the port in the connection URI is not a number from 1 to 65535',
    ],
  ])('refuses a bad port of %s by its source', (_, given, message) => {
    expect(errorOf(given).message).toBe(message);
  });

  it.each<[Given, RegExp]>([
    [{argument: 'a', options: {dbname: 'b'}}, /given twice/],
    [{argument: 'a', options: {dbname: 'host=b'}}, /given twice/],
    [{argument: 'host=a', options: {dbname: 'host=b'}}, /given twice/],
    [{osUser: undefined}, /no name for this user/],
    [{options: {noPassword: true, password: true}}, /exclude each other/],
  ])('refuses %j', (given, message) => {
    expect(errorOf(given).message).toMatch(message);
  });

  it('takes the name of a database in -d beside a string', () => {
    expect(describePlan(resolve({argument: 'host=h dbname=a', options: {dbname: 'b'}}))).toBe('ann@h:5432/b');
  });
});

describe('without a host', () => {
  const both = {...socketIn('/var/run/postgresql'), ...socketIn('/tmp')};
  it.each<[string, Given, string]>([
    [
      'tries both sockets, then localhost',
      {files: both},
      '/var/run/postgresql:5432, /tmp:5432, localhost:5432',
    ],
    [
      'tries the socket that is there',
      {files: socketIn('/tmp')},
      '/tmp:5432, localhost:5432 (no socket /var/run/postgresql/.s.PGSQL.5432)',
    ],
    [
      'looks for the socket of the port',
      {files: both, options: {port: '5433'}},
      'localhost:5433 (no socket /var/run/postgresql/.s.PGSQL.5433, /tmp/.s.PGSQL.5433)',
    ],
    [
      'takes no plain file for a socket',
      {files: {'/tmp/.s.PGSQL.5432': ''}},
      'localhost:5432 (no socket /var/run/postgresql/.s.PGSQL.5432, /tmp/.s.PGSQL.5432)',
    ],
    ['tries a given folder alone, seen or not', {files: both, options: {host: '/srv'}}, '/srv:5432'],
    ['tries a given host alone', {files: both, environment: {PGHOST: 'h'}}, 'h:5432'],
  ])('%s', (_, given, expected) => {
    expect(describeAttempts(resolve(given))).toBe(expected);
  });

  it('tells sockets from hosts', () => {
    expect(resolve({files: socketIn('/tmp')}).attempts.map(({kind}) => kind)).toEqual(['socket', 'tcp']);
  });
});

describe('the password', () => {
  const files = {'/home/ann/.pgpass': '*:*:*:*:filed\n'};
  const environment = {PGPASSWORD: 'variable'};
  it.each<[string, Given, string | undefined, boolean]>([
    ['of a URI comes first', {argument: 'postgres://u:typed@h', environment, files}, 'typed', true],
    ['of a string comes first', {argument: 'password=typed', environment, files}, 'typed', true],
    ['of -d comes first', {options: {dbname: 'password=typed'}, environment}, 'typed', true],
    ['of PGPASSWORD comes next', {argument: 'host=h', environment, files}, 'variable', false],
    ['of the password file comes last', {files}, 'filed', false],
    ['that is empty counts as none', {argument: "password=''", files}, 'filed', false],
    ['in PGPASSWORD that is empty counts as none', {environment: {PGPASSWORD: ''}, files}, 'filed', false],
    ['that nobody has is undefined', {}, undefined, false],
    ['gives way to the prompt of -W', {environment, files, options: {password: true}}, undefined, false],
    [
      'is told to have been in argv even with -W',
      {argument: 'password=x', options: {password: true}},
      undefined,
      true,
    ],
    ['is found with -w', {files, options: {noPassword: true}}, 'filed', false],
  ])('%s', (_, given, password, passwordInArgv) => {
    const plan = resolve(given);
    expect([plan.attempts[0].password, plan.passwordInArgv]).toEqual([password, passwordInArgv]);
  });

  it('may differ from place to place', () => {
    const plan = resolve({
      files: {...socketIn('/tmp'), '/p': '/tmp:*:*:*:one\nlocalhost:5432:*:*:two'},
      argument: 'passfile=/p',
    });
    expect(plan.attempts.map(({password}) => password)).toEqual(['one', 'two']);
  });

  it.each([
    [{}, 'when-asked'],
    [{noPassword: true}, 'never'],
    [{password: true}, 'always'],
  ])('with the options %j is asked for %s', (options, expected) => {
    expect(resolve({options}).passwordPrompt).toBe(expected);
  });

  it('that is not found comes with the places it was looked for', () => {
    expect(resolve({files: {'/home/ann/.pgpass': 'h:*:*:*:x'}}).passwordSearch).toEqual([
      'the connection string',
      'PGPASSWORD',
      '/home/ann/.pgpass (no line for this host, port, database and user)',
    ]);
    expect(resolve({files}).passwordSearch).toEqual([]);
  });
});

it.each<[string, Given, number]>([
  ['nothing', {}, 5_000],
  ['0, which libpq never ends', {argument: 'connect_timeout=0'}, 5_000],
  ['less than 0', {argument: 'connect_timeout=-1'}, 5_000],
  ['1, which is below the least', {argument: 'connect_timeout=1'}, 2_000],
  ['10', {argument: 'connect_timeout=10'}, 10_000],
  ['PGCONNECT_TIMEOUT', {environment: {PGCONNECT_TIMEOUT: '7'}}, 7_000],
  ['a URI', {argument: 'postgres://h?connect_timeout=8', environment: {PGCONNECT_TIMEOUT: '7'}}, 8_000],
])('the timeout of %s', (_, given, expected) => {
  expect(resolve(given).connectTimeoutMs).toBe(expected);
});

it.each([
  ['connect_timeout=3.5', 'connect_timeout from the connection string is not a whole number: "3.5"'],
  ['keepalives=yes', 'keepalives from the connection string is not a whole number: "yes"'],
  ["keepalives=''", 'keepalives from the connection string is not a whole number: ""'],
  [
    'keepalives_idle=4294967296',
    'keepalives_idle from the connection string is not a whole number: "4294967296"',
  ],
  ['sslmode=on', 'sslmode from the connection string is unknown: "on"'],
  ["sslmode=''", 'sslmode from the connection string is unknown: ""'],
])('%j is refused', (argument, message) => {
  expect(errorOf({argument}).message).toBe(message);
});

it.each<[string, Given, string]>([
  ['pgtop', {}, 'pgtop'],
  ['fallback_application_name', {argument: 'fallback_application_name=f'}, 'f'],
  ['PGAPPNAME', {environment: {PGAPPNAME: 'e'}, argument: 'fallback_application_name=f'}, 'e'],
  ['application_name', {environment: {PGAPPNAME: 'e'}, argument: 'application_name=a'}, 'a'],
  ['pgtop for an empty one', {argument: "application_name=''"}, 'pgtop'],
])('the application name is %s', (_, given, expected) => {
  expect(resolve(given).applicationName).toBe(expected);
});

it('takes options, PGOPTIONS and the keepalive settings', () => {
  const environment = {PGOPTIONS: '-c geqo=off'};
  expect(resolve({}).options).toBeUndefined();
  expect(resolve({environment}).options).toBe('-c geqo=off');
  expect(resolve({environment, argument: "options='-c jit=off'"}).options).toBe('-c jit=off');
  expect(resolve({})).toMatchObject({keepAlive: true, keepAliveIdleMs: 5_000});
  expect(resolve({argument: 'keepalives=0 keepalives_idle=60'})).toMatchObject({
    keepAlive: false,
    keepAliveIdleMs: 60_000,
  });
});

it.each<[string, Given, string]>([
  ['prefer by itself', {}, 'prefer'],
  ['PGSSLMODE', {environment: {PGSSLMODE: 'allow'}}, 'allow'],
  ['PGREQUIRESSL of old', {environment: {PGREQUIRESSL: '1'}}, 'require'],
  ['PGSSLMODE before PGREQUIRESSL', {environment: {PGREQUIRESSL: '1', PGSSLMODE: 'disable'}}, 'disable'],
  ['sslmode', {argument: 'sslmode=verify-ca', environment: {PGSSLMODE: 'allow'}}, 'verify-ca'],
  ['verify-full of a URI', {argument: 'postgres://h?sslmode=verify-full'}, 'verify-full'],
])('the TLS mode is %s', (_, given, mode) => {
  expect(resolve(given).tls.mode).toBe(mode);
});

it('lists every parameter in force with its source, the password without its value', () => {
  const {parameters} = resolve({
    argument: 'postgres://u:secret@h/db?gssencmode=disable',
    options: {port: '6'},
    environment: {PGSSLMODE: 'require', PGAPPNAME: ''},
    homeFolder: undefined,
  });
  expect(parameters).toEqual([
    {name: 'user', value: 'u', source: {kind: 'uri'}},
    {name: 'password', value: undefined, source: {kind: 'uri'}},
    {name: 'connect_timeout', value: '5', source: {kind: 'default'}},
    {name: 'dbname', value: 'db', source: {kind: 'uri'}},
    {name: 'host', value: 'h', source: {kind: 'uri'}},
    {name: 'port', value: '6', source: {kind: 'option', name: '-p'}},
    {name: 'application_name', value: 'pgtop', source: {kind: 'default'}},
    {name: 'sslmode', value: 'require', source: {kind: 'environment', name: 'PGSSLMODE'}},
    {name: 'gssencmode', value: 'disable', source: {kind: 'uri'}},
  ]);
});

it('lists no password and no escape sequence that stands in another parameter', () => {
  const {parameters} = resolve({argument: "host='h password=secret' dbname='a\u001b[2Jb'"});
  expect(parameters.filter(({source}) => source.kind === 'conninfo').map(({value}) => value)).toEqual([
    'a\u241b[2Jb',
    'h password=***',
  ]);
});

it('names the password file as the source of a password', () => {
  const {parameters} = resolve({files: {'/home/ann/.pgpass': '*:*:*:*:secret'}});
  expect(parameters.find(({name}) => name === 'password')?.source).toEqual({
    kind: 'passfile',
    name: '/home/ann/.pgpass',
  });
  expect(JSON.stringify(parameters)).not.toContain('secret');
});

it('nothing that is shown holds any part of a password, however it is misquoted', () => {
  const inside = ['', '/', '@', '?', '#', ':', '%', ' ', '=', '&', "'", '\\', ',', '[', ']', '4/2'];
  const passwords = inside.flatMap(a => inside.map(b => `hunter${a}mary${b}x`));
  const written = passwords.flatMap(password => [
    `postgres://u:${password}@h/db`,
    `postgres://u:${password}@h:1/db?sslmode=x`,
    `postgres:/u:${password}@h/db`,
    `postgres://h/db?password=${password}&user=x`,
    `POSTGRES://u:${password}@h/db`,
    `jdbc:postgresql://h/db?user=x&password=${password}`,
    `u:${password}@h/db`,
    `host=x password=${password}`,
    `password='${password}' port=x`,
    `password='${password} host=a`,
    `host='x password=${password}`,
  ]);
  expect(written.filter(argument => /hunter|mary/.test(shownFor(argument)))).toEqual([]);
});

function shownFor(argument: string): string {
  try {
    const plan = resolve({argument});
    return JSON.stringify([describePlan(plan), describeAttempts(plan), plan.parameters, plan.warnings]);
  } catch (error) {
    if (error instanceof UsageError) return `${error.message} ${error.hint}`;
    throw error;
  }
}
