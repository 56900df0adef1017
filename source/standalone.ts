import {createRequire} from 'node:module';
import {getAsset, getRawAsset} from 'node:sea';
import {Script} from 'node:vm';
import {print} from './commands/print.ts';
import type {Cli, ProgramFunction} from './program.ts';
import {ASSETS} from './standalone-assets.ts';
import {start} from './start.ts';

/** A file that is alone has to be able to say under which licences it may be passed on. */
async function printLicences(): Promise<number> {
  await print(getAsset(ASSETS.licences, 'utf8'));
  return 0;
}

function loadCli(): Promise<Cli> {
  const cachedData = new Uint8Array(getRawAsset(ASSETS.compiled));
  const script = new Script(getAsset(ASSETS.code, 'utf8'), {filename: ASSETS.code, cachedData});
  const run: ProgramFunction = script.runInThisContext();
  return run(import.meta, createRequire(import.meta.url));
}

await start(
  async () => {
    const [word, ...more] = process.argv.slice(2);
    const main = word === '--licences' && more.length === 0 ? printLicences : (await loadCli()).main;
    // The code of all functions is in the executable.
    return {main, keepCode: () => undefined};
  },
  import.meta,
);
