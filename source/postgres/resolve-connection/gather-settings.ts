import {UsageError} from '../../model/usage-error.ts';
import type {ConnectionRequest} from './connection-request.ts';
import {PARAMETERS} from './parameters.ts';
import {isConnectionString, readConnectionString} from './read-connection-string.ts';
import {readService} from './service-file.ts';
import type {Setting, Settings} from './setting.ts';

/**
 * Everything that was given, each parameter from its strongest source: option, then connection string or URI, then service,
 * then environment. psql lets the connection string win over its options; here an option is the last word. @throws UsageError
 */
export function gatherSettings(request: ConnectionRequest): Settings {
  const typed = [...fromOptions(request), ...fromString(request)];
  const environment = fromEnvironment(request);
  const fromStrongest = [...typed, ...fromService(request, typed, environment), ...environment];
  return new Map(fromStrongest.toReversed().map(setting => [setting.name, setting]));
}

function fromService(
  request: ConnectionRequest,
  typed: readonly Setting[],
  environment: readonly Setting[],
): readonly Setting[] {
  const given = (name: string) => [...typed, ...environment].find(setting => setting.name === name)?.value;
  const service = given('service');
  return service === undefined ? [] : readService(service, given('servicefile'), request);
}

const OPTIONS = [
  {name: 'host', key: 'host', option: '-h'},
  {name: 'port', key: 'port', option: '-p'},
  {name: 'user', key: 'username', option: '-U'},
] as const;

function fromOptions({options, argument}: ConnectionRequest): readonly Setting[] {
  const given = OPTIONS.flatMap(({name, key, option}) => {
    const value = options[key];
    return isGiven(value) ? [{name, value, source: {kind: 'option', name: option} as const}] : [];
  });
  const {dbname} = options;
  if (isGiven(dbname) && !isConnectionString(dbname)) {
    return [...given, {name: 'dbname', value: dbname, source: {kind: 'option', name: '-d'}}];
  }
  if (!isGiven(dbname) && isGiven(argument) && !isConnectionString(argument)) {
    return [...given, {name: 'dbname', value: argument, source: {kind: 'argument'}}];
  }
  return given;
}

function fromString({options: {dbname}, argument}: ConnectionRequest): readonly Setting[] {
  if (isGiven(dbname) && isGiven(argument) && (isConnectionString(dbname) || !isConnectionString(argument))) {
    throw new UsageError(
      'the database is given twice: as an argument and with -d',
      'Beside an argument that is a connection string or URI, -d takes the name of a database only.',
    );
  }
  const strings = [argument, dbname].filter(text => isGiven(text)).filter(isConnectionString);
  // A parameter that is repeated counts the last time, so the strongest comes first here as elsewhere.
  return strings.flatMap(text => readConnectionString(text).toReversed());
}

function fromEnvironment({environment}: ConnectionRequest): readonly Setting[] {
  const given = Object.entries(PARAMETERS).flatMap(([name, {variable}]) => {
    const value = variable === undefined ? undefined : environment[variable];
    if (variable === undefined || value === undefined) return [];
    return [{name, value, source: {kind: 'environment', name: variable} as const}];
  });
  if (environment.PGREQUIRESSL?.startsWith('1') !== true) return given;
  const source = {kind: 'environment', name: 'PGREQUIRESSL'} as const;
  return [...given, {name: 'sslmode', value: 'require', source}];
}

function isGiven(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}
