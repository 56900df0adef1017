import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {availableParallelism} from 'node:os';
import {configDefaults, defineConfig, type Plugin} from 'vitest/config';
import {BaseSequencer, type TestSpecification} from 'vitest/node';

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

/** Tests of pure functions and of frames, which leave nothing behind that the next file could find. */
const PURE = ['test/{model,state,ui}/**/*.test.{ts,tsx}'];

/** Files that wait for programs and servers come first: none of them is then left alone at the end. */
class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({moduleId, project}: TestSpecification) =>
      project.name === 'pure' ? 2 : moduleId.includes('/test/e2e/') ? 0 : 1;
    return sorted.sort((a, b) => rank(a) - rank(b));
  }
}

/** Where .ci/run reads the numbers of passed and failed tests. */
const report = process.env.PGTOP_TEST_REPORT;

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  plugins: [inkTable],
  define: {PGTOP_VERSION: JSON.stringify('0.0.0-test')},
  test: {
    reporters: report === undefined ? ['default'] : ['default', 'json'],
    ...(report === undefined ? {} : {outputFile: {json: report}}),
    // Most tests wait for servers and terminals: with one worker a core, or less, the cores would idle.
    maxWorkers: availableParallelism() + 1,
    sequence: {sequencer: WaitingFirst},
    // Guards against what hangs: how long anything takes says nothing on a machine that does other things.
    testTimeout: 90_000,
    hookTimeout: 180_000,
    projects: [
      {extends: true, test: {name: 'pure', include: PURE, isolate: false}},
      {
        extends: true,
        test: {
          name: 'live',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [...configDefaults.exclude, ...PURE],
          globalSetup: ['test/helpers/cluster-setup.ts'],
        },
      },
    ],
  },
});
