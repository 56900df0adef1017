import {sanitise} from '../model/sanitise.ts';
import {PG_SIGNAL_AUTOVACUUM_WORKER, PG_SIGNAL_BACKEND, type SignalRights} from '../model/signal-rights.ts';
import type {Connection} from './connection.ts';
import {
  type DatabaseRow,
  databaseNamesStatement,
  type RelationRow,
  type RoleRow,
  relationNamesStatement,
  roleNamesStatement,
} from './queries/names.ts';
import {errorText, isStatementFailure} from './sql-state.ts';

/** Names that the poll knows by oid only. Each kind is asked apart, since each waits behind locks on its own catalog. */
export type NameCache = {
  /** The name of an oid; the oid itself as text until it is known. */
  roleName(oid: number): string;
  /** What a role's rights have to do with signals; the same array until roles are asked for anew. */
  roleRights(): SignalRights['roles'];
  databaseName(oid: number): string;
  /** Encoding of a database, as pg_encoding_to_char names it; UTF8 until it is known. */
  encodingOf(databaseOid: number): string;
  /** Null for a relation that cannot be named: not committed yet, or not looked up yet. */
  relationName(oid: number): string | null;
  /** Notes that these relations of the connected database are to be named. */
  wantRelations(oids: readonly number[]): void;
  /**
   * Asks for what is missing: at most `statements` questions, of what was not asked for longest. A catalog that is locked is left alone for some seconds; the
   * server's words are then in failures(). True when anything was asked. @throws only what ends the connection.
   */
  fill(statements: number, nowMs: number): Promise<boolean>;
  failures(): readonly string[];
};

const RETRY_MS = 5_000;
const RENEW_MS = 60_000;

type Kind = {
  readonly statement: string;
  readonly what: string;
  readonly names: Map<number, string>;
  readonly wanted: Set<number>;
  /** Notes what a row says beside the name. */
  readonly note: (row: readonly string[]) => void;
  failure: string | null;
  notBefore: number;
  renewAt: number;
  askedAt: number;
};

function kindOf(what: string, statement: string, note: Kind['note'] = () => undefined): Kind {
  return {
    what,
    statement,
    note,
    names: new Map(),
    wanted: new Set(),
    failure: null,
    notBefore: 0,
    renewAt: 0,
    askedAt: Number.NEGATIVE_INFINITY,
  };
}

/** An empty cache on this connection; it lives as long as the connection does. */
export function createNameCache(connection: Connection): NameCache {
  const encodings = new Map<number, string>();
  const rights = new Map<number, SignalRights['roles'][number][1]>();
  let listedRights: SignalRights['roles'] = [];
  const roles = kindOf('role names', roleNamesStatement, ([oid, , isSuperuser, isOwn]) =>
    rights.set(Number(oid), {isSuperuser: isSuperuser === 't', isOwn: isOwn === 't'}),
  );
  // Their rights are wanted though nobody is logged in as them.
  for (const oid of [PG_SIGNAL_BACKEND, PG_SIGNAL_AUTOVACUUM_WORKER]) roles.wanted.add(oid);
  const databases = kindOf('database names', databaseNamesStatement, ([oid, , encoding = 'UTF8']) =>
    encodings.set(Number(oid), encoding),
  );
  const relations = kindOf('relation names', relationNamesStatement);
  const nameOf = (kind: Kind, oid: number) => {
    const name = kind.names.get(oid);
    if (name === undefined) kind.wanted.add(oid);
    return name;
  };
  const ask = async (kind: Kind, nowMs: number) => {
    const isDue = kind.renewAt !== 0 && nowMs >= kind.renewAt;
    const oids = [...new Set([...kind.wanted, ...(isDue ? kind.names.keys() : [])])];
    kind.wanted.clear();
    kind.renewAt = nowMs + RENEW_MS;
    const rows = await connection.query<RoleRow | DatabaseRow | RelationRow>(kind.statement, [oids]);
    for (const row of rows) {
      kind.names.set(Number(row[0]), sanitise(row[1]));
      kind.note(row);
    }
    if (kind === roles) listedRights = [...rights];
    // A dropped role or an uncommitted relation has no row: its oid is all there is to say until the next renewal.
    if (kind !== relations)
      for (const oid of oids) if (!kind.names.has(oid)) kind.names.set(oid, String(oid));
    kind.failure = null;
  };
  return {
    roleName: oid => nameOf(roles, oid) ?? String(oid),
    roleRights: () => listedRights,
    databaseName: oid => nameOf(databases, oid) ?? String(oid),
    encodingOf: oid => encodings.get(oid) ?? 'UTF8',
    relationName: oid => relations.names.get(oid) ?? null,
    wantRelations: oids => {
      for (const oid of oids) if (!relations.names.has(oid)) relations.wanted.add(oid);
    },
    async fill(statements, nowMs) {
      const due = [databases, roles, relations].filter(
        kind =>
          nowMs >= kind.notBefore && (kind.wanted.size > 0 || (kind.renewAt !== 0 && nowMs >= kind.renewAt)),
      );
      // Where refreshes are rare a renewal, or a catalog that stays locked, is due at each of them.
      due.sort((a, b) => a.askedAt - b.askedAt);
      for (const kind of due.slice(0, statements)) {
        kind.askedAt = nowMs;
        try {
          await ask(kind, nowMs);
        } catch (error) {
          if (!isStatementFailure(error)) throw error;
          kind.failure = `${kind.what} cannot be read: ${errorText(error)}`;
          kind.notBefore = nowMs + RETRY_MS;
          kind.renewAt = kind.notBefore;
        }
      }
      return due.length > 0;
    },
    failures: () =>
      [databases, roles, relations].flatMap(kind => (kind.failure === null ? [] : [kind.failure])),
  };
}
