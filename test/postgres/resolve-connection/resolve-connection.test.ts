import {describe, expect, it} from 'vitest';
import {UsageError} from '../../../source/model/usage-error.ts';
import {TARGET_SESSIONS} from '../../../source/postgres/resolve-connection/connection-plan.ts';
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

describe('several hosts', () => {
  const places = (given: Given) =>
    resolve(given).attempts.map(({kind, host, address, port}) => [kind, host, address ?? null, port]);

  it.each<[string, Given, unknown]>([
    [
      'stand in order with one port for all',
      {argument: 'host=a,b port=6'},
      [
        ['tcp', 'a', null, 6],
        ['tcp', 'b', null, 6],
      ],
    ],
    [
      'have a port each, an empty one being the usual',
      {argument: 'host=a,b,/run port=,7,8'},
      [
        ['tcp', 'a', null, 5432],
        ['tcp', 'b', null, 7],
        ['socket', '/run', null, 8],
      ],
    ],
    [
      'come from a URI',
      {argument: 'postgres://a:1,[::1]:2,b/d'},
      [
        ['tcp', 'a', null, 1],
        ['tcp', '::1', null, 2],
        ['tcp', 'b', null, 5432],
      ],
    ],
    [
      'come from PGHOST and PGPORT',
      {environment: {PGHOST: 'a,b', PGPORT: '1,2'}},
      [
        ['tcp', 'a', null, 1],
        ['tcp', 'b', null, 2],
      ],
    ],
    [
      'may have addresses',
      {argument: 'host=a,b hostaddr=10.0.0.1,::2'},
      [
        ['tcp', 'a', '10.0.0.1', 5432],
        ['tcp', 'b', '::2', 5432],
      ],
    ],
    [
      'may be addresses alone',
      {argument: 'hostaddr=10.0.0.1,10.0.0.2 port=1,2'},
      [
        ['tcp', '10.0.0.1', '10.0.0.1', 1],
        ['tcp', '10.0.0.2', '10.0.0.2', 2],
      ],
    ],
    [
      'may be left empty for the usual places',
      {argument: 'host=a,', files: socketIn('/tmp')},
      [
        ['tcp', 'a', null, 5432],
        ['socket', '/tmp', null, 5432],
        ['tcp', 'localhost', null, 5432],
      ],
    ],
  ])('%s', (_, given, expected) => {
    expect(places(given)).toEqual(expected);
  });

  it.each([
    ['host=a,b port=1,2,3', '3 ports do not match 2 hosts'],
    ['port=1,2', '2 ports do not match 1 host'],
    ['host=a,b hostaddr=10.0.0.1', '2 hosts do not match 1 values of hostaddr'],
    ['hostaddr=db.example', 'hostaddr is not an address: "db.example"'],
    ['host=a,b port=1,x', 'the port from the connection string is not a number from 1 to 65535: "x"'],
    ['target_session_attrs=master', 'target_session_attrs from the connection string is unknown: "master"'],
    ['load_balance_hosts=on', 'load_balance_hosts from the connection string is unknown: "on"'],
  ])('%s is refused', (argument, message) => {
    expect(errorOf({argument}).message).toBe(message);
  });

  it.each(TARGET_SESSIONS)('may be asked for %s', targetSession => {
    expect(resolve({argument: `target_session_attrs=${targetSession}`}).targetSession).toBe(targetSession);
    const environment = {PGTARGETSESSIONATTRS: targetSession, PGLOADBALANCEHOSTS: 'random'};
    expect(resolve({environment})).toMatchObject({targetSession, isShuffled: true});
  });
});

describe('a service', () => {
  const own = {'/home/ann/.pg_service.conf': '# mine\n[shop]\nhost=sh\nport=7\nuser=su\n[bank]\nhost=bh\n'};
  it.each<[string, Given, string]>([
    ['is named in a string', {argument: 'service=shop', files: own}, 'su@sh:7/su'],
    ['is named in a URI', {argument: 'postgres:///d?service=shop', files: own}, 'su@sh:7/d'],
    ['is named by PGSERVICE', {environment: {PGSERVICE: 'bank'}, files: own}, 'ann@bh:5432/ann'],
    [
      'stands behind string and options',
      {argument: 'service=shop port=8', options: {host: 'oh'}, files: own},
      'su@oh:8/su',
    ],
    [
      'stands before the environment',
      {argument: 'service=shop', environment: {PGHOST: 'eh', PGDATABASE: 'ed'}, files: own},
      'su@sh:7/ed',
    ],
    [
      'is looked for in the file of PGSERVICEFILE',
      {argument: 'service=x', environment: {PGSERVICEFILE: '/f'}, files: {...own, '/f': '[x]\nhost=fh'}},
      'ann@fh:5432/ann',
    ],
    [
      'is looked for in the file of servicefile first',
      {
        argument: 'service=x servicefile=/g',
        environment: {PGSERVICEFILE: '/f'},
        files: {'/f': '[x]\nhost=fh', '/g': '[x]\nhost=gh'},
      },
      'ann@gh:5432/ann',
    ],
    [
      "is looked for in the system's file last",
      {argument: 'service=x', files: {...own, '/etc/postgresql-common/pg_service.conf': '[x]\nhost=yh'}},
      'ann@yh:5432/ann',
    ],
    [
      "is looked for in PGSYSCONFDIR's file",
      {
        argument: 'service=x',
        environment: {PGSYSCONFDIR: '/c'},
        files: {'/c/pg_service.conf': '[x]\nhost=ch'},
      },
      'ann@ch:5432/ann',
    ],
    [
      'counts a repeated parameter the first time',
      {argument: 'service=x', environment: {PGSERVICEFILE: '/f'}, files: {'/f': '  [x]\r\nhost=a\nhost=b'}},
      'ann@a:5432/ann',
    ],
  ])('%s', (_, given, expected) => {
    expect(describePlan(resolve(given))).toBe(expected);
  });

  it('may hold the password, which then did not stand in argv', () => {
    const plan = resolve({argument: 'service=x servicefile=/f', files: {'/f': '[x]\npassword=p'}});
    expect([plan.attempts[0].password, plan.passwordInArgv]).toEqual(['p', false]);
    const source = plan.parameters.find(({name}) => name === 'password');
    expect(source).toEqual({name: 'password', value: undefined, source: {kind: 'service', name: '/f'}});
  });

  it.each<[string, string, string]>([
    ['service=y', '[x]\nhost=a', 'there is no definition of service "y"'],
    ['service=x servicefile=/none', '', 'there is no service file /none'],
    ['service=x', '[x]\nhost = a', 'line 2 of /f is not a connection parameter: "host"'],
    ['service=x', '[x]\n\nhots=a', 'line 3 of /f is not a connection parameter: "hots"'],
    ['service=x', '[x]\nsecret words', 'line 2 of /f is not a connection parameter: no NAME=VALUE'],
    ['service=x', '[x]\nservice=z', 'line 2 of /f names another service, which no service may'],
    ['service=x', '[x]\nldap://host/dc', 'line 2 of /f asks an LDAP server, which pgtop does not'],
  ])('%s with %j is refused', (argument, text, message) => {
    const environment = {PGSERVICEFILE: '/f'};
    expect(errorOf({argument, environment, files: {'/f': text}}).message).toBe(message);
  });
});

describe('the login', () => {
  it.each<[string, unknown]>([
    ['', {channelBinding: 'prefer', methods: undefined}],
    ['channel_binding=require', {channelBinding: 'require', methods: undefined}],
    ['require_auth=scram-sha-256', {channelBinding: 'prefer', methods: new Set(['scram-sha-256'])}],
    ['require_auth=md5,none,gss', {channelBinding: 'prefer', methods: new Set(['md5', 'none'])}],
    ['require_auth=!password,!none', {channelBinding: 'prefer', methods: new Set(['md5', 'scram-sha-256'])}],
  ])('with %j may be proven so', (argument, expected) => {
    expect(resolve({argument}).authentication).toEqual(expected);
  });

  it.each(['require_auth=scram', 'require_auth=md5,!none', 'require_auth=md5,md5', 'channel_binding=on'])(
    'with %s is refused',
    argument => {
      expect(errorOf({argument}).message).toContain('from the connection string is ');
    },
  );
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

const CA = '/etc/ssl/certs/ca-certificates.crt';

it.each<[string, Given, unknown]>([
  ['sslrootcert=system', {files: {[CA]: 'PEM'}}, {mode: 'verify-full', rootCertificateFile: CA}],
  [
    'sslrootcert=system sslmode=verify-full',
    {environment: {SSL_CERT_FILE: '/ca'}, files: {'/ca': 'PEM'}},
    {rootCertificateFile: '/ca'},
  ],
  ['sslnegotiation=direct sslmode=require', {}, {isDirect: true}],
  ['sslsni=0', {}, {sendsServerName: false}],
  ['sslsni=1', {}, {sendsServerName: true, minVersion: 'TLSv1.2', maxVersion: undefined}],
  [
    'ssl_min_protocol_version=tlsv1.3 ssl_max_protocol_version=TLSv1.3',
    {},
    {minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3'},
  ],
  ['sslpassword=p', {}, {keyPassword: 'p'}],
  ['sslcrl=/crl', {}, {revocationFile: '/crl', needsRevocationFile: true}],
])('%s asks for TLS so', (argument, given, expected) => {
  expect(resolve({argument, ...given}).tls).toMatchObject(expected as object);
});

it.each([
  ['sslrootcert=system sslmode=require', /^sslmode=require is too weak for sslrootcert=system/],
  ['sslrootcert=system', /^sslrootcert=system: this machine keeps no certificates in /],
  ['sslnegotiation=direct', /^sslmode=prefer is too weak for sslnegotiation=direct/],
  ['sslnegotiation=tls', /^sslnegotiation from the connection string is unknown: "tls"/],
  ['ssl_min_protocol_version=SSLv3', /^ssl_min_protocol_version is unknown: "SSLv3"/],
])('%s is refused', (argument, message) => {
  expect(errorOf({argument}).message).toMatch(message);
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
    {name: 'target_session_attrs', value: 'any', source: {kind: 'default'}},
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
