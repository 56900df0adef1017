#!/usr/bin/env node
import nodeModule from 'node:module';
import v8 from 'node:v8';

// Wipes a password in the arguments from what `ps` shows.
process.title = 'pgtop';

const OLDEST_NODE = 22;

if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  console.error(`pgtop: needs Node.js ${OLDEST_NODE} or later, this is ${process.versions.node}`);
  process.exitCode = 1;
} else if (process.argv.length === 3 && process.argv[2] === '--version') {
  console.log(PGTOP_VERSION);
} else {
  nodeModule.enableCompileCache();
  // A refresh leaves little behind: helper threads for collecting it cost more CPU than they save.
  v8.setFlagsFromString('--single-threaded-gc');
  const {main} = await import('./cli.ts');
  const code = await main(process.argv.slice(2), import.meta);
  // What was printed to a pipe is still on its way; a reader that is gone ends the wait too.
  process.stdout.write('', () => process.exit(code));
}
