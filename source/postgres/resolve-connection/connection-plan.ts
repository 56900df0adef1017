/** The meanings of libpq's sslmode, from no TLS at all to a verified certificate that names the host. */
export const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;

/** One of libpq's six values of sslmode. */
export type SslMode = (typeof SSL_MODES)[number];

/** Where the value of a connection parameter came from, the strongest source first. `name` is the option, the variable or the file. */
export type ParameterSource =
  | {readonly kind: 'option'; readonly name: string}
  | {readonly kind: 'argument'}
  | {readonly kind: 'conninfo'}
  | {readonly kind: 'uri'}
  | {readonly kind: 'environment'; readonly name: string}
  | {readonly kind: 'passfile'; readonly name: string}
  | {readonly kind: 'default'};

/** One connection parameter under libpq's name, with the value in force. Undefined value: a secret. Safe to print. */
export type ResolvedParameter = {
  readonly name: string;
  readonly value: string | undefined;
  readonly source: ParameterSource;
};

/** One place where the server may be. TLS is for `tcp` only: libpq ignores sslmode on a socket. */
export type ConnectionAttempt = {
  readonly kind: 'socket' | 'tcp';
  /** A socket folder that begins with `/`, or a host name or address (IPv6 without brackets). */
  readonly host: string;
  readonly port: number;
  /** Never to be printed. Undefined when no source has one for this place. */
  readonly password: string | undefined;
};

/** What sslmode and its companions ask for. Files are names only and need not exist; undefined means none is looked for. See readTlsFiles. */
export type TlsPlan = {
  readonly mode: SslMode;
  readonly rootCertificateFile: string | undefined;
  readonly certificateFile: string | undefined;
  readonly keyFile: string | undefined;
  /** The revocation list libpq would pick up by itself. */
  readonly revocationFile: string | undefined;
};

/** Everything known about a connection before the first packet; holds passwords, so print its parts through describePlan and `parameters`. */
export type ConnectionPlan = {
  /** To be tried in this order. */
  readonly attempts: readonly [ConnectionAttempt, ...ConnectionAttempt[]];
  /** Sockets that were looked for because no host was given, and are not there. */
  readonly missingSockets: readonly string[];
  readonly user: string;
  readonly database: string;
  /** `never` for --no-password, `always` (before connecting, in place of any other) for --password. */
  readonly passwordPrompt: 'never' | 'when-asked' | 'always';
  /** Where a password was looked for and not found, for the error that says so; empty when there is one. */
  readonly passwordSearch: readonly string[];
  /** A password stood on the command line, where `ps` shows it. */
  readonly passwordInArgv: boolean;
  readonly applicationName: string;
  /** Command-line options for the backend, as PGOPTIONS has them. */
  readonly options: string | undefined;
  /** For one attempt; never without a bound. */
  readonly connectTimeoutMs: number;
  readonly keepAlive: boolean;
  /** Silence before the first keepalive probe; 0 leaves it to the operating system. */
  readonly keepAliveIdleMs: number;
  readonly tls: TlsPlan;
  /** Every parameter in force, in libpq's order. */
  readonly parameters: readonly ResolvedParameter[];
  /** One line each, for stderr before the screen is taken. */
  readonly warnings: readonly string[];
};
