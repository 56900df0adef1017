/** What decides whether a signal reaches another role's session: the monitoring role's own attributes and memberships. */
export type SignalRights = {
  /** Whether the monitoring role is a superuser (is_superuser). */
  readonly isSuperuser: boolean;
  /** Every role whose rights are known, by oid. One that is missing has not been looked up yet. */
  readonly roles: readonly (readonly [oid: number, rights: RoleRights])[];
};

/** What the catalog says about one role. */
export type RoleRights = {
  /** pg_roles.rolsuper */
  readonly isSuperuser: boolean;
  /** pg_has_role(oid, 'USAGE'): the monitoring role has its privileges; a member without INHERIT has not. */
  readonly isOwn: boolean;
};

/** Oid of the predefined role pg_signal_backend, the same on every server. */
export const PG_SIGNAL_BACKEND = 4200;
/** Oid of pg_signal_autovacuum_worker, which is there since PostgreSQL 18. */
export const PG_SIGNAL_AUTOVACUUM_WORKER = 6392;
