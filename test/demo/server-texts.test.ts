import {mkdtempSync, rmSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {libraryLinks} from '../../source/demo/library-links.ts';
import {accountIn, serverAccount} from '../../source/demo/server-account.ts';
import {temporaryFolder} from '../../source/demo/server-folder.ts';
import {settingsText, throwAwaySettings} from '../../source/demo/server-settings.ts';
import {readVersion} from '../../source/demo/server-version.ts';

test.each([
  ['postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)', {text: '15.18', major: 15}],
  ['postgres (PostgreSQL) 18beta1\n', {text: '18beta1', major: 18}],
  ['postgres (PostgreSQL) 9.6.24', {text: '9.6.24', major: 9}],
  ['mysqld  Ver 8.0.36', null],
])('the version in %j is %j', (printed, version) => {
  expect(readVersion(printed)).toEqual(version);
});

test('settings are written so that the server reads them back as they are', () => {
  expect(settingsText({fsync: false, port: 5432, application_name: "it's a \\"})).toBe(
    "fsync = 'off'\nport = '5432'\napplication_name = 'it''s a \\\\'\n",
  );
});

test('no throw-away server listens for TCP, and only one that has it turns its compiler off', () => {
  expect(throwAwaySettings('/tmp/pgtop-abcdef', 10)).toMatchObject({
    listen_addresses: '',
    unix_socket_directories: '/tmp/pgtop-abcdef',
  });
  expect(throwAwaySettings('/tmp/pgtop-abcdef', 10)).not.toHaveProperty('jit');
  expect(throwAwaySettings('/tmp/pgtop-abcdef', 11)).toHaveProperty('jit', false);
});

test('nobody is found in /etc/passwd by the whole name', () => {
  const passwd =
    'root:x:0:0::/root:/bin/sh\nnobody2:x:7:7::/:/bin/sh\nnobody:x:65534:65533:n:/:/usr/sbin/nologin\n';
  expect(accountIn(passwd, 'nobody')).toEqual({uid: 65_534, gid: 65_533});
  expect(accountIn(passwd, 'no')).toBeNull();
});

test('links of a build stay in the folder of its libraries, whatever the list says', () => {
  const list = JSON.stringify([
    {source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5'},
    {source: '/etc/passwd', target: '../../../libc.so'},
    {source: 7},
  ]);
  expect(libraryLinks(list)).toEqual([
    {alias: 'libpq.so.5', target: 'libpq.so.5.18'},
    {alias: 'libc.so', target: 'passwd'},
  ]);
});

describe('temporaryFolder', () => {
  test('is the system one while a socket in it has a name that is short enough', async () => {
    const folder = '/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T';
    expect(await temporaryFolder({}, folder)).toBe(folder);
  });

  test('is /tmp otherwise', async () => {
    expect(await temporaryFolder({}, `/${'long/'.repeat(20)}`)).toBe('/tmp');
  });

  test.runIf(process.geteuid?.() === 0)('is /tmp when it is one of root alone', async () => {
    const own = mkdtempSync('/tmp/roots-own-');
    expect(await temporaryFolder(await serverAccount(), own)).toBe('/tmp');
    rmSync(own, {recursive: true});
  });
});
