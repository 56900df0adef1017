import {describe, expect, it} from 'vitest';
import {openPasswordFile} from '../../../source/postgres/resolve-connection/password-file.ts';
import {type Files, readFrom} from './connection-request.ts';

const open = (file: Files[string] | undefined) =>
  openPasswordFile('/p', readFrom(file === undefined ? {} : {'/p': file}));

/** What the file has for user u and database d on a host; sockets are told by the slash. */
function passwordIn(text: string, host = 'h', user = 'u', port = 5432): string | undefined {
  return open(text).passwordFor({host, port}, 'd', user);
}

// Every row is what libpq 15.18 finds, except that it is built with one default socket folder and not with two.
describe('a line of the password file', () => {
  it.each<[string, string, string | undefined]>([
    ['matches literally', 'h:5432:d:u:A', 'A'],
    ['matches by wildcards', '*:*:*:*:A', 'A'],
    ['counts only when it is the first that matches', 'x:*:*:*:X\n*:*:*:*:A\n*:*:*:*:B', 'A'],
    ['is passed over when another host is meant', 'x:*:*:*:A', undefined],
    ['is passed over when another port is meant', '*:5433:*:*:A', undefined],
    ['is passed over when another database is meant', '*:*:x:*:A', undefined],
    ['is passed over when another user is meant', '*:*:*:x:A', undefined],
    ['is a comment after #', '#*:*:*:*:A\n*:*:*:*:B', 'B'],
    ['is no comment after a space, but matches nothing', ' #x\n\n*:*:*:*:B', 'B'],
    ['knows the case of letters', 'H:*:*:*:A', undefined],
    ['has wildcards for whole fields only', '*:*:*:*u:A', undefined],
    ['may escape a star', '\\*:*:*:*:A', undefined],
    ['may escape what needs none', '\\h:*:*:*:A', 'A'],
    ['ends its password at a colon', '*:*:*:*:a:d', 'a'],
    ['may escape colon and backslash', '*:*:*:*:a\\:b\\\\c:d', 'a:b\\c'],
    ['keeps a backslash at its end', '*:*:*:*:A\\', 'A\\'],
    ['keeps spaces', '*:*:*:*: A ', ' A '],
    ['may end in CR LF', '*:*:*:*:A\r\n', 'A'],
    ['is passed over without a password field', '*:*:*:*\n*:*:*:*:B', 'B'],
    ['ends the search with an empty password', '*:*:*:*:\n*:*:*:*:B', undefined],
    ['has no empty wildcard', ':*:*:*:A', undefined],
  ])('%s', (_, text, expected) => {
    expect(passwordIn(text)).toBe(expected);
  });

  it.each<[string, string, string, string | undefined]>([
    ['localhost means the default socket', 'localhost:*:*:*:A', '/var/run/postgresql', 'A'],
    ['localhost means the other default socket', 'localhost:*:*:*:A', '/tmp', 'A'],
    ['localhost means no other socket', 'localhost:*:*:*:A', '/srv', undefined],
    ['localhost does not mean its address', 'localhost:*:*:*:A', '127.0.0.1', undefined],
    ['a socket may be named by its folder', '/tmp:*:*:*:A', '/tmp', 'A'],
    ['any other socket is named by its folder', '/srv:*:*:*:A', '/srv', 'A'],
    ['the folder is taken literally', '/srv:*:*:*:A', '/srv/', undefined],
    ['an IPv6 address has its colons escaped', '\\:\\:1:*:*:*:A', '::1', 'A'],
  ])('%s', (_, text, host, expected) => {
    expect(passwordIn(text, host)).toBe(expected);
  });

  it('may have a user with a colon or a star', () => {
    expect(passwordIn('*:*:*:u\\:x:A', 'h', 'u:x')).toBe('A');
    expect(passwordIn('*:*:*:\\*:A', 'h', '*')).toBe('A');
  });
});

describe('a password file that cannot be used', () => {
  const text = '*:*:*:*:A';
  it.each<[string, Files[string] | undefined, string, string | undefined]>([
    ['is absent', undefined, '/p (no such file)', undefined],
    ['is not readable', {text: undefined}, '/p (may not be read)', undefined],
    [
      'is readable by its group',
      {text, mode: 0o640},
      '/p (ignored: group or others may read it)',
      'password file /p is ignored: group or others may read it (chmod 600 /p)',
    ],
    [
      'is readable by others',
      {text, mode: 0o604},
      '/p (ignored: group or others may read it)',
      'password file /p is ignored: group or others may read it (chmod 600 /p)',
    ],
    [
      'is no plain file',
      {kind: 'other', text: undefined},
      '/p (not a plain file)',
      'password file /p is ignored: it is not a plain file',
    ],
  ])('%s', (_, file, finding, warning) => {
    const opened = open(file);
    expect([opened.finding, opened.warning]).toEqual([finding, warning]);
    expect(opened.passwordFor({host: 'h', port: 5432}, 'd', 'u')).toBeUndefined();
  });
});
