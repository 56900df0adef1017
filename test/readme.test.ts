import {globSync, readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {FLAGS, usageText} from '../source/commands/flags.ts';
import {COLUMNS} from '../source/model/columns.ts';
import {METERS} from '../source/model/meters/meters.ts';
import {keyRows} from '../source/state/key-lines.ts';

const fileIn = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
const README = fileIn('README.md');

/** The fenced blocks of the README, without their fences. */
const BLOCKS: readonly string[] = [...README.matchAll(/^```\w*\n(.*?)\n```$/gms)].map(
  ([, text]) => text ?? '',
);

/** The rows of the README's table that has these headings. */
function tableUnder(...headings: readonly string[]): readonly (readonly string[])[] {
  const [, after = ''] = README.split(`| ${headings.join(' | ')} |\n${'|---'.repeat(headings.length)}|\n`);
  const rows = after.split('\n');
  return rows
    .slice(
      0,
      rows.findIndex(row => !row.startsWith('| ')),
    )
    .map(row => row.replace(/^\| | \|$/g, '').split(' | '));
}

describe('the README', () => {
  test('has the usage as --help prints it', () => {
    expect(BLOCKS.find(block => block.includes('\nUsage\n'))).toBe(usageText());
  });

  test('has every key as help prints it', () => {
    const keys = keyRows('default').map(({keys, description}) => [keys, description]);
    expect(tableUnder('key', 'does')).toEqual(keys);
  });

  test('has every column as help prints it', () => {
    const columns = COLUMNS.map(({title, description}) => [title, description]);
    expect(tableUnder('column', 'shows')).toEqual(columns);
  });

  test('has every meter as help prints it, with what it comes from', () => {
    const meters = METERS.map(({caption, description, from}) => [caption, description, from]);
    expect(tableUnder('meter', 'shows', 'from')).toEqual(meters);
  });

  test('has the two commands of the first screen, and the scripts that they run are there', () => {
    const scripts: unknown = JSON.parse(fileIn('package.json')).scripts;
    expect(BLOCKS.slice(0, 2)).toEqual(['npm ci && npm run demo', 'npm ci && npm test']);
    expect(scripts).toMatchObject({demo: expect.any(String), test: expect.any(String)});
  });

  test('says how to run the tests as the checks before a landing do', () => {
    expect(fileIn('.ci/run').split('\n')).toContainEqual(expect.stringMatching(/^npm ci && npm test( |$)/));
  });

  test('is short enough to be read', () => {
    expect(README.trimEnd().split('\n').length).toBeLessThanOrEqual(340);
  });
});

describe('every option', () => {
  const commands = globSync('source/{cli,commands/*}.{ts,tsx}', {
    cwd: new URL('..', import.meta.url).pathname,
  })
    .filter(name => !name.endsWith('/flags.ts'))
    .map(fileIn)
    .join('\n');

  test.each(FLAGS)('--$name is asked for by a command', ({name, value}) => {
    const use =
      value === undefined
        ? `switches.has('${name}')`
        : new RegExp(`values\\.${name}\\b|values\\['${name}'\\]|[{,] ?'?${name}\\b.*values?`, 'i');
    expect(commands).toMatch(use);
  });
});
