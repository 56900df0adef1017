import type {ConnectionAttempt, ParameterSource} from './connection-plan.ts';
import type {ConnectionRequest} from './connection-request.ts';
import {openPasswordFile} from './password-file.ts';
import type {Place} from './place-attempts.ts';
import {givenValue, type Settings} from './setting.ts';

/** The attempts with the password each is to use, where it came from, and where it was looked for in vain. */
export type FoundPasswords = {
  readonly attempts: readonly [ConnectionAttempt, ...ConnectionAttempt[]];
  readonly source: ParameterSource | undefined;
  readonly search: readonly string[];
  readonly warnings: readonly string[];
};

type Login = {readonly user: string; readonly database: string};

/** libpq's order: connection string, PGPASSWORD, then the password file, whose answer may differ from place to place. */
export function findPasswords(
  {homeFolder, readFile, options}: ConnectionRequest,
  settings: Settings,
  [first, ...others]: readonly [Place, ...Place[]],
  {user, database}: Login,
): FoundPasswords {
  const withPasswords = (passwordFor: (place: Place) => string | undefined): FoundPasswords['attempts'] => [
    {...first, password: passwordFor(first)},
    ...others.map(place => ({...place, password: passwordFor(place)})),
  ];
  if (options.password === true) {
    // What is typed at the prompt stands in for any other.
    return {attempts: withPasswords(() => undefined), source: undefined, search: [], warnings: []};
  }
  const given = givenValue(settings, 'password');
  if (given !== undefined) {
    const source = settings.get('password')?.source;
    return {attempts: withPasswords(() => given), source, search: [], warnings: []};
  }
  const path = passwordFilePath(settings, homeFolder);
  const file = path === undefined ? undefined : openPasswordFile(path, readFile);
  const attempts = withPasswords(place => file?.passwordFor(place, database, user));
  const isFound = attempts.some(({password}) => password !== undefined);
  const search = ['the connection string', 'PGPASSWORD', ...(file === undefined ? [] : [file.finding])];
  return {
    attempts,
    source: isFound && path !== undefined ? {kind: 'passfile', name: path} : undefined,
    search: isFound ? [] : search,
    warnings: file?.warning === undefined ? [] : [file.warning],
  };
}

/** The password file in force, whether or not it exists. */
export function passwordFilePath(settings: Settings, homeFolder: string | undefined): string | undefined {
  return givenValue(settings, 'passfile') ?? (homeFolder === undefined ? undefined : `${homeFolder}/.pgpass`);
}
