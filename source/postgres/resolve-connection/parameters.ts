/** What is to be known about one connection parameter of libpq. */
export type Parameter = {
  /** The variable that gives it when nothing else does. */
  readonly variable?: string;
  /** Never shown. */
  readonly isSecret?: true;
  /** For a parameter that is not implemented: the values under which libpq does what pgtop does, and why others are refused. */
  readonly refusal?: {readonly harmless: readonly string[]; readonly reason: string};
};

const unless = (harmless: readonly string[], reason: string) => ({refusal: {harmless, reason}});
const whenSet = (reason: string) => unless([''], reason);

/** Every connection parameter that libpq 10 to 18 knows, in libpq's order. */
export const PARAMETERS: Readonly<Record<string, Parameter>> = {
  service: {variable: 'PGSERVICE'},
  servicefile: {variable: 'PGSERVICEFILE'},
  user: {variable: 'PGUSER'},
  password: {variable: 'PGPASSWORD', isSecret: true},
  passfile: {variable: 'PGPASSFILE'},
  channel_binding: {variable: 'PGCHANNELBINDING'},
  connect_timeout: {variable: 'PGCONNECT_TIMEOUT'},
  dbname: {variable: 'PGDATABASE'},
  host: {variable: 'PGHOST'},
  hostaddr: {variable: 'PGHOSTADDR'},
  port: {variable: 'PGPORT'},
  // PGCLIENTENCODING is left alone: every psql user of another encoding has it set, and the screen does not depend on it.
  client_encoding: unless(
    ['', 'auto', 'UTF8', 'utf8', 'UTF-8', 'utf-8'],
    'pgtop reads text as the server stores it and shows it as UTF-8',
  ),
  options: {variable: 'PGOPTIONS'},
  application_name: {variable: 'PGAPPNAME'},
  fallback_application_name: {},
  keepalives: {},
  keepalives_idle: {},
  keepalives_interval: unless(['', '0'], 'pgtop leaves the time between keepalive probes to the system'),
  keepalives_count: unless(['', '0'], 'pgtop leaves the number of keepalive probes to the system'),
  tcp_user_timeout: unless(['', '0'], 'pgtop has timeouts of its own'),
  sslmode: {variable: 'PGSSLMODE'},
  sslnegotiation: {variable: 'PGSSLNEGOTIATION'},
  sslcompression: {variable: 'PGSSLCOMPRESSION', ...unless(['', '0'], 'pgtop has no TLS compression')},
  sslcert: {variable: 'PGSSLCERT'},
  sslkey: {variable: 'PGSSLKEY'},
  sslcertmode: {
    variable: 'PGSSLCERTMODE',
    ...unless(['allow', 'disable'], 'pgtop cannot make sure that the server asks for a certificate'),
  },
  sslpassword: {isSecret: true},
  sslrootcert: {variable: 'PGSSLROOTCERT'},
  sslcrl: {variable: 'PGSSLCRL'},
  sslcrldir: {
    variable: 'PGSSLCRLDIR',
    ...whenSet('pgtop reads one revocation list, the file that sslcrl names'),
  },
  sslsni: {variable: 'PGSSLSNI'},
  sslkeylogfile: whenSet('pgtop does not write down TLS keys'),
  requirepeer: {
    variable: 'PGREQUIREPEER',
    ...whenSet('pgtop cannot see which user runs the server behind a socket'),
  },
  require_auth: {variable: 'PGREQUIREAUTH'},
  ssl_min_protocol_version: {variable: 'PGSSLMINPROTOCOLVERSION'},
  ssl_max_protocol_version: {variable: 'PGSSLMAXPROTOCOLVERSION'},
  min_protocol_version: {
    variable: 'PGMINPROTOCOLVERSION',
    ...unless(['', '3.0'], 'pgtop speaks protocol 3.0'),
  },
  max_protocol_version: {
    variable: 'PGMAXPROTOCOLVERSION',
    ...unless(['', '3.0', '3.2', 'latest'], 'pgtop speaks protocol 3.0'),
  },
  gssencmode: {
    variable: 'PGGSSENCMODE',
    ...unless(['prefer', 'disable'], 'pgtop has no GSSAPI encryption'),
  },
  krbsrvname: {variable: 'PGKRBSRVNAME', ...unless(['', 'postgres'], 'pgtop has no Kerberos login')},
  gsslib: {variable: 'PGGSSLIB', ...unless(['', 'gssapi'], 'pgtop has no Kerberos login')},
  gssdelegation: {variable: 'PGGSSDELEGATION', ...unless(['', '0'], 'pgtop has no Kerberos login')},
  scram_client_key: {isSecret: true, ...whenSet('pgtop logs in with a password, not with a SCRAM key')},
  scram_server_key: {isSecret: true, ...whenSet('pgtop logs in with a password, not with a SCRAM key')},
  oauth_issuer: whenSet('pgtop has no OAuth login'),
  oauth_client_id: whenSet('pgtop has no OAuth login'),
  oauth_client_secret: {isSecret: true, ...whenSet('pgtop has no OAuth login')},
  oauth_scope: whenSet('pgtop has no OAuth login'),
  replication: unless(
    ['', 'false', 'off', 'no', '0'],
    'a replication connection cannot read the statistics views',
  ),
  target_session_attrs: {variable: 'PGTARGETSESSIONATTRS'},
  load_balance_hosts: {variable: 'PGLOADBALANCEHOSTS'},
};

/** What is known about a parameter of that exact name; undefined for a name libpq does not have. */
export function parameterOf(name: string): Parameter | undefined {
  return Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name] : undefined;
}

/** True for a parameter whose value is a password or a key. */
export function isSecret(name: string): boolean {
  return parameterOf(name)?.isSecret === true;
}
