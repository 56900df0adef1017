import {describe, expect, it} from 'vitest';
import {UsageError} from '../../../source/model/usage-error.ts';
import {resolveConnection} from '../../../source/postgres/resolve-connection/resolve-connection.ts';
import {connectionRequest} from './connection-request.ts';

function errorOf(argument: string, environment: Record<string, string> = {}): UsageError | null {
  try {
    resolveConnection(connectionRequest({argument, environment}));
    return null;
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
}

describe('a demand that pgtop does not meet is refused by name', () => {
  it.each([
    'client_encoding=LATIN1',
    'keepalives_interval=10',
    'keepalives_count=3',
    'tcp_user_timeout=1000',
    'sslcompression=1',
    'sslcertmode=require',
    'sslcrldir=/d',
    'sslkeylogfile=/f',
    'requirepeer=postgres',
    'min_protocol_version=3.2',
    'gssencmode=require',
    'krbsrvname=pg',
    'gsslib=sspi',
    'gssdelegation=1',
    'oauth_issuer=x',
    'oauth_client_id=x',
    'oauth_scope=x',
    'replication=database',
  ])('%s', written => {
    const [name, value] = written.split('=');
    const start = `${name}="${value}" (from the connection string) is not supported: `;
    expect(errorOf(written)?.message.slice(0, start.length)).toBe(start);
  });

  it.each(['scram_client_key', 'scram_server_key', 'oauth_client_secret'])('%s, without its value', name => {
    const error = errorOf(`${name}=hunter2`);
    expect(error?.message).toMatch(new RegExp(`^${name} \\(from the connection string\\) is not supported`));
    expect(`${error?.message} ${error?.hint}`).not.toContain('hunter2');
  });

  it.each([
    ['PGGSSENCMODE', 'require'],
    ['PGKRBSRVNAME', 'x'],
    ['PGREQUIREPEER', 'postgres'],
    ['PGSSLCRLDIR', '/d'],
    ['PGSSLCERTMODE', 'require'],
    ['PGSSLCOMPRESSION', '1'],
  ])('%s', (variable, value) => {
    const error = errorOf('host=h', {[variable]: value});
    expect(error?.message).toContain(`="${value}" (from ${variable}) is not supported: pgtop `);
    expect(error?.hint).toBe(`Run it without the variable: env -u ${variable} pgtop …`);
  });

  it.each([
    [
      'host=a,@pg',
      {},
      'host "a,@pg" (from the connection string) is not supported: pgtop does not use abstract sockets',
    ],
    [
      'host=@pg',
      {},
      'host "@pg" (from the connection string) is not supported: pgtop does not use abstract sockets',
    ],
  ])('%s %j', (argument, environment, message) => {
    expect(errorOf(argument, environment)?.message).toBe(message);
  });
});

describe('what changes nothing is accepted', () => {
  it.each([
    'channel_binding=prefer',
    'channel_binding=disable',
    'client_encoding=auto',
    'client_encoding=UTF8',
    'keepalives_interval=0 keepalives_count=0 tcp_user_timeout=0',
    'sslnegotiation=postgres sslcompression=0 sslsni=1 sslcertmode=allow',
    "hostaddr='' sslcrl='' requirepeer='' require_auth=''",
    'ssl_min_protocol_version=TLSv1.2',
    'gssencmode=prefer',
    'gssencmode=disable krbsrvname=postgres gssdelegation=0',
    'replication=false',
  ])('%s', argument => {
    expect(errorOf(argument)).toBeNull();
  });

  it.each([
    'PGCLIENTENCODING',
    'PGTZ',
    'PGDATESTYLE',
    'PGGEQO',
    'PGSERVICEFILE',
    'PGSYSCONFDIR',
    'PGLOCALEDIR',
  ])('%s', variable => {
    expect(errorOf('host=h', {[variable]: 'LATIN1'})).toBeNull();
  });

  it('a variable that the connection string overrules', () => {
    expect(errorOf('gssencmode=disable', {PGGSSENCMODE: 'require'})).toBeNull();
  });
});
