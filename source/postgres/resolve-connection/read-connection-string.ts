import {UsageError} from '../../model/usage-error.ts';
import type {ParameterSource} from './connection-plan.ts';
import {nearestParameter} from './nearest-parameter.ts';
import {parameterOf} from './parameters.ts';
import {parseConninfo} from './parse-conninfo.ts';
import {parseUri} from './parse-uri.ts';
import {quoted, type Setting} from './setting.ts';
import type {WrittenParameter} from './written-parameter.ts';

const URI = /^postgres(?:ql)?:\/\//;
/** Not a URI to libpq, which would take the whole of it, password included, for the name of a database. */
const ALMOST_URI = /^(?:[a-z][a-z0-9+.-]*:\/\/|(?:jdbc:)?postgres(?:ql)?:)/i;
const CREDENTIALS = /^[^/:@=\s]*:[^@]*@/;

/** True when libpq reads the text as conninfo or URI and not as the name of a database. */
export function isConnectionString(text: string): boolean {
  return URI.test(text) || ALMOST_URI.test(text) || CREDENTIALS.test(text) || text.includes('=');
}

/** Reads a conninfo string or a URI and checks the names of its parameters; a repeated one counts the last time. @throws UsageError */
export function readConnectionString(text: string): readonly Setting[] {
  const isUri = URI.test(text);
  if (!isUri && (ALMOST_URI.test(text) || CREDENTIALS.test(text))) {
    throw new UsageError(
      'a connection URI begins with postgres:// or postgresql://',
      'A database whose name looks like this one is reached with -d "dbname=\'NAME\'".',
    );
  }
  const source: ParameterSource = {kind: isUri ? 'uri' : 'conninfo'};
  const written = isUri ? parseUri(text) : parseConninfo(text);
  return written.map(parameter => {
    if (parameterOf(parameter.name) !== undefined)
      return {name: parameter.name, value: parameter.value, source};
    const modern = modernised(parameter, isUri);
    if (modern === undefined) throw unknownParameter(parameter);
    return {...modern, source};
  });
}

/** Two spellings that libpq still takes: requiressl of old, and JDBC's ssl=true in a URI. */
function modernised(
  {name, value}: WrittenParameter,
  isUri: boolean,
): {name: string; value: string} | undefined {
  if (name === 'requiressl') return {name: 'sslmode', value: value.startsWith('1') ? 'require' : 'prefer'};
  return isUri && name === 'ssl' && value === 'true' ? {name: 'sslmode', value: 'require'} : undefined;
}

function unknownParameter({name, isShowable}: WrittenParameter): UsageError {
  const nearest = nearestParameter(name);
  if (!isShowable && nearest === undefined) {
    return new UsageError(
      'the connection string has an unknown parameter',
      'A password with spaces, & or = in it must be quoted in a connection string and percent-encoded in a URI.',
    );
  }
  const hint =
    nearest === undefined
      ? 'The names are those of libpq: host, port, dbname, user, …'
      : `Did you mean ${nearest}?`;
  return new UsageError(`unknown connection parameter ${quoted(name)}`, hint);
}
