/** One cell of the matrix: what is typed and set. In every text `{a}` stands for the port of server a, `{dir}` for the folder of the socket, `{home}` for the home folder. */
export type Cell = {
  /** The words of the command line, as psql and pgtop both take them. */
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Files of the home folder; mode 0600 unless it is `open`. */
  readonly files?: Readonly<Record<string, string>>;
  readonly openFiles?: Readonly<Record<string, string>>;
  /** Where pgtop differs on purpose: what it says instead of going where libpq goes. */
  readonly refusal?: RegExp;
};

const HERE = 'host=127.0.0.1 port={a}';
const cell = (words: string | readonly string[], rest: Omit<Cell, 'words'> = {}): Cell => ({
  words: typeof words === 'string' ? [words] : words,
  ...rest,
});

const conninfo: readonly Cell[] = [
  cell(HERE),
  cell(`${HERE} user=u dbname=d`),
  cell(`${HERE} user = u  dbname= d`),
  cell(`${HERE} user='two words' dbname='it\\'s'`),
  cell(`${HERE} user=back\\\\slash dbname=a\\ b`),
  cell(`${HERE} user='' dbname=''`),
  cell(`${HERE} user=a user=b`),
  cell(`${HERE} dbname=postgres://h/x`),
  cell(`${HERE} user=\u00e9\u00e8 dbname=\u65e5\u672c`),
  cell(`${HERE} application_name=me`),
  cell(`${HERE} application_name='' fallback_application_name=fall`),
  cell(`${HERE} fallback_application_name=fall application_name=x`),
  cell(`${HERE} options='-c geqo=off -c jit=off'`),
  cell(`${HERE} options=''`),
  cell(`${HERE} connect_timeout=3`),
  cell(`${HERE} connect_timeout=x`),
  cell(`${HERE} connect_timeout=' 7 '`),
  cell(`${HERE} connect_timeout=''`, {refusal: /connect_timeout/}),
  cell(`${HERE} keepalives=0`),
  cell(`${HERE} keepalives=1 keepalives_idle=10`),
  cell(`${HERE} keepalives_idle=x`),
  cell(`${HERE} keepalives_interval=1`, {refusal: /keepalives_interval="1"/}),
  cell(`${HERE} keepalives_count=1`, {refusal: /keepalives_count="1"/}),
  cell(`${HERE} tcp_user_timeout=1`, {refusal: /tcp_user_timeout="1"/}),
  cell(`${HERE} gssencmode=prefer`),
  cell(`${HERE} gssencmode=disable`),
  cell(`${HERE} gssencmode=require`),
  cell(`${HERE} gssencmode=x`),
  cell(`${HERE} krbsrvname=postgres`),
  cell(`${HERE} krbsrvname=other`, {refusal: /krbsrvname="other"/}),
  cell(`${HERE} requirepeer=root`, {refusal: /requirepeer="root"/}),
  cell(`${HERE} replication=database`, {refusal: /replication="database"/}),
  cell(`${HERE} client_encoding=UTF8`),
  cell(`${HERE} client_encoding=LATIN1`, {refusal: /client_encoding="LATIN1"/}),
  cell(`${HERE} channel_binding=prefer`),
  cell(`${HERE} channel_binding=disable`),
  cell(`${HERE} channel_binding=require`),
  cell(`${HERE} channel_binding=x`),
  cell(`${HERE} sslcompression=1`, {refusal: /sslcompression="1"/}),
  cell(`${HERE} sslsni=0`),
  cell(`${HERE} sslmode=x`),
  cell(`${HERE} ssl_min_protocol_version=TLSv1.3`),
  cell(`${HERE} ssl_min_protocol_version=x`),
  cell(`${HERE} ssl_min_protocol_version=TLSv1.3 ssl_max_protocol_version=TLSv1.2`),
  cell(`${HERE} nonsense=1`),
  cell(`${HERE} user`),
  cell(`${HERE} user='open`),
  cell(`${HERE} requiressl=1`, {refusal: /TLS|SSL/}),
  cell('host=127.0.0.1 port=0'),
  cell('host=127.0.0.1 port=65536'),
  cell('host=127.0.0.1 port=x'),
  cell("host=127.0.0.1 port=' {a} '"),
  cell('host=localhost port={a} user=u'),
  cell('host={dir} user=u'),
  cell('host={dir} port=5433 user=u'),
  cell('host={dir}/ user=u'),
  cell('host=::1 port={v6} user=u'),
  cell('host=@abstract user=u'),
];

const options: readonly Cell[] = [
  cell(['-h', '127.0.0.1', '-p', '{a}', '-U', 'u', '-d', 'd']),
  cell(['-h', '127.0.0.1', '-p', '{a}', '-U', 'u', 'd']),
  cell(['-h', '{dir}', 'd']),
  cell(['-h', '127.0.0.1,127.0.0.1', '-p', '{closed},{a}', 'd']),
  cell(['-h', '127.0.0.1', '-p', '{a}', '-d', 'user=u']),
  cell(['-h', '127.0.0.1', '-p', '{a}', 'user=u dbname=d']),
  cell(['-h', '127.0.0.1', '-p', '{a}', '']),
  cell(['-U', 'u', `postgresql://127.0.0.1:{a}/d`]),
  cell(['-d', 'postgres://u@127.0.0.1:{a}/d']),
  cell(['-p', '{a}', 'postgres://u@127.0.0.1/d']),
  cell(['-h', '127.0.0.1', '-p', '{a}', '-U', 'u'], {env: {PGUSER: 'e', PGDATABASE: 'f'}}),
  cell(['-h', '127.0.0.1', '-p', '{a}'], {env: {PGUSER: 'e', PGDATABASE: 'f'}}),
];

const AT = '127.0.0.1:{a}';
const uris: readonly Cell[] = [
  `postgres://${AT}`,
  `postgresql://${AT}/`,
  `postgresql://u@${AT}/d`,
  `postgresql://u:p@${AT}/d`,
  `postgresql://u:@${AT}/d`,
  `postgresql://%75%3A:p%40%2f@${AT}/d%20d`,
  `postgresql://u@${AT}/d?application_name=me&connect_timeout=4`,
  `postgresql://u@${AT}/d?user=v&dbname=w`,
  `postgresql://${AT}/d?host=127.0.0.1`,
  `postgresql:///d?host=127.0.0.1&port={a}`,
  `postgresql:///d?host={dir}`,
  'postgresql://%2F{dirTail}/d',
  'postgresql://[::1]:{v6}/d',
  'postgresql://[::1/d',
  'postgresql://[]/d',
  `postgresql://127.0.0.1:{closed},${AT}/d`,
  `postgresql://127.0.0.1,127.0.0.1:{a}/d?port={closed},{a}`,
  'postgresql://127.0.0.1:x/d',
  `postgresql://${AT}/d?nonsense=1`,
  `postgresql://${AT}/d?application_name`,
  `postgresql://${AT}/d?application_name=a=b`,
  `postgresql://${AT}/d?application_name=%zz`,
  `postgresql://${AT}/d?application_name=%00`,
  `postgresql://${AT}/d?options=-c%20geqo%3Doff`,
  `postgresql://${AT}/d?ssl=true`,
  `postgresql://${AT}/d?`,
  `postgresql://u@${AT}/d?application_name=a+b`,
  `postgresql://${AT}/?user=u`,
  `postgresql://${AT}?user=u`,
].map(uri => cell(uri));

const ENV = {PGHOST: '127.0.0.1', PGPORT: '{a}'};
const environment: readonly Cell[] = [
  {env: ENV},
  {env: {...ENV, PGUSER: 'u', PGDATABASE: 'd'}},
  {env: {...ENV, PGUSER: '', PGDATABASE: ''}},
  {env: {...ENV, PGAPPNAME: 'e'}},
  {env: {...ENV, PGAPPNAME: ''}},
  {env: {...ENV, PGOPTIONS: '-c geqo=off'}},
  {env: {PGHOSTADDR: '127.0.0.1', PGPORT: '{a}'}},
  {env: {PGHOST: 'named.invalid', PGHOSTADDR: '127.0.0.1', PGPORT: '{a}'}},
  {env: {PGHOST: '{dir}'}},
  {env: {PGHOST: '127.0.0.1,127.0.0.1', PGPORT: '{closed},{a}'}},
  {env: {...ENV, PGPORT: 'x'}},
  {env: {...ENV, PGCONNECT_TIMEOUT: '4'}},
  {env: {...ENV, PGCONNECT_TIMEOUT: 'x'}},
  {env: {...ENV, PGSSLMODE: 'disable'}},
  {env: {...ENV, PGSSLMODE: 'x'}},
  {env: {...ENV, PGREQUIRESSL: '1'}},
  {env: {...ENV, PGGSSENCMODE: 'disable'}},
  {env: {...ENV, PGCHANNELBINDING: 'require'}},
  {env: {...ENV, PGTARGETSESSIONATTRS: 'standby'}},
  {env: {...ENV, PGTARGETSESSIONATTRS: 'x'}},
  {env: {...ENV, PGCLIENTENCODING: 'LATIN1'}},
  {env: {...ENV, PGUSER: 'e'}, words: ['user=u']},
  {env: {...ENV, PGAPPNAME: 'e'}, words: ['application_name=s']},
  {env: {...ENV, PGAPPNAME: 'e'}, words: ["application_name=''"]},
  {env: {...ENV, PGDATABASE: 'e'}, words: ['postgres:///d']},
  {env: {...ENV, PGOPTIONS: '-c geqo=off'}, words: ["options=''"]},
];

const SERVICE = {
  '.pg_service.conf':
    '# services\n[mine]\nhost=127.0.0.1\nport={a}\nuser=su\ndbname=sd\n[other]\nhost=127.0.0.1\nport={b}\n',
};
const services: readonly Cell[] = [
  {words: ['service=mine'], files: SERVICE},
  {words: ['service=other'], files: SERVICE},
  {words: ['service=none'], files: SERVICE},
  {words: ['service=mine']},
  {words: ['service=mine user=u'], files: SERVICE},
  {words: ['postgres:///d?service=mine'], files: SERVICE},
  {env: {PGSERVICE: 'mine'}, files: SERVICE},
  {env: {PGSERVICE: 'mine', PGUSER: 'e', PGPORT: '{b}'}, files: SERVICE},
  {env: {PGSERVICE: ''}, files: SERVICE},
  {env: {PGSERVICE: 'other', PGAPPNAME: 'e'}, words: ['service=mine'], files: SERVICE},
  {
    env: {PGSERVICEFILE: '{home}/f', PGSERVICE: 'x'},
    files: {f: '[x]\nhost=127.0.0.1\nport={a}\nuser=fu\n', ...SERVICE},
  },
  {env: {PGSERVICEFILE: '{home}/none', PGSERVICE: 'mine'}, files: SERVICE},
  {env: {PGSERVICEFILE: '{home}/f', PGSERVICE: 'mine'}, files: {f: '[x]\nhost=127.0.0.1\n', ...SERVICE}},
  {
    env: {PGSYSCONFDIR: '{home}/etc', PGSERVICE: 'y'},
    files: {'etc/pg_service.conf': '[y]\nhost=127.0.0.1\nport={a}\nuser=yu\n'},
  },
  {
    env: {PGSYSCONFDIR: '{home}/etc', PGSERVICE: 'mine'},
    files: {...SERVICE, 'etc/pg_service.conf': '[mine]\nhost=127.0.0.1\nport={b}\n'},
  },
  ...[
    'host=127.0.0.1\n port={a} \nuser=su\t',
    'host=127.0.0.1\r\nport={a}\r\nuser=su\r\n',
    'host=127.0.0.1\nport={a}\nuser = su',
    'host=127.0.0.1\nport={a}\nuser=su\nuser=sv',
    'host=127.0.0.1\nport={a}\nuser=\ndbname=d',
    "host=127.0.0.1\nport={a}\nuser='quoted'",
    'host=127.0.0.1\nport={a}\napplication_name=a b = c',
    'host=127.0.0.1\nport={a}\nnonsense=1',
    'host=127.0.0.1\nport={a}\nno equals sign',
    'host=127.0.0.1\nport={a}\nservice=other',
    'host=127.0.0.1\n# comment\n\n;x=1\nport={a}',
    'host=127.0.0.1,127.0.0.1\nport={closed},{a}',
    'host=127.0.0.1\nport={pw}\npassword=in service',
  ].map(text => ({words: ['service=x'], files: {'.pg_service.conf': `[x]\n${text}\n`}})),
  {
    words: ['service=x'],
    files: {'.pg_service.conf': '[xy]\nport=1\n[x] rest\nhost=127.0.0.1\nport={a}\n[x]\nport={b}\n'},
  },
  {
    words: ['service=x password=typed'],
    files: {'.pg_service.conf': '[x]\nhost=127.0.0.1\nport={pw}\npassword=in service'},
  },
  {
    words: ['service=x'],
    env: {PGPASSWORD: 'e'},
    files: {'.pg_service.conf': '[x]\nhost=127.0.0.1\nport={pw}\npassword=in service'},
  },
];

const ASKING = 'host=127.0.0.1 port={pw} user=u dbname=d';
const pass = (line: string, words = ASKING, env: Record<string, string> = {}): Cell => ({
  words: [words],
  env,
  files: {'.pgpass': line},
});
const passwords: readonly Cell[] = [
  {words: [ASKING]},
  {words: [`${ASKING} password=typed`]},
  {words: [`${ASKING} password='two words'`]},
  {words: ['postgres://u:p%40ss@127.0.0.1:{pw}/d']},
  {words: [ASKING], env: {PGPASSWORD: 'e'}},
  {words: [ASKING], env: {PGPASSWORD: ''}},
  {words: [`${ASKING} password=typed`], env: {PGPASSWORD: 'e'}, files: {'.pgpass': '*:*:*:*:f'}},
  {words: [ASKING], env: {PGPASSWORD: 'e'}, files: {'.pgpass': '*:*:*:*:f'}},
  pass('127.0.0.1:{pw}:d:u:exact'),
  pass('*:*:*:*:stars'),
  pass('*:*:*:v:other\n*:*:*:u:second'),
  pass('localhost:*:*:*:wrong host'),
  pass('127.0.0.1:1:*:*:wrong port'),
  pass('*:*:x:*:wrong database'),
  pass('# comment\n*:*:*:*:after comment'),
  pass('*:*:*:*:co\\:lon\\\\slash'),
  pass('*:*:*:*:cut:here'),
  pass('*:*:*:*:with\r\n'),
  pass('\\*:*:*:*:escaped star'),
  pass('*:*:*:*:'),
  pass('*:*:*:*:\n*:*:*:*:second'),
  pass('localhost:{pw}:*:*:by name', 'host=localhost port={pw} user=u dbname=d'),
  pass('127.0.0.1:*:*:*:by address', 'hostaddr=127.0.0.1 port={pw} user=u dbname=d'),
  pass('named:*:*:*:by name', 'host=named hostaddr=127.0.0.1 port={pw} user=u dbname=d'),
  pass('127.0.0.1:{pw}:*:*:second host', 'host={dir},127.0.0.1 port=1,{pw} user=u dbname=d'),
  {words: [ASKING], openFiles: {'.pgpass': '*:*:*:*:open to all'}},
  {words: [`${ASKING} passfile={home}/p`], files: {p: '*:*:*:*:named', '.pgpass': '*:*:*:*:home'}},
  {words: [ASKING], env: {PGPASSFILE: '{home}/p'}, files: {p: '*:*:*:*:variable', '.pgpass': '*:*:*:*:home'}},
  {words: [`${ASKING} passfile={home}/none`], files: {'.pgpass': '*:*:*:*:home'}},
  {words: [ASKING], env: {PGPASSFILE: ''}, files: {'.pgpass': '*:*:*:*:home'}},
];

const LIST = 'host=127.0.0.1,127.0.0.1';
const hosts: readonly Cell[] = [
  ...['any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby'].flatMap(attrs =>
    ['{a},{standby}', '{standby},{a}', '{readonly},{a}', '{closed},{standby}'].map(ports =>
      cell(`${LIST} port=${ports} target_session_attrs=${attrs}`),
    ),
  ),
  cell(`${LIST} port={a}`),
  cell(`${LIST} port={a},`),
  cell(`${LIST} port={a},{b},{c}`),
  cell(`${LIST} port={closed},{b}`),
  cell(`${LIST} port={starting},{b}`),
  cell(`${LIST} port={crowded},{b}`),
  cell('host=127.0.0.1,no.such.host.invalid port={a}'),
  cell('host=no.such.host.invalid,127.0.0.1 port={a}'),
  cell('host={dir},127.0.0.1 port=1,{a}'),
  cell('hostaddr=127.0.0.1 port={a}'),
  cell('hostaddr=127.0.0.1,127.0.0.1 port={closed},{a}'),
  cell('host=x,y hostaddr=127.0.0.1,127.0.0.1 port={closed},{a}'),
  cell('host=x,y hostaddr=127.0.0.1 port={a}'),
  cell('hostaddr=localhost port={a}'),
  cell('hostaddr=::1 port={v6}'),
  cell('host=localhost hostaddr=127.0.0.1 port={a} sslmode=prefer'),
];

/** The eight ways to ask for TLS; `{ca}` is the authority that signed the good certificates. */
export const TLS_MODES: readonly string[] = [
  'sslmode=disable',
  'sslmode=allow',
  'sslmode=prefer',
  'sslmode=require',
  'sslmode=prefer sslrootcert={ca}',
  'sslmode=require sslrootcert={ca}',
  'sslmode=verify-ca sslrootcert={ca}',
  'sslmode=verify-full sslrootcert={ca}',
];

/** The states of a server that is asked for TLS. */
export const TLS_STATES = ['a', 'trusted', 'misnamed', 'unknown', 'tlsonly', 'plainonly'] as const;

const tls: readonly Cell[] = [
  ...TLS_MODES.flatMap(mode => TLS_STATES.map(state => cell(`host=localhost port={${state}} ${mode}`))),
  cell('host=localhost port={trusted}', {files: {'.postgresql/root.crt': '{caText}'}}),
  cell('host=localhost port={unknown} sslmode=require', {files: {'.postgresql/root.crt': '{caText}'}}),
  cell('host=localhost port={misnamed} sslmode=verify-ca', {files: {'.postgresql/root.crt': '{caText}'}}),
  cell('host=localhost port={misnamed} sslmode=verify-full', {files: {'.postgresql/root.crt': '{caText}'}}),
  cell('host=localhost port={trusted} sslmode=verify-ca'),
  cell('host=127.0.0.1 port={trusted} sslmode=verify-full sslrootcert={ca}'),
  cell('host=localhost hostaddr=127.0.0.1 port={trusted} sslmode=verify-full sslrootcert={ca}'),
  cell('hostaddr=127.0.0.1 port={trusted} sslmode=verify-full sslrootcert={ca}'),
  cell('host=127.0.0.1 port={addressed} sslmode=verify-full sslrootcert={ca}'),
  cell('hostaddr=127.0.0.1 port={addressed} sslmode=verify-full sslrootcert={ca}'),
  cell('host=127.0.0.1 hostaddr=127.0.0.1 port={addressed} sslmode=verify-full sslrootcert={ca}'),
  cell('host=localhost port={common} sslmode=verify-full sslrootcert={ca}'),
  cell('host=localhost port={trusted} sslmode=verify-full', {env: {PGSSLROOTCERT: '{ca}'}}),
  cell('host=localhost port={trusted}', {env: {PGSSLMODE: 'verify-full', PGSSLROOTCERT: '{ca}'}}),
  cell('host=localhost port={trusted} sslmode=require', {
    files: {'.postgresql/postgresql.crt': '{clientText}', '.postgresql/postgresql.key': '{keyText}'},
  }),
  cell('host=localhost port={trusted} sslmode=require', {
    files: {'.postgresql/postgresql.crt': '{clientText}'},
  }),
  cell('host=localhost port={trusted} sslmode=require', {
    files: {'.postgresql/postgresql.crt': '{clientText}'},
    openFiles: {'.postgresql/postgresql.key': '{keyText}'},
  }),
  cell('host=localhost port={trusted} sslmode=verify-ca sslrootcert={ca} sslcrl={crl}'),
  cell('host=localhost port={revoked} sslmode=verify-ca sslrootcert={ca} sslcrl={crl}'),
  cell('host=localhost port={revoked} sslmode=verify-ca sslrootcert={ca}'),
];

/** Every cell, by the part of the matrix it belongs to. */
export const CELLS: Readonly<Record<string, readonly Cell[]>> = {
  conninfo,
  options,
  uris,
  environment,
  services,
  passwords,
  hosts,
  tls,
};
