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
  | {readonly kind: 'service'; readonly name: string}
  | {readonly kind: 'environment'; readonly name: string}
  | {readonly kind: 'passfile'; readonly name: string}
  | {readonly kind: 'default'};

/** One connection parameter under libpq's name, with the value in force. Undefined value: a secret. Safe to print. */
export type ResolvedParameter = {
  readonly name: string;
  readonly value: string | undefined;
  readonly source: ParameterSource;
};

/** The values of target_session_attrs. */
export const TARGET_SESSIONS = [
  'any',
  'read-write',
  'read-only',
  'primary',
  'standby',
  'prefer-standby',
] as const;

/** Which kind of server a session may be on: one of libpq's six values of target_session_attrs. */
export type TargetSession = (typeof TARGET_SESSIONS)[number];

/** One place where the server may be. TLS is for `tcp` only: libpq ignores sslmode on a socket. */
export type ConnectionAttempt = {
  readonly kind: 'socket' | 'tcp';
  /** A socket folder that begins with `/`, or a host name or address (IPv6 without brackets); the address when only hostaddr is given. */
  readonly host: string;
  /** hostaddr: where to connect to instead of looking the name up. */
  readonly address: string | undefined;
  readonly port: number;
  /** True when only hostaddr is given: there is no name that a certificate could be made out to. */
  readonly isNameless: boolean;
  /** True for a place that nobody named: one of those where a server usually is. */
  readonly isGuess: boolean;
  /** Never to be printed. Undefined when no source has one for this place. */
  readonly password: string | undefined;
};

/** What sslmode and its companions ask for. Files are names only and need not exist; undefined means none is looked for. See readTlsFiles. */
export type TlsPlan = {
  readonly mode: SslMode;
  /** TLS from the first byte, without asking the server whether it has TLS. */
  readonly isDirect: boolean;
  /** Whether the handshake tells the server the name it is reached under. */
  readonly sendsServerName: boolean;
  /** The oldest and newest version of TLS, as Node and libpq spell them; undefined leaves it to the library. */
  readonly minVersion: TlsVersion;
  readonly maxVersion: TlsVersion | undefined;
  readonly rootCertificateFile: string | undefined;
  readonly certificateFile: string | undefined;
  readonly keyFile: string | undefined;
  /** Opens an encrypted key. Never to be printed. */
  readonly keyPassword: string | undefined;
  readonly revocationFile: string | undefined;
  /** True when the revocation list was named and so has to be there. */
  readonly needsRevocationFile: boolean;
};

/** A version of TLS. */
export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** A way in which a server can ask a client to prove who it is; `none` when it does not ask. */
export type AuthenticationMethod = 'none' | 'password' | 'md5' | 'scram-sha-256';

/** Which answers a server may get. */
export type AuthenticationPolicy = {
  /** Whether the login is bound to the TLS channel (SCRAM-SHA-256-PLUS): where the server can, never, or not at all without it. */
  readonly channelBinding: 'prefer' | 'disable' | 'require';
  /** The methods of require_auth; undefined when any will do. */
  readonly methods: ReadonlySet<AuthenticationMethod> | undefined;
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
  readonly authentication: AuthenticationPolicy;
  readonly targetSession: TargetSession;
  /** load_balance_hosts=random: places and addresses are tried in random order. */
  readonly isShuffled: boolean;
  /** Every parameter in force, in libpq's order. */
  readonly parameters: readonly ResolvedParameter[];
  /** One line each, for stderr before the screen is taken. */
  readonly warnings: readonly string[];
};
