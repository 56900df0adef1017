/** The row of the statement. */
export type RecoveryRow = readonly [inRecovery: string];

/** Whether the server is a standby: a promotion keeps the session, so it is asked again now and then. */
export const recoveryStatement = /* sql */ `
-- pg_is_in_recovery; any role, reads no catalog.
SELECT pg_catalog.pg_is_in_recovery()`;
