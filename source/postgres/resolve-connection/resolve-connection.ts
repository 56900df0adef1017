import {UsageError} from '../../model/usage-error.ts';
import {type ConnectionPlan, TARGET_SESSIONS} from './connection-plan.ts';
import type {ConnectionOptions, ConnectionRequest} from './connection-request.ts';
import {findPasswords, passwordFilePath} from './find-passwords.ts';
import {gatherSettings} from './gather-settings.ts';
import {listParameters, type ValuesInForce} from './list-parameters.ts';
import {placeAttempts} from './place-attempts.ts';
import {planAuthentication} from './plan-authentication.ts';
import {planTls} from './plan-tls.ts';
import {refuseUnsupported} from './refuse-unsupported.ts';
import {choiceOf, givenValue, integerOf, type Settings} from './setting.ts';

const APPLICATION_NAME = 'pgtop';
const DEFAULT_TIMEOUT_SECONDS = 5;
/** libpq's own least, so that rounding cannot make it none. */
const LEAST_TIMEOUT_SECONDS = 2;
const DEFAULT_IDLE_SECONDS = 5;

/**
 * Turns what the user typed, the PG* environment, the service files and the password file into a finished plan, with libpq's rules and defaults.
 * Whatever of libpq is not implemented is refused by name. Looks at nothing but its argument. @throws UsageError
 */
export function resolveConnection(request: ConnectionRequest): ConnectionPlan {
  const {options, homeFolder, readFile} = request;
  if (options.noPassword === true && options.password === true) {
    throw new UsageError('-w (never ask for a password) and -W (ask for one) exclude each other');
  }
  const settings = gatherSettings(request);
  refuseUnsupported(settings);
  const {user, database} = loginOf(request, settings);
  const {attempts: places, missingSockets} = placeAttempts(settings, readFile);
  const found = findPasswords(request, settings, places, {user, database});
  const plan = {
    attempts: found.attempts,
    missingSockets,
    user,
    database,
    passwordPrompt: promptOf(options),
    passwordSearch: found.search,
    passwordInArgv: isPasswordInArgv(settings),
    applicationName: applicationNameOf(settings),
    options: givenValue(settings, 'options'),
    connectTimeoutMs: timeoutOf(settings) * 1_000,
    keepAlive: integerOf(settings, 'keepalives') !== 0,
    keepAliveIdleMs: Math.max(0, integerOf(settings, 'keepalives_idle') ?? DEFAULT_IDLE_SECONDS) * 1_000,
    tls: planTls(settings, request),
    authentication: planAuthentication(settings),
    targetSession: choiceOf(settings, 'target_session_attrs', TARGET_SESSIONS, 'any'),
    isShuffled: choiceOf(settings, 'load_balance_hosts', ['disable', 'random'], 'disable') === 'random',
    warnings: found.warnings,
  };
  const passfile = passwordFilePath(settings, homeFolder);
  const parameters = listParameters(settings, found.source, {...valuesOf(plan), passfile});
  return {...plan, parameters};
}

/** What the plan makes of the parameters, by their names. */
function valuesOf(plan: Omit<ConnectionPlan, 'parameters'>): ValuesInForce {
  const {mode, certificateFile, keyFile, rootCertificateFile} = plan.tls;
  return {
    user: plan.user,
    connect_timeout: String(plan.connectTimeoutMs / 1_000),
    dbname: plan.database,
    host: plan.attempts.map(({host}) => host).join(', then '),
    port: [...new Set(plan.attempts.map(({port}) => port))].join(', then '),
    application_name: plan.applicationName,
    sslmode: mode,
    sslcert: certificateFile,
    sslkey: keyFile,
    sslrootcert: rootCertificateFile,
    target_session_attrs: plan.targetSession,
  };
}

function promptOf({password, noPassword}: ConnectionOptions): ConnectionPlan['passwordPrompt'] {
  if (password === true) return 'always';
  return noPassword === true ? 'never' : 'when-asked';
}

/** An empty name counts as none: a monitor should be known for what it is. */
function applicationNameOf(settings: Settings): string {
  return (
    givenValue(settings, 'application_name') ??
    givenValue(settings, 'fallback_application_name') ??
    APPLICATION_NAME
  );
}

function loginOf({osUser}: ConnectionRequest, settings: Settings): {user: string; database: string} {
  const user = givenValue(settings, 'user') ?? osUser;
  if (user === undefined || user === '') {
    throw new UsageError(
      'the operating system has no name for this user',
      'Name the role with -U or PGUSER.',
    );
  }
  return {user, database: givenValue(settings, 'dbname') ?? user};
}

/** libpq takes 0 and less for "wait without end"; a monitor does not. */
function timeoutOf(settings: Settings): number {
  const seconds = integerOf(settings, 'connect_timeout') ?? 0;
  return seconds <= 0 ? DEFAULT_TIMEOUT_SECONDS : Math.max(LEAST_TIMEOUT_SECONDS, seconds);
}

const TYPED: ReadonlySet<string> = new Set(['conninfo', 'uri']);

function isPasswordInArgv(settings: Settings): boolean {
  return ['password', 'sslpassword'].some(name => {
    const setting = settings.get(name);
    return setting !== undefined && setting.value !== '' && TYPED.has(setting.source.kind);
  });
}
