import {once} from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {createServer, type Server} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {removeLeftovers} from '../../source/demo/leftovers.ts';
import {ownerText, thisProcess} from '../../source/demo/owner.ts';
import {serverAccount} from '../../source/demo/server-account.ts';

const ended = ownerText({...thisProcess(), start: '1'});
let temporary = '';

beforeEach(() => {
  temporary = realpathSync(mkdtempSync(join(tmpdir(), 'leftovers-')));
  // The account that removes needs to reach what it removes.
  chmodSync(temporary, 0o777);
});

afterEach(() => rmSync(temporary, {recursive: true}));

/** A server folder as a killed owner leaves it behind. */
async function leftover(name: string, owner = ended): Promise<string> {
  const path = join(temporary, name);
  mkdirSync(join(path, 'data'), {recursive: true, mode: 0o700});
  writeFileSync(join(path, 'owner'), owner);
  writeFileSync(join(path, 'data', 'postmaster.pid'), '999999999\n');
  const {uid, gid} = await serverAccount();
  for (const folder of [join(path, 'data'), path])
    if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  return path;
}

async function remove(): Promise<readonly string[]> {
  return removeLeftovers(await serverAccount(), temporary);
}

async function listenAt(path: string): Promise<Server> {
  const server = createServer(socket => socket.resume());
  server.listen(path);
  await once(server, 'listening');
  return server;
}

describe('removeLeftovers', () => {
  test('removes the folder of an owner who has ended, with everything in it', async () => {
    const path = await leftover('pgtop-abcdef');
    expect(await remove()).toEqual([path]);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('does not follow links out of the folder it removes', async () => {
    const precious = join(temporary, 'precious');
    mkdirSync(precious, {mode: 0o777});
    writeFileSync(join(precious, 'file'), 'kept');
    symlinkSync(precious, join(await leftover('pgtop-abcdef'), 'data', 'way-out'));
    await remove();
    expect(readdirSync(temporary)).toEqual(['precious']);
    expect(readdirSync(precious)).toEqual(['file']);
  });

  test('leaves the folder of an owner who lives', async () => {
    await leftover('pgtop-abcdef', ownerText(thisProcess()));
    expect(await remove()).toEqual([]);
  });

  test('leaves a folder whose server answers at its socket', async () => {
    const path = await leftover('pgtop-abcdef');
    const server = await listenAt(join(path, '.s.PGSQL.5432'));
    expect(await remove()).toEqual([]);
    server.close();
    await once(server, 'close');
    expect(await remove()).toEqual([path]);
  });

  test('leaves a folder whose postmaster is there', async () => {
    const path = await leftover('pgtop-abcdef');
    writeFileSync(join(path, 'data', 'postmaster.pid'), `${process.pid}\n`);
    expect(await remove()).toEqual([]);
  });

  test.each([
    ['has another name', 'pgtop-keep-me'],
    ['is named for something longer', 'pgtop-abcdefg'],
  ])('leaves a folder that %s', async (_, name) => {
    await leftover(name);
    expect(await remove()).toEqual([]);
  });

  test('leaves a folder without an owner file, and one that others may look into', async () => {
    rmSync(join(await leftover('pgtop-aaaaaa'), 'owner'));
    chmodSync(await leftover('pgtop-bbbbbb'), 0o755);
    expect(await remove()).toEqual([]);
  });

  test('leaves a link to a folder, and a folder whose owner file is a link', async () => {
    const real = await leftover('real');
    symlinkSync(real, join(temporary, 'pgtop-aaaaaa'));
    const path = await leftover('pgtop-bbbbbb');
    rmSync(join(path, 'owner'));
    symlinkSync(join(real, 'owner'), join(path, 'owner'));
    expect(await remove()).toEqual([]);
    expect(existsSync(real)).toBe(true);
  });

  test.runIf(process.geteuid?.() === 0)('leaves a folder of an account that is not ours', async () => {
    chownSync(await leftover('pgtop-abcdef'), 1234, 1234);
    expect(await remove()).toEqual([]);
  });
});
