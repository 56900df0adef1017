import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {fileURLToPath} from 'node:url';
import v8 from 'node:v8';
import {Script} from 'node:vm';
import {codeFile} from './host/code-file.ts';
import type {Program, ProgramFunction} from './program.ts';

/** Code is kept anew when more than this was made since it was loaded: Node.js makes up to 90 kB for itself in every run. */
const WORTH_BYTES = 128 * 1024;

/**
 * Loads the program from a file beside the module that asks, with V8's code of all functions that earlier runs have called: to
 * compile them takes a third of a start.
 */
export async function loadProgram(name: string, importMeta: ImportMeta): Promise<Program> {
  const filename = fileURLToPath(new URL(name, importMeta.url));
  // V8 takes code only from the same V8 with the same options.
  const kept = codeFile(
    `${name}-${process.version}-${process.arch}-${v8.cachedDataVersionTag().toString(16)}`,
  );
  // The build sees to it that the text is ASCII, which V8 keeps in half the memory and Node.js reads fastest this way.
  const script = new Script(readFileSync(filename, 'latin1'), {filename, cachedData: kept.read()});
  const loaded = codeBytes();
  const run: ProgramFunction = script.runInThisContext();
  const {main} = await run(importMeta, createRequire(importMeta.url));
  const keepCode = () => {
    if (codeBytes() - loaded > WORTH_BYTES) kept.write(() => script.createCachedData());
  };
  return {main, keepCode};
}

/** Bytes of the code that V8 interprets. */
function codeBytes(): number {
  return v8.getHeapCodeStatistics().bytecode_and_metadata_size;
}
