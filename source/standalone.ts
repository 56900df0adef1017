import {getAsset, getRawAsset} from 'node:sea';
import {Script} from 'node:vm';
import {print} from './commands/print.ts';
import {type Cli, start} from './start.ts';

/** What stands in the executable beside this: the bundle of cli.ts, V8's code for all of it, and the licences. */
const CODE = 'cli.js';
const COMPILED = 'cli.cache';
const LICENCES = 'licences.txt';

/** A file that is alone has to be able to say under which licences it may be passed on. */
async function printLicences(): Promise<number> {
  await print(getAsset(LICENCES, 'utf8'));
  return 0;
}

function loadCli(): Promise<Cli> {
  const cachedData = new Uint8Array(getRawAsset(COMPILED));
  const script = new Script(getAsset(CODE, 'utf8'), {filename: CODE, cachedData});
  const run: () => Promise<Cli> = script.runInThisContext();
  return run();
}

await start(
  async () => {
    const [word, ...more] = process.argv.slice(2);
    return word === '--licences' && more.length === 0 ? {main: printLicences} : await loadCli();
  },
  import.meta,
);
