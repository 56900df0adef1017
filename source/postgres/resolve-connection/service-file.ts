import {sanitise} from '../../model/sanitise.ts';
import {UsageError} from '../../model/usage-error.ts';
import type {ConnectionRequest} from './connection-request.ts';
import {nearestParameter} from './nearest-parameter.ts';
import {parameterOf} from './parameters.ts';
import {quoted, type Setting} from './setting.ts';
import {isShowable} from './written-parameter.ts';

/** Where builds of libpq look for the system's service file: Debian's, Red Hat's, PostgreSQL's own. */
const SYSTEM_FOLDERS: readonly string[] = [
  '/etc/postgresql-common',
  '/etc/sysconfig/pgsql',
  '/usr/local/pgsql/etc',
];

/**
 * The parameters of a service, as libpq finds them: in the file that was named, else in ~/.pg_service.conf, else in the system's file.
 * `named` is the value of servicefile or PGSERVICEFILE. @throws UsageError for a file that is not there, a service that no file has, and lines that are no parameters
 */
export function readService(
  service: string,
  named: string | undefined,
  {environment, homeFolder, readFile}: ConnectionRequest,
): readonly Setting[] {
  const own = named ?? (homeFolder === undefined ? undefined : `${homeFolder}/.pg_service.conf`);
  const folders = environment.PGSYSCONFDIR === undefined ? SYSTEM_FOLDERS : [environment.PGSYSCONFDIR];
  const system = folders.map(folder => `${folder}/pg_service.conf`).find(path => readFile(path) !== null);
  const paths = [own, system].filter(path => path !== undefined);
  for (const path of paths) {
    const file = readFile(path);
    if (file === null && path === named) throw new UsageError(`there is no service file ${sanitise(path)}`);
    if (file === null) continue;
    if (file.text === undefined) throw new UsageError(`cannot read the service file ${sanitise(path)}`);
    const settings = serviceIn(file.text, service, path);
    if (settings !== null) return settings;
  }
  const looked = paths.length === 0 ? 'no service file' : paths.map(sanitise).join(', ');
  throw new UsageError(`there is no definition of service ${quoted(service)}`, `Looked in: ${looked}.`);
}

/** The settings under `[service]`, the first of a repeated one; null when the file has no such heading. */
function serviceIn(text: string, service: string, path: string): readonly Setting[] | null {
  const lines = text.split('\n').map(line => line.trim());
  const start = lines.findIndex(line => line.startsWith(`[${service}]`));
  if (start === -1) return null;
  const settings: Setting[] = [];
  for (const [index, line] of lines.entries()) {
    if (index <= start || line === '' || line.startsWith('#')) continue;
    if (line.startsWith('[')) break;
    const setting = settingOf(line, `line ${index + 1} of ${sanitise(path)}`, path);
    if (!settings.some(({name}) => name === setting.name)) settings.push(setting);
  }
  return settings;
}

function settingOf(line: string, where: string, path: string): Setting {
  const equals = line.indexOf('=');
  const name = line.slice(0, Math.max(0, equals));
  if (line.startsWith('ldap')) throw new UsageError(`${where} asks an LDAP server, which pgtop does not`);
  if (name === 'service' || name === 'servicefile')
    throw new UsageError(`${where} names another service, which no service may`);
  if (parameterOf(name) !== undefined)
    return {name, value: line.slice(equals + 1), source: {kind: 'service', name: path}};
  const shown = equals !== -1 && isShowable(name.trim(), '', '') ? quoted(name.trim()) : 'no NAME=VALUE';
  const nearest = nearestParameter(name.trim());
  throw new UsageError(
    `${where} is not a connection parameter: ${shown}`,
    nearest === undefined ? undefined : `Did you mean ${nearest}? No spaces around the "=".`,
  );
}
