import {globSync, readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';

const ROOT = new URL('../..', import.meta.url).pathname;

/** What speaks to the server, by path, without comments of TypeScript and of SQL. */
const FILES: readonly (readonly [path: string, text: string])[] = globSync('source/postgres/**/*.ts', {
  cwd: ROOT,
}).map(path => [
  path,
  readFileSync(`${ROOT}${path}`, 'utf8')
    .replace(/\/\*\*.*?\*\//gs, '')
    .replace(/^\s*(?:\/\/|--).*$/gm, ''),
]);

const TRANSACTION = /\b(?:BEGIN|START TRANSACTION|COMMIT|ROLLBACK|SAVEPOINT|ABORT|END TRANSACTION)\b/;

/** Every statement of source/postgres/queries, as far as it is one text. */
const STATEMENTS = FILES.filter(([path]) => path.startsWith('source/postgres/queries/')).flatMap(
  ([path, text]) =>
    [...text.matchAll(/\/\* sql \*\/ `(.*?)`;/gs)].map(([, statement = '']) => [path, statement] as const),
);

describe('the monitor', () => {
  test('begins and ends no transaction, in which pg_stat_activity would stand still', () => {
    expect(FILES.length).toBeGreaterThan(50);
    expect(FILES.filter(([, text]) => TRANSACTION.test(text)).map(([path]) => path)).toEqual([]);
  });

  test('sends no two statements at once but to set its session up: they would share a transaction', () => {
    expect(
      FILES.filter(([, text]) => /\.run\(\/\* sql|connection\.run\(/.test(text)).map(([path]) => path),
    ).toEqual(['source/postgres/session-recipe.ts']);
    expect(STATEMENTS.length).toBeGreaterThan(20);
    expect(STATEMENTS.filter(([, statement]) => statement.includes(';'))).toEqual([]);
  });
});
