import {execFileSync} from 'node:child_process';
import {chmodSync, chownSync, copyFileSync, mkdtempSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {readUserFile} from '../../source/host/read-user-file.ts';
import {createConnector} from '../../source/postgres/connect-plan.ts';
import {resolveConnection} from '../../source/postgres/resolve-connection/resolve-connection.ts';
import {readServerIdentity} from '../../source/postgres/server-identity.ts';
import type {Cluster, TestSession} from '../helpers/cluster.ts';
import {describeOnOwnServers} from '../helpers/monitoring.ts';
import {majors} from '../helpers/servers.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {type Authority, makeAuthority} from './libpq/certificates.ts';

/** An address of the loopback network that no server of this machine listens at, one for each major. */
const addressOf = (major: number) =>
  `127.${64 + (Math.floor(process.pid / 250) % 128)}.${process.pid % 250}.${major}`;

for (const major of majors) {
  describeOnOwnServers(
    'TLS',
    cluster => declare(cluster, major),
    {listen_addresses: addressOf(major), password_encryption: major >= 14 ? 'scram-sha-256' : 'on'},
    [major],
  );
}

function declare(cluster: () => Cluster, major: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'pgtop-tls-'));
  let authority: Authority;
  let control: TestSession;
  let crl: string;

  beforeAll(async () => {
    authority = await makeAuthority(folder);
    const server = await authority.sign('server', 'x', 'DNS:localhost');
    await authority.sign('client', 'certified');
    crl = await authority.revoke('server');
    execFileSync(
      'openssl',
      ['ec', '-aes256', '-passout', 'pass:hunter2', '-in', 'client.key', '-out', 'sealed.key'],
      {cwd: folder, stdio: 'ignore'},
    );
    for (const key of ['client.key', 'sealed.key']) chmodSync(join(folder, key), 0o600);
    control = await cluster().connect();
    const data = join(cluster().socketFolder, 'data');
    const place = (name: string, text: string) => {
      const path = join(data, name);
      writeFileSync(path, text);
      const {uid, gid} = statSync(data);
      chownSync(path, uid, gid);
      chmodSync(path, 0o600);
    };
    place('server.crt', server.cert);
    place('server.key', server.key);
    copyFileSync(authority.file, join(data, 'ca.crt'));
    chmodSync(join(data, 'ca.crt'), 0o644);
    place('pg_hba.conf', HBA);
    await control.query("SET password_encryption = 'scram-sha-256'");
    for (const role of ['scrammed', 'certified', 'trusted', 'plain'])
      await control.query(`CREATE ROLE ${role} LOGIN PASSWORD 'hunter2'`);
    await control.query('ALTER SYSTEM SET ssl = on');
    await control.query("ALTER SYSTEM SET ssl_ca_file = 'ca.crt'");
    await control.query('SELECT pg_reload_conf()');
    await waitFor('TLS', async () => (await open('user=trusted sslmode=require')).type === 'tls');
  });

  afterAll(() => rmSync(folder, {recursive: true}));

  /** How a session that was opened so is protected, in the server's judgement too, which also knows where it was reached. */
  const open = async (argument: string, environment: Record<string, string> = {}) => {
    const plan = resolveConnection({
      argument: `host=localhost hostaddr=${addressOf(major)} dbname=postgres ${argument.replaceAll('{dir}', folder)}`,
      options: {noPassword: true},
      environment,
      osUser: undefined,
      homeFolder: undefined,
      readFile: readUserFile,
    });
    const never = () => Promise.reject(new Error('asked for a password'));
    const connection = await createConnector(plan, readUserFile, never).open();
    const [row] = await connection.query<readonly [string, string | null]>(
      'SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
    );
    const {address} = await readServerIdentity(connection);
    expect(address).toBe(`${addressOf(major)}:5432`);
    await connection.close();
    const {encryption} = connection;
    if (encryption.type === 'tls') expect(row).toEqual(['t', encryption.version.replace('TLS ', 'TLSv')]);
    else expect(row).toEqual(['f', null]);
    return encryption;
  };

  test.each([
    ['sslmode=disable', {type: 'plaintext'}],
    ['sslmode=allow', {type: 'plaintext'}],
    ['', {type: 'tls', version: 'TLS 1.3', isVerified: false}],
    ['sslmode=require', {type: 'tls', version: 'TLS 1.3', isVerified: false}],
    [
      'sslmode=require ssl_max_protocol_version=TLSv1.2',
      {type: 'tls', version: 'TLS 1.2', isVerified: false},
    ],
    ['sslmode=verify-ca sslrootcert={dir}/ca.crt', {type: 'tls', version: 'TLS 1.3', isVerified: true}],
    [
      'sslmode=verify-full sslrootcert={dir}/ca.crt sslsni=0',
      {type: 'tls', version: 'TLS 1.3', isVerified: true},
    ],
  ])('with %j comes out as %j', async (argument, expected) => {
    expect(await open(`user=trusted ${argument}`)).toEqual(expected);
  });

  test("takes the system's certificates, and then only for the name", async () => {
    const environment = {SSL_CERT_FILE: join(folder, 'ca.crt')};
    expect(await open('user=trusted sslrootcert=system', environment)).toMatchObject({isVerified: true});
    const misnamed = open('user=trusted sslrootcert=system host=other.example', environment);
    await expect(misnamed).rejects.toThrow(
      "the server's certificate is made out to localhost, not to other.example",
    );
    await expect(
      open('user=trusted sslmode=verify-ca sslrootcert=/etc/ssl/certs/ca-certificates.crt'),
    ).rejects.toThrow(/certificate/);
  });

  test('refuses a certificate that was revoked', async () => {
    const argument = 'user=trusted sslmode=verify-ca sslrootcert={dir}/ca.crt';
    await expect(open(`${argument} sslcrl=${crl}`)).rejects.toThrow(
      "the server's certificate is not accepted: certificate revoked",
    );
  });

  test('begins at once where the server can, and says so where it cannot', async () => {
    const direct = open('user=trusted sslmode=require sslnegotiation=direct');
    if (major >= 17) expect(await direct).toMatchObject({type: 'tls'});
    else await expect(direct).rejects.toThrow(/^cannot connect to trusted@localhost:5432\/postgres: /);
  });

  test('binds the login to the channel, or does not go in', async () => {
    const login = 'user=scrammed password=hunter2 channel_binding=require';
    // PostgreSQL 10 knows SCRAM, and no binding yet.
    if (major >= 11) expect(await open(login)).toMatchObject({type: 'tls'});
    else await expect(open(login)).rejects.toThrow('does not bind the login');
    await expect(open(`${login} sslmode=disable`)).rejects.toThrow('channel_binding=require needs TLS');
    await expect(open('user=trusted channel_binding=require')).rejects.toThrow('does not bind the login');
    for (const binding of ['prefer', 'disable'])
      expect(await open(`user=scrammed password=hunter2 channel_binding=${binding}`)).toMatchObject({
        type: 'tls',
      });
  });

  test('gives no password to a server that asks for it in another way than allowed', async () => {
    expect(await open('user=scrammed password=hunter2 require_auth=scram-sha-256')).toMatchObject({
      type: 'tls',
    });
    const refusal = (argument: string) => open(`password=hunter2 ${argument}`).then(() => 'in', String);
    expect(await refusal('user=plain require_auth=scram-sha-256')).toContain('the server asked for password');
    expect(await refusal('user=trusted require_auth=!none')).toContain('the server asked for no proof');
    expect(await refusal('user=scrammed require_auth=md5,none')).toContain(
      'the server asked for scram-sha-256',
    );
  });

  test('proves by a certificate who the client is, also with an encrypted key', async () => {
    const certified = 'user=certified sslmode=require sslcert={dir}/client.crt';
    expect(await open(`${certified} sslkey={dir}/client.key`)).toMatchObject({type: 'tls'});
    expect(await open(`${certified} sslkey={dir}/sealed.key sslpassword=hunter2`)).toMatchObject({
      type: 'tls',
    });
    const refusal = (argument: string) => open(`${certified} ${argument}`).then(() => 'in', String);
    const told = await Promise.all(
      ['wrong', ''].map(word => refusal(`sslkey={dir}/sealed.key sslpassword='${word}'`)),
    );
    for (const words of told) expect(words).toMatch(/the client key .*sealed\.key is encrypted/);
    expect(await refusal('sslcertmode=disable sslkey={dir}/client.key')).toMatch(/certificate/);
  });
}

const HBA = `
local all all trust
hostssl all certified all cert
hostssl all scrammed all scram-sha-256
host all scrammed all scram-sha-256
host all plain all password
host all trusted all trust
`;
