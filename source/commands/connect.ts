import {homedir} from 'node:os';
import {keepMemoryPrivate} from '../host/keep-memory-private.ts';
import {osUser} from '../host/os-user.ts';
import {promptPassword} from '../host/prompt-password.ts';
import {readUserFile} from '../host/read-user-file.ts';
import {type Connector, createConnector} from '../postgres/connect-plan.ts';
import type {ConnectionPlan} from '../postgres/resolve-connection/connection-plan.ts';
import {PARAMETERS} from '../postgres/resolve-connection/parameters.ts';
import {resolveConnection} from '../postgres/resolve-connection/resolve-connection.ts';
import type {Arguments} from './parse-arguments.ts';

/** A connector for what the command line, the environment and the user's files say; `warn` gets one line for each thing to know about them. @throws UsageError */
export function connectorFor(parsed: Arguments, warn: (line: string) => void): Connector {
  const plan = planFor(parsed);
  for (const warning of warningsOf(plan)) warn(warning);
  return connectorOf(plan);
}

/** How the command line, the environment and the user's files want to connect. @throws UsageError */
export function planFor({connection, values, switches}: Arguments): ConnectionPlan {
  keepMemoryPrivate();
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
    osUser: osUser() ?? undefined,
    homeFolder: homedir(),
    readFile: readUserFile,
  });
  // All is resolved: the driver is not to find these again, nor is a child process to inherit a password.
  for (const {variable} of Object.values(PARAMETERS))
    if (variable !== undefined) delete process.env[variable];
  return plan;
}

/** What to know about a plan before it is followed, a line each. */
export function warningsOf({warnings, passwordInArgv}: ConnectionPlan): readonly string[] {
  const argv = 'the password on the command line could be seen by others; use ~/.pgpass or -W';
  return passwordInArgv ? [...warnings, argv] : warnings;
}

/** A connector for a plan that asks for a missing password on the terminal. */
export function connectorOf(plan: ConnectionPlan): Connector {
  return createConnector(plan, readUserFile, user => promptPassword(`Password for user ${user}: `));
}
