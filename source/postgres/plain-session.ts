import {Client, type QueryResultRow} from 'pg';
import {processIdOf, socketOf} from './driver-client.ts';

/** Where a throw-away server is reached, and as whom. */
export type SessionTarget = {
  /** The folder of the server's Unix-domain socket. */
  readonly socketFolder: string;
  readonly port: number;
  readonly applicationName: string;
  readonly user: string;
  readonly database: string;
};

/** One ordinary session of a client, as an application has it: no time limits, and transactions as it likes. */
export type PlainSession = {
  /** The backend's pid. */
  readonly pid: number;
  /** Rows of a statement, or none where several statements are given in one text; one without values may hang as long as it likes. Rejects with the server's error, or with the loss of the session. */
  query<Row extends QueryResultRow = QueryResultRow>(
    text: string,
    values?: readonly unknown[],
  ): Promise<readonly Row[]>;
  /** True once the session has ended, whoever ended it. */
  hasEnded(): boolean;
  /** Gives the session up at once, in the middle of a query too. */
  end(): void;
};

/**
 * Opens a session for the demo and for tests. When the session is terminated, its running query rejects; a loss while
 * none runs is told by hasEnded and by the next query. @throws the server's or the system's error.
 */
export async function openPlainSession(target: SessionTarget): Promise<PlainSession> {
  const {socketFolder, port, applicationName, user, database} = target;
  const client = new Client({
    host: socketFolder,
    port,
    user,
    database,
    application_name: applicationName,
    password: '',
    ssl: false,
  });
  let hasEnded = false;
  const setEnded = () => {
    hasEnded = true;
  };
  // An error without a listener would end the process; whoever runs a query hears of it by the query.
  client.on('error', setEnded);
  client.on('end', setEnded);
  await client.connect();
  // The driver wants its next query only when it has done with the one before.
  let latest: Promise<unknown> = Promise.resolve();
  return {
    pid: processIdOf(client),
    async query<Row extends QueryResultRow>(text: string, values?: readonly unknown[]) {
      const answer = latest.then(() =>
        client.query<Row>(text, values === undefined ? undefined : [...values]),
      );
      latest = answer.catch(() => undefined);
      const {rows} = await answer;
      return Array.isArray(rows) ? rows : [];
    },
    hasEnded: () => hasEnded,
    end() {
      setEnded();
      socketOf(client)?.destroy();
    },
  };
}
