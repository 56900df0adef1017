import {describe, expect, test} from 'vitest';
import {maskPasswords} from '../../source/model/mask-passwords.ts';

describe('maskPasswords', () => {
  test.each([
    [`ALTER ROLE x PASSWORD 'y' VALID UNTIL 'z'`, `ALTER ROLE x PASSWORD '***' VALID UNTIL 'z'`],
    [`create user x encrypted password 'it''s';`, `create user x encrypted password '***';`],
    [`PASSWORD E'a\\'b' x`, `PASSWORD '***' x`],
    [`PASSWORD U&'a' x`, `PASSWORD '***' x`],
    [`PASSWORD'y' x`, `PASSWORD'***' x`],
    ['PASSWORD $$se"c\'ret$$;', `PASSWORD '***';`],
    ['PASSWORD $t$a$$b$t$;', `PASSWORD '***';`],
    [`PASSWORD /* c */ -- d\n 'y' x`, `PASSWORD /* c */ -- d\n '***' x`],
    [`PASSWORD 'a'\n 'b' x`, `PASSWORD '***' x`],
    [`PASSWORD '''quoted' x`, `PASSWORD '***' x`],
    [`CREATE USER u IDENTIFIED BY 'y' x`, `CREATE USER u IDENTIFIED BY '***' x`],
    [`OPTIONS (user 'x', password 'y')`, `OPTIONS (user 'x', password '***')`],
    [
      `EXECUTE 'ALTER ROLE x PASSWORD ''y'''; SELECT 'z'`,
      `EXECUTE 'ALTER ROLE x PASSWORD ''***'''; SELECT 'z'`,
    ],
    [`E'ALTER ROLE x PASSWORD \\'y\\' z'`, `E'ALTER ROLE x PASSWORD \\'***\\' z'`],
    [`'ALTER ROLE x PASSWORD ' || quote_literal('y')`, `'ALTER ROLE x PASSWORD ' || quote_literal('***')`],
  ])('masks the literal in %s', (query, expected) => {
    expect(maskPasswords(query)).toBe(expected);
  });

  test.each([
    [`dblink('host=h password=y port=1')`, `dblink('host=h password=*** port=1')`],
    [`dblink('password = y')`, `dblink('password = ***')`],
    [`dblink('password=''a b'' port=1')`, `dblink('password=''***'' port=1')`],
    [`CONNECTION 'sslpassword=a\\ b user=u'`, `CONNECTION 'sslpassword=*** user=u'`],
    [`dblink('password=' || 'y' || ' port=1')`, `dblink('password=' || '***' || ' port=1')`],
    [
      `UPDATE u SET password = crypt('y', gen_salt('bf'))`,
      `UPDATE u SET password = crypt('***', gen_salt('bf'))`,
    ],
    [`f(password => 'y', password := 'z')`, `f(password => '***', password := '***')`],
    [`"password" = 'y' AND a = 'b'`, `"password" = '***' AND a = 'b'`],
    [`'{"password": "a\\"b", "x": 1}'`, `'{"password": "***", "x": 1}'`],
    [`SET aws_secret_access_key = 'y'`, `SET aws_secret_access_key = '***'`],
    [`'postgres://u:y@h:5432/db?a=b'`, `'postgres://u:***@h:5432/db?a=b'`],
    [`'redis://:p@ss@h'`, `'redis://:***@h'`],
  ])('masks the assigned value in %s', (query, expected) => {
    expect(maskPasswords(query)).toBe(expected);
  });

  test.each([
    [`PASSWORD 'secr`, `PASSWORD '***'`],
    [`PASSWORD E'secr\\`, `PASSWORD '***'`],
    ['PASSWORD $x$secr', `PASSWORD '***'`],
    [`EXECUTE 'PASSWORD ''secr`, `EXECUTE 'PASSWORD ''***''`],
    [`'host=h password=secr`, `'host=h password=***`],
    [`'postgres://u:secr`, `'postgres://u:***`],
    [`'{"password": "secr`, `'{"password": "***"`],
    [`PASSWORD -- the newline was lost 'secr'`, 'PASSWORD ***'],
  ])('masks to the end where the text is cut: %s', (query, expected) => {
    expect(maskPasswords(query)).toBe(expected);
  });

  test.each([
    'SELECT 1',
    'ALTER ROLE x PASSWORD NULL',
    `SET password_encryption = 'scram-sha-256'`,
    `SELECT password, 'x' FROM t WHERE k = 'password' AND v = 'y'`,
    'UPDATE t SET password = $1 WHERE id = $2',
    `SELECT password::text = 'x'`,
    `SELECT 'http://localhost:5432/x', 'postgres://user@host/db'`,
    `UPDATE t SET password = '' WHERE a = 'b'`,
  ])('leaves %s alone', query => {
    expect(maskPasswords(query)).toBe(query);
  });

  test('hides a secret wherever it is cut off, and masking again changes nothing', () => {
    const query = `ALTER ROLE x PASSWORD 'hunter2'; SELECT dblink('password=hunter2 a=b', 'p://u:hunter2@h'), $$password=hunter2$$`;
    for (let length = 0; length <= query.length; length++) {
      const masked = maskPasswords(query.slice(0, length));
      expect(masked).not.toMatch(/hu/);
      expect(maskPasswords(masked)).toBe(masked);
    }
  });

  test.each([
    "password'",
    'password=',
    'password/*',
    'password /**/ ',
    "password''",
    'password(',
    'password -- ',
    '://a:',
    "password ' ' ",
    'password"\\',
  ])('takes time in proportion to the text for many %s', piece => {
    const start = performance.now();
    maskPasswords(piece.repeat(20_000));
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
