import type {ServerPlace} from '../model/server-place.ts';
import {type Attempt, connectError} from './connect-error.ts';
import {type Connection, type Endpoint, openConnection} from './connection.ts';
import {addressesOf, shuffled} from './host-addresses.ts';
import type {ConnectionAttempt, ConnectionPlan, TargetSession} from './resolve-connection/connection-plan.ts';
import type {ReadUserFile} from './resolve-connection/connection-request.ts';
import {PasswordRequired} from './sql-state.ts';
import {checkTargetSession} from './target-session.ts';
import {tlsChoices} from './tls-choices.ts';
import {mayHelpOtherwise, mayTryElsewhere} from './try-elsewhere.ts';

/** Opens connections by a plan. */
export type Connector = {
  /**
   * Goes through the places of the plan as libpq does: a place that does not answer, that is still starting or is not the kind of
   * server that is wanted is passed over, any other refusal is final. A typed password holds for later connections, for which
   * nobody is asked again; a place that was reached with TLS is never again spoken to without.
   * @throws ConnectError, UsageError for a certificate file that cannot be used, and what `askPassword` throws.
   */
  open(options?: OpenOptions): Promise<Connection>;
  /** The tries of the latest open(), in order. */
  attempts(): readonly Attempt[];
  /** Where the latest open() that is over came to its end; null before one has tried anything. */
  place(): ServerPlace | null;
};

/** How one connection is opened. `mayAsk` false: nobody is asked for a password, since the terminal is in use; default true. */
export type OpenOptions = {readonly mayAsk?: boolean};

/** What a connector has learned from the connections it has opened. */
type Learned = {
  readonly reachedByTls: Set<ConnectionAttempt>;
  /** Null from the first session on: the terminal then belongs to the screen. */
  askPassword: ((user: string) => Promise<string>) | null;
  typed: string | undefined;
  /** The one place that answered, of those that nobody named. */
  guessed: ConnectionAttempt | null;
};

/** One way through the plan. Several may be under way at a time, each with tries of its own. */
type Walk = {
  readonly plan: ConnectionPlan;
  readonly readFile: ReadUserFile;
  readonly learned: Learned;
  readonly mayAsk: boolean;
  readonly attempts: Attempt[];
};

/** A connector for a plan. `askPassword` is called with the user's name when the server wants a password that no source has. */
export function createConnector(
  plan: ConnectionPlan,
  readFile: ReadUserFile,
  askPassword: (user: string) => Promise<string>,
): Connector {
  const learned: Learned = {
    reachedByTls: new Set(),
    askPassword: plan.passwordPrompt === 'never' ? null : askPassword,
    typed: undefined,
    guessed: null,
  };
  let latest: readonly Attempt[] = [];
  let last: ServerPlace | null = null;
  return {
    attempts: () => latest,
    place: () => last,
    async open({mayAsk = true} = {}) {
      const attempts: Attempt[] = [];
      latest = attempts;
      try {
        if (plan.passwordPrompt === 'always') learned.typed ??= await learned.askPassword?.(plan.user);
        const connection = await openAnywhere({plan, readFile, learned, mayAsk, attempts});
        learned.askPassword = null;
        return connection;
      } catch (error) {
        throw connectError(plan, attempts, error);
      } finally {
        last = placeOf(plan, attempts.at(-1)) ?? last;
      }
    },
  };
}

function placeOf({user, database}: ConnectionPlan, attempt: Attempt | undefined): ServerPlace | null {
  if (attempt === undefined) return null;
  const {place, address} = attempt;
  const {host, port} = place;
  return {host, address, isSocket: place.kind === 'socket', port, user, database};
}

/** @throws the error of the last place, or the first that is final. */
async function openAnywhere(walk: Walk): Promise<Connection> {
  const {plan, learned, attempts} = walk;
  const places = learned.guessed === null ? plan.attempts : [learned.guessed];
  const wishes: readonly TargetSession[] =
    plan.targetSession === 'prefer-standby' ? ['prefer-standby', 'any'] : [plan.targetSession];
  for (const wanted of wishes) {
    for (const place of plan.isShuffled ? shuffled(places) : places) {
      const connection = await openAtPlace(walk, place, wanted);
      if (connection === null) continue;
      learned.guessed = place.isGuess ? place : null;
      return connection;
    }
  }
  throw attempts.at(-1)?.error ?? new RangeError('a plan without places');
}

/** The session at one of the addresses of a place; null when another place may do better. @throws what is final */
async function openAtPlace(
  walk: Walk,
  place: ConnectionAttempt,
  wanted: TargetSession,
): Promise<Connection | null> {
  let addresses: readonly (string | null)[];
  try {
    addresses = await addressesOf(place, walk.plan.isShuffled);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    walk.attempts.push({place, address: null, isTls: false, error});
    return null;
  }
  for (const address of addresses) {
    try {
      return await openAtAddress(walk, place, address, wanted);
    } catch (error) {
      if (!mayTryElsewhere(place, error)) throw error;
    }
  }
  return null;
}

/** The session at one address, by one of the kinds of connection that are allowed there. @throws the last one's error */
async function openAtAddress(
  walk: Walk,
  place: ConnectionAttempt,
  address: string | null,
  wanted: TargetSession,
): Promise<Connection> {
  const allowed = await tlsChoices(walk.plan, place, walk.readFile);
  const choices = walk.learned.reachedByTls.has(place) ? allowed.filter(tls => tls !== false) : allowed;
  for (const [index, tls] of choices.entries()) {
    const isTls = tls !== false;
    try {
      const connection = await openEndpoint(walk, endpointOf(walk.plan, place, address, tls), wanted);
      walk.attempts.push({place, address, isTls, error: null});
      if (isTls) walk.learned.reachedByTls.add(place);
      return connection;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      walk.attempts.push({place, address, isTls, error});
      if (index === choices.length - 1 || !mayHelpOtherwise(error)) throw error;
    }
  }
  throw new RangeError('a place without a kind of connection');
}

/** A session that is on the kind of server that is wanted; nothing stays open otherwise. */
async function openEndpoint(walk: Walk, endpoint: Endpoint, wanted: TargetSession): Promise<Connection> {
  const connection = await login(walk, endpoint);
  try {
    await checkTargetSession(connection, wanted);
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

async function login({plan, learned, mayAsk}: Walk, endpoint: Endpoint): Promise<Connection> {
  try {
    return await openConnection({...endpoint, password: learned.typed ?? endpoint.password});
  } catch (error) {
    if (!(error instanceof PasswordRequired) || learned.askPassword === null || !mayAsk) throw error;
    learned.typed = await learned.askPassword(plan.user);
    return await openConnection({...endpoint, password: learned.typed});
  }
}

function endpointOf(
  plan: ConnectionPlan,
  {host, port, password}: ConnectionAttempt,
  address: string | null,
  tls: Endpoint['tls'],
): Endpoint {
  return {
    host,
    address: address ?? undefined,
    port,
    user: plan.user,
    database: plan.database,
    password,
    applicationName: plan.applicationName,
    options: plan.options,
    connectTimeoutMs: plan.connectTimeoutMs,
    keepAliveIdleMs: plan.keepAlive ? plan.keepAliveIdleMs : null,
    tls,
    authentication: plan.authentication,
  };
}
