import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {defineConfig, type Plugin} from 'vitest/config';

/**
 * ink-table is CommonJS and cannot require Ink, a module with a top-level await. As in the bundle its source gets
 * Ink's module given, and the default import is what it exports.
 */
const inkTable: Plugin = {
  name: 'ink-table',
  enforce: 'pre',
  resolveId: name => (name === 'ink-table' ? '\0ink-table' : null),
  load: async id =>
    id === '\0ink-table'
      ? `import react from 'react'; import * as ink from 'ink'; import hash from 'object-hash';
         const exports = {}, require = name => ({react, ink, 'object-hash': hash})[name];
         ${await readFile(createRequire(import.meta.url).resolve('ink-table'), 'utf8')}
         export {exports as default};`
      : null,
};

/** Where .ci/run reads the numbers of passed and failed tests. */
const report = process.env.PGTOP_TEST_REPORT;

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  plugins: [inkTable],
  define: {PGTOP_VERSION: JSON.stringify('0.0.0-test')},
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    reporters: report === undefined ? ['default'] : ['default', 'json'],
    ...(report === undefined ? {} : {outputFile: {json: report}}),
    globalSetup: ['test/helpers/cluster-setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
