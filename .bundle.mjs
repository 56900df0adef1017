import {readFile} from 'node:fs/promises';
import {isBuiltin} from 'node:module';
import {resolve} from 'node:path';
import {build} from 'esbuild';

const readManifest = async folder => JSON.parse(await readFile(`${folder}/package.json`, 'utf8'));
const manifestOf = name => readManifest(`node_modules/${name}`);

const {version} = await readManifest('.');

/** The versions of the packages whose insides are changed below: in another one they may be something else. */
const VERSIONS = {ink: '8.0.0', 'ink-table': '3.1.0', meow: '14.1.0', pg: '8.23.1', 'string-width': '9.0.0'};

const inStage = (file, name) => `export {${name} as default} from './source/ui/stage/${file}.ts';`;

/** Modules of packages and the text that stands in for them: which one is asked for, and in whose folder. */
const STAND_INS = [
  [/^\.\/output\.js$/, 'ink/', inStage('frame-output', 'FrameOutput')],
  [/^\.\/log-update\.js$/, 'ink/', inStage('screen-writer', 'screenWriters')],
  [/^\.\/measure-text\.js$/, 'ink/', inStage('measured-text', 'measuredText')],
  [/^\.\/sanitize-ansi\.js$/, 'ink/', inStage('sanitise-sequences', 'sanitiseSequences')],
  [/^string-width$/, '', inStage('styled-width', 'styledWidth')],
  [/^es-toolkit\/compat$/, 'ink/', `export {throttle} from './source/ui/stage/throttle.ts';`],
  // The writer marks where a frame begins and ends.
  [
    /^\.\/write-synchronized\.js$/,
    'ink/',
    `export const bsu = '', esu = '', shouldSynchronize = () => false;`,
  ],
  // Asks programs for the size of a terminal that does not tell it; the screen is drawn for this one then.
  [/^terminal-size$/, 'ink/', 'export default () => ({columns: 80, rows: 24});'],
  // Each takes Node.js a millisecond to load, for nothing that happens here.
  [/^assert$/, 'signal-exit/', 'export const equal = () => undefined;'],
  [/^node:child_process$/, 'meow/', 'export const execFile = () => undefined;'],
  // What tells the rows of a table apart need not be a hash.
  [/^object-hash$/, 'ink-table/', 'export const sha1 = row => JSON.stringify(row);'],
  // Finds and tidies a package.json: pgtop says itself what it is called.
  [/^\.\/dependencies\.js$/, 'meow/build/options.js', 'export const a = undefined, n = () => undefined;'],
  // The driver in C, which is not built in and not asked for.
  [/^\.\/native$/, 'pg/', ''],
];

/** Places in modules of packages, and what is put there. */
const EDITS = [
  // A variable DEV of the user's is no wish to have Ink connect to React's development tools.
  [/\/ink\/build\/reconciler\.js$/, /process\.env\['DEV'\] === 'true'/g, 'false'],
  // Loading Node's cryptography takes 5 ms and 3 MB; a connection without TLS and password has no use for it.
  [/\/pg\/lib\/client\.js$/, /^const crypto = .+$/m, ''],
  [/\/pg\/lib\/client\.js$/, /\bcrypto\.(?=\w+\()/g, "require('./crypto/utils')."],
  [/\/pg\/lib\/crypto\/sasl\.js$/, /^const crypto = .+$/m, ''],
  [/\/pg\/lib\/crypto\/sasl\.js$/, /\bcrypto\.(?=\w+\()/g, "require('./utils')."],
  // The list of all emoji takes V8 some milliseconds to read, and few screens have one.
  [
    /\/string-width\/index\.js$/,
    /(?<=^const emojiPrefixRegex = )(.+)(?=;$)/m,
    '{made: null, get it() { return (this.made ??= $1); }, test(text) { return this.it.test(text); }, exec(text) { return this.it.exec(text); }}',
  ],
  // Loading what nobody uses has no effect that anybody would miss.
  [
    /\/meow\/build\/dependencies\.js$/,
    /(?<=^(?:var|const) \w+ = )(?=(?:require|getDefaultExport)[\w$]+\([\w$]*\);$)/gm,
    '/* @__PURE__ */ ',
  ],
];

function edited(text, path) {
  let changed = text;
  for (const [filter, place, replacement] of EDITS.filter(([filter]) => filter.test(path))) {
    if (changed.search(place) === -1) throw new Error(`${path} has no ${place} (${filter})`);
    changed = changed.replace(place, replacement);
  }
  return changed;
}

/** Packages make a segmenter each as they are loaded. */
function withLazySegmenter(text) {
  if (!text.includes('new Intl.Segmenter(')) return text;
  const path = resolve('source/model/lazy-segmenter.ts');
  return `import {LazySegmenter} from '${path}';\n${text.replaceAll('new Intl.Segmenter(', 'new LazySegmenter(')}`;
}

const changes = {
  name: 'changes',
  async setup({onResolve, onLoad}) {
    for (const [name, expected] of Object.entries(VERSIONS)) {
      const {version: found} = await manifestOf(name);
      if (found !== expected)
        throw new Error(`.bundle.mjs changes parts of ${name} ${expected}, not ${found}`);
    }
    for (const [filter, owner, contents] of STAND_INS)
      onResolve({filter}, ({path, importer}) =>
        importer.includes(`/node_modules/${owner}`)
          ? {path: `${owner}:${path}`, namespace: 'stand-in', pluginData: contents}
          : undefined,
      );
    onLoad({filter: /.*/, namespace: 'stand-in'}, ({pluginData}) => ({
      contents: pluginData,
      resolveDir: process.cwd(),
    }));
    onLoad({filter: /\/node_modules\/.*\.js$/}, async ({path}) => ({
      contents: withLazySegmenter(edited(await readFile(path, 'utf8'), path)),
    }));
  },
};

/** Bundles a part of the program as every build has it: one minified ES module; `options` are esbuild's. */
export function bundle({define = {}, plugins = [], ...options}) {
  return build({
    bundle: true,
    minify: true,
    keepNames: false,
    platform: 'node',
    // Node.js 22 reads them all as they stand; made by RegExp they would be made anew at each use.
    supported: {
      'regexp-unicode-property-escapes': true,
      'regexp-set-notation': true,
      'regexp-lookbehind-assertions': true,
    },
    format: 'esm',
    metafile: true,
    logLevel: 'warning',
    external: ['pg-cloudflare'],
    ...options,
    plugins: [changes, ...plugins],
    // yoga's loader asks for fetch, which would load Node's HTTP client at every start.
    define: {
      'process.env.NODE_ENV': '"production"',
      'process.env.NODE_PG_FORCE_NATIVE': 'undefined',
      fetch: 'undefined',
      PGTOP_VERSION: JSON.stringify(version),
      ...define,
    },
  });
}

/** A script has no import statements: what modules import from Node.js is asked for where it is used. */
const builtins = {
  name: 'builtins',
  setup({onResolve, onLoad}) {
    onResolve({filter: /^[\w:/]+$/}, ({path}) =>
      isBuiltin(path) ? {path, namespace: 'builtin'} : undefined,
    );
    onLoad({filter: /.*/, namespace: 'builtin'}, ({path}) => ({
      contents: `module.exports = builtin('${path}')`,
    }));
  },
};

/**
 * Bundles into the text of an async function, as a script can have it: of an import.meta and what gives Node's own modules, with
 * what is assigned to `exported`, if anything, as its result.
 */
export async function bundleFunction(contents, target) {
  const {metafile, outputFiles} = await bundle({
    stdin: {contents, resolveDir: process.cwd()},
    write: false,
    target,
    define: {'import.meta': 'importMeta'},
    plugins: [builtins],
  });
  const text = `(async(importMeta,builtin)=>{'use strict';let exported;${outputFiles[0].text}\nreturn exported})`;
  return {text, metafile};
}

/** The program as such a function, with what cli.ts exports as its result. */
export function bundleProgram(target) {
  return bundleFunction("import * as cli from './source/cli.ts'; exported = cli", target);
}

/** Name, version and licence text of every package that a bundle has something of. */
export async function licencesIn({inputs}) {
  const packages = new Set(
    Object.keys(inputs).flatMap(path => path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? []),
  );
  return Promise.all(
    [...packages].sort().map(async name => {
      const manifest = await manifestOf(name);
      const texts = await Promise.all(
        ['LICENSE', 'license', 'LICENSE.md', 'LICENCE', 'license.md'].map(file =>
          readFile(`node_modules/${name}/${file}`, 'utf8').catch(() => ''),
        ),
      );
      return `${name} ${manifest.version} (${manifest.license})\n\n${texts.find(text => text !== '') ?? ''}`;
    }),
  );
}

/** Licences as one text. */
export function joinLicences(licences) {
  return licences.join(`\n${'-'.repeat(80)}\n`);
}
