import {execFile} from 'node:child_process';
import {copyFile, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile} from 'node:fs/promises';
import {isBuiltin} from 'node:module';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {promisify} from 'node:util';
import {setFlagsFromString} from 'node:v8';
import {Script} from 'node:vm';
import {bundle, joinLicences, licencesIn} from './.bundle.mjs';
import {ASSETS} from './source/standalone-assets.ts';

// Makes one executable of the program and the Node.js that runs this script: node .standalone.mjs [FILE]

/** What Node.js looks for in its own executable, as its documentation of single executable applications says. */
const SECTION = 'NODE_SEA_BLOB';
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** An executable has no import statements: what they import from Node.js is asked for where it is used. */
const builtins = {
  name: 'builtins',
  setup({onResolve, onLoad}) {
    onResolve({filter: /^[\w:/]+$/}, ({path}) =>
      isBuiltin(path) ? {path, namespace: 'builtin'} : undefined,
    );
    onLoad({filter: /.*/, namespace: 'builtin'}, ({path}) => ({
      contents: `module.exports = process.getBuiltinModule('${path}')`,
    }));
  },
};

/** Bundles into the text of an async function without arguments, as a script can have it; `exported`, if assigned, is its result. */
async function functionOf(contents) {
  const {metafile, outputFiles} = await bundle({
    stdin: {contents, resolveDir: process.cwd()},
    write: false,
    target: `node${process.versions.node}`,
    define: {'import.meta': 'importMeta'},
    plugins: [builtins],
  });
  const own = "{url:process.getBuiltinModule('url').pathToFileURL(process.execPath).href}";
  const text = `(async()=>{'use strict';const importMeta=${own};let exported;${outputFiles[0].text}\nreturn exported})`;
  return {text, metafile};
}

/** V8's code of every function in a script: what is compiled lazily would not be in it. */
function compile(text) {
  setFlagsFromString('--no-lazy');
  const script = new Script(text);
  setFlagsFromString('--lazy');
  return script.createCachedData();
}

async function licencesWithNode(metafile) {
  const node = await readFile(join(dirname(process.execPath), '..', 'LICENSE'), 'utf8');
  return joinLicences([...(await licencesIn(metafile)), `Node.js ${process.versions.node}\n\n${node}`]);
}

/** Writes everything that goes into the executable into a folder, and gives the file that Node.js makes of it. */
async function prepare(folder) {
  const [start, cli] = await Promise.all([
    functionOf("import './source/standalone.ts'"),
    functionOf("import * as cli from './source/cli.ts'; exported = cli"),
  ]);
  const contents = {
    'main.js': `${start.text}()`,
    [ASSETS.code]: cli.text,
    [ASSETS.compiled]: compile(cli.text),
    [ASSETS.licences]: await licencesWithNode(cli.metafile),
  };
  for (const [name, content] of Object.entries(contents)) await writeFile(join(folder, name), content);
  const assets = Object.keys(contents).filter(name => name !== 'main.js');
  const blob = join(folder, 'blob');
  const config = {
    main: join(folder, 'main.js'),
    output: blob,
    assets: Object.fromEntries(assets.map(name => [name, join(folder, name)])),
    disableExperimentalSEAWarning: true,
    // NODE_OPTIONS is meant for the user's own Node.js, which may know other ones.
    execArgvExtension: 'none',
  };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  await run('--experimental-sea-config', join(folder, 'config.json'));
  return blob;
}

/** Runs Node.js; what it prints is told only when it fails. */
function run(...words) {
  return promisify(execFile)(process.execPath, words);
}

if (process.platform !== 'linux') throw new Error('A standalone executable is made on and for Linux only.');
const [file = 'dist-standalone/pgtop'] = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), 'pgtop-standalone-'));
try {
  const blob = await prepare(folder);
  await mkdir(dirname(file), {recursive: true});
  const unfinished = `${file}.unfinished`;
  await copyFile(process.execPath, unfinished);
  await run('node_modules/postject/dist/cli.js', unfinished, SECTION, blob, '--sentinel-fuse', FUSE);
  await rename(unfinished, file);
} finally {
  await rm(folder, {recursive: true, force: true});
}
const {size} = await stat(file);
console.log(`${file}: ${Math.round(size / 1e6)} MB, with Node.js ${process.versions.node}`);
