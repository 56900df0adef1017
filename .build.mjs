import {createHash} from 'node:crypto';
import {mkdir, rm, writeFile} from 'node:fs/promises';
import {bundle, bundleProgram, joinLicences, licencesIn} from './.bundle.mjs';

const TARGET = 'node22';

await rm('dist', {recursive: true, force: true});
await mkdir('dist');
const {text, metafile} = await bundleProgram(TARGET);
// It is read as Latin-1.
if (Buffer.byteLength(text) !== text.length) throw new Error('The program has characters outside ASCII.');
// A name of its own for every content, by which an earlier run's code of it is found.
const file = `program-${createHash('sha256').update(text).digest('hex').slice(0, 16)}.js`;
await writeFile(`dist/${file}`, text);
await bundle({
  entryPoints: ['source/pgtop.ts'],
  outdir: 'dist',
  target: TARGET,
  define: {PGTOP_PROGRAM: JSON.stringify(file)},
});
await writeFile('dist/licences.txt', joinLicences(await licencesIn(metafile)));
