import v8 from 'node:v8';
import type {Program} from './program.ts';

const OLDEST_NODE = 22;

/** Starts the program: answers `--version` at once, leaves the rest to the `main` that `load` gives, and ends the process with its exit code. */
export async function start(load: () => Promise<Program>, importMeta: ImportMeta): Promise<void> {
  // Wipes a password in the arguments from what `ps` shows.
  process.title = 'pgtop';
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    console.error(`pgtop: needs Node.js ${OLDEST_NODE} or later, this is ${process.versions.node}`);
    process.exitCode = 1;
  } else if (process.argv.length === 3 && process.argv[2] === '--version') {
    console.log(PGTOP_VERSION);
  } else {
    await run(load, importMeta);
  }
}

async function run(load: () => Promise<Program>, importMeta: ImportMeta): Promise<void> {
  // A refresh leaves little behind: helper threads for collecting it cost more CPU than they save.
  v8.setFlagsFromString('--no-parallel-scavenge');
  let isLost = false;
  process.stdout.on('error', error => {
    // A reader that went away wants no more, and is not told so.
    if ('code' in error && error.code === 'EPIPE') return;
    isLost = true;
    console.error(`pgtop: cannot print: ${error.message}`);
  });
  const {main, keepCode} = await load();
  let isKept = false;
  const keepOnce = () => {
    if (!isKept) keepCode();
    isKept = true;
  };
  const code = await main(process.argv.slice(2), importMeta, keepOnce);
  keepOnce();
  // What was printed to a pipe is still on its way; a reader that is gone ends the wait too.
  process.stdout.write('', () => process.exit(code === 0 && isLost ? 1 : code));
}
