import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {readUserFile} from '../../source/host/read-user-file.ts';
import {createConnector} from '../../source/postgres/connect-plan.ts';
import {resolveConnection} from '../../source/postgres/resolve-connection/resolve-connection.ts';
import {isRefusedForGood} from '../../source/postgres/sql-state.ts';
import {makeAuthority} from './libpq/certificates.ts';
import {type FakeServer, type Heard, startFakeServer} from './libpq/fake-server.ts';

describe('a connector', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pgtop-connector-'));
  const heard: Heard[] = [];
  const ports: Record<string, number> = {};
  const stops: (() => void)[] = [];
  let tls: {readonly cert: string; readonly key: string};

  const start = async (role: Omit<FakeServer, 'at'>) => {
    const {port, stop} = await startFakeServer({...role, at: {host: '127.0.0.1'}}, heard);
    ports[role.name] = port;
    stops.push(stop);
    return stop;
  };

  beforeAll(async () => {
    tls = await (await makeAuthority(folder)).sign('server', 'localhost');
    await start({name: 'a'});
    await start({name: 'b'});
    await start({name: 'standby', inRecovery: true});
    await start({name: 'asking', asksPassword: true});
    await start({name: 'starting', error: '57P03'});
    await start({name: 'refusing', error: '28P01'});
  });

  afterAll(() => {
    for (const stop of stops) stop();
    rmSync(folder, {recursive: true});
  });

  beforeEach(() => {
    heard.length = 0;
  });

  /** A connector to these servers in order. */
  const connectorTo = (names: readonly string[], argument = '', password?: string) => {
    const plan = resolveConnection({
      argument: `host=${names.map(() => '127.0.0.1')} port=${names.map(name => ports[name])} user=u ${argument}`,
      options: {},
      environment: {},
      osUser: undefined,
      homeFolder: undefined,
      readFile: readUserFile,
    });
    let asked = 0;
    const connector = createConnector(plan, readUserFile, async () => {
      asked += 1;
      if (password === undefined) throw new Error('asked');
      return password;
    });
    return {connector, asked: () => asked};
  };
  const serverOf = () => heard.filter(({isIn}) => isIn).at(-1)?.server;
  const openAndClose = async ({open}: ReturnType<typeof connectorTo>['connector']) => {
    const connection = await open();
    await connection.close();
    return serverOf();
  };

  test('tells every try, and why it was not the one', async () => {
    const {connector} = connectorTo(
      ['starting', 'standby', 'a'],
      'sslmode=disable target_session_attrs=primary',
    );
    expect(await openAndClose(connector)).toBe('a');
    expect(connector.attempts().map(({place, error}) => [place.port, error?.message ?? null])).toEqual([
      [ports.starting, 'said by the fake server'],
      [ports.standby, 'this is a standby'],
      [ports.a, null],
    ]);
  });

  test('says of every host in its error what it answered', async () => {
    const {connector} = connectorTo(
      ['standby', 'starting'],
      'target_session_attrs=read-write sslmode=disable',
    );
    const error = await connector.open().catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      message: `cannot connect to u@127.0.0.1:${ports.starting}/u: said by the fake server; 127.0.0.1:${ports.standby}: a standby is read only`,
      reason: `127.0.0.1:${ports.starting}: said by the fake server; 127.0.0.1:${ports.standby}: a standby is read only`,
    });
    expect(isRefusedForGood(error)).toBe(false);
  });

  test('keeps apart the tries of two connections that are opened at a time', async () => {
    const {connector} = connectorTo(
      ['starting', 'standby'],
      'target_session_attrs=read-write sslmode=disable',
    );
    const told = (error: unknown) => (error instanceof Error ? error.message : error);
    const alone = await connector.open().catch(told);
    const both = [connector.open().catch(told), connector.open().catch(told)];
    expect(await Promise.all(both)).toEqual([alone, alone]);
    expect(connector.attempts().map(({place}) => place.port)).toEqual([ports.starting, ports.standby]);
  });

  test('ends at a refusal that holds everywhere, and knows it for one', async () => {
    const {connector} = connectorTo(['refusing', 'a'], 'sslmode=disable');
    const error = await connector.open().catch((reason: unknown) => reason);
    expect([serverOf(), isRefusedForGood(error)]).toEqual([undefined, true]);
    const again = connector.open().catch((reason: unknown) => reason);
    const duringRetry = connector.place();
    await again;
    expect(connector.place()).toEqual(duringRetry);
    expect(duringRetry).toEqual({
      host: '127.0.0.1',
      address: '127.0.0.1',
      isSocket: false,
      port: ports.refusing,
      user: 'u',
      database: 'u',
    });
  });

  test('asks for a password once, and no more when a session has stood', async () => {
    const {connector, asked} = connectorTo(['asking', 'a'], 'sslmode=disable', 'typed');
    await openAndClose(connector);
    await openAndClose(connector);
    expect(heard.filter(({isIn}) => isIn).map(({password}) => password)).toEqual(['typed', 'typed']);
    expect(asked()).toBe(1);
  });

  test('does not ask where it may not, and asks as soon as it may', async () => {
    const {connector, asked} = connectorTo(['asking'], 'sslmode=disable', 'typed');
    await expect(connector.open({mayAsk: false})).rejects.toThrow('asks for a password and none was found');
    expect(asked()).toBe(0);
    await openAndClose(connector);
    expect(asked()).toBe(1);
  });

  test('never asks on the terminal while a screen is drawn on it', async () => {
    const stop = await start({name: 'first'});
    const {connector, asked} = connectorTo(['first', 'asking'], 'sslmode=disable', 'typed');
    expect(await openAndClose(connector)).toBe('first');
    stop();
    await expect(connector.open()).rejects.toThrow('asks for a password and none was found');
    expect(asked()).toBe(0);
  });

  test('never again speaks without TLS to a place that had it', async () => {
    const stop = await start({name: 'secure', tls});
    const {connector} = connectorTo(['secure']);
    await openAndClose(connector);
    expect(heard.at(-1)?.isTls).toBe(true);
    stop();
    heard.length = 0;
    const plain = await startFakeServer({name: 'secure', at: {host: '127.0.0.1', port: ports.secure}}, heard);
    stops.push(plain.stop);
    await expect(connector.open()).rejects.toThrow('does not support SSL');
    expect(heard).toEqual([]);
  });

  test('spreads over the hosts with load_balance_hosts=random', async () => {
    const seen = new Set<string | undefined>();
    for (let turn = 0; turn < 60 && seen.size < 2; turn++)
      seen.add(
        await openAndClose(connectorTo(['a', 'b'], 'sslmode=disable load_balance_hosts=random').connector),
      );
    expect(seen).toEqual(new Set(['a', 'b']));
  });
});
