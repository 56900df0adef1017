import {rm, writeFile} from 'node:fs/promises';
import {bundle, joinLicences, licencesIn} from './.bundle.mjs';

await rm('dist', {recursive: true, force: true});
const {metafile} = await bundle({
  entryPoints: ['source/pgtop.ts'],
  outdir: 'dist',
  splitting: true,
  target: 'node22',
  // The driver is CommonJS and calls require() for Node's own modules.
  banner: {
    js: "import {createRequire as __createRequire} from 'node:module';const require=__createRequire(import.meta.url);",
  },
});
await writeFile('dist/licences.txt', joinLicences(await licencesIn(metafile)));
