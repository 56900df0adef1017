import {homedir, userInfo} from 'node:os';
import {promptPassword} from '../host/prompt-password.ts';
import {readUserFile} from '../host/read-user-file.ts';
import {type Connector, createConnector} from '../postgres/connect-plan.ts';
import {resolveConnection} from '../postgres/resolve-connection/resolve-connection.ts';
import type {Arguments} from './parse-arguments.ts';

/** A connector for what the command line, the environment and the user's files say; `warn` gets one line for each thing to know about them. @throws UsageError */
export function connectorFor(
  {connection, values, switches}: Arguments,
  warn: (line: string) => void,
): Connector {
  const plan = resolveConnection({
    argument: connection,
    options: {
      host: values.host,
      port: values.port,
      username: values.username,
      dbname: values.dbname,
      noPassword: switches.has('no-password'),
      password: switches.has('password'),
    },
    environment: process.env,
    osUser: osUser(),
    homeFolder: homedir(),
    readFile: readUserFile,
  });
  for (const warning of plan.warnings) warn(warning);
  if (plan.passwordInArgv)
    warn('the password on the command line could be seen by others; use ~/.pgpass or -W');
  return createConnector(plan, readUserFile, user => promptPassword(`Password for user ${user}: `));
}

/** The name of the user that runs pgtop; undefined in a container whose user has none. */
function osUser(): string | undefined {
  try {
    return userInfo().username;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
