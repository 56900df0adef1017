import {execFile} from 'node:child_process';
import {copyFile, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {promisify} from 'node:util';
import {setFlagsFromString} from 'node:v8';
import {Script} from 'node:vm';
import {bundleFunction, bundleProgram, joinLicences, licencesIn} from './.bundle.mjs';
import {ASSETS} from './source/standalone-assets.ts';

// Makes one executable of the program and the Node.js that runs this script: node .standalone.mjs [FILE]

/** What Node.js looks for in its own executable, as its documentation of single executable applications says. */
const SECTION = 'NODE_SEA_BLOB';
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

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
  const target = `node${process.versions.node}`;
  const [start, program] = await Promise.all([
    bundleFunction("import './source/standalone.ts'", target),
    bundleProgram(target),
  ]);
  const contents = {
    'main.js': `${start.text}({url:require('node:url').pathToFileURL(process.execPath).href},require)`,
    [ASSETS.code]: program.text,
    [ASSETS.compiled]: compile(program.text),
    [ASSETS.licences]: await licencesWithNode(program.metafile),
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
