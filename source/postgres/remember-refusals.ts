import type {Connection} from './connection.ts';
import {errorCode} from './sql-state.ts';

/**
 * The same session, but a statement that was refused for lack of rights (42501) is not asked again: its error comes back at once for
 * as long as the connection lives. Not for statements whose right depends on their values, as signals do.
 */
export function rememberRefusals(connection: Connection): Connection {
  const refusals = new Map<string, unknown>();
  return {
    ...connection,
    async query<Row>(...asked: Parameters<Connection['query']>) {
      const [statement] = asked;
      if (refusals.has(statement)) throw refusals.get(statement);
      try {
        return await connection.query<Row>(...asked);
      } catch (error) {
        if (errorCode(error) === '42501') refusals.set(statement, error);
        throw error;
      }
    },
  };
}
