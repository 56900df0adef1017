/** The row of the statement: `t` or `f`, and `on` or `off`. */
export type SessionKindRow = readonly [inRecovery: string, readOnly: string];

/** Whether the server is a standby, and whether sessions there may write unless they are told otherwise. */
export const sessionKindStatement = /* sql */ `
-- pg_is_in_recovery and a setting; any role, reads no catalog.
SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('transaction_read_only')`;
