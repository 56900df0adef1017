import {readFile, rm, writeFile} from 'node:fs/promises';
import {build} from 'esbuild';

const {version} = JSON.parse(await readFile('package.json', 'utf8'));

await rm('dist', {recursive: true, force: true});
const {metafile} = await build({
  entryPoints: ['source/pgtop.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  minify: true,
  keepNames: false,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  metafile: true,
  logLevel: 'warning',
  // yoga's loader asks for fetch, which would load Node's HTTP client at every start.
  define: {
    'process.env.NODE_ENV': '"production"',
    fetch: 'undefined',
    PGTOP_VERSION: JSON.stringify(version),
  },
  // The driver is CommonJS and calls require() for Node's own modules.
  banner: {
    js: "import {createRequire as __createRequire} from 'node:module';const require=__createRequire(import.meta.url);",
  },
  external: ['pg-native', 'pg-cloudflare', 'react-devtools-core'],
});

const packages = new Set(
  Object.keys(metafile.inputs).flatMap(path => path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? []),
);
const licences = await Promise.all(
  [...packages].sort().map(async name => {
    const manifest = JSON.parse(await readFile(`node_modules/${name}/package.json`, 'utf8'));
    const texts = await Promise.all(
      ['LICENSE', 'license', 'LICENSE.md', 'LICENCE', 'license.md'].map(file =>
        readFile(`node_modules/${name}/${file}`, 'utf8').catch(() => ''),
      ),
    );
    return `${name} ${manifest.version} (${manifest.license})\n\n${texts.find(text => text !== '') ?? ''}`;
  }),
);
await writeFile('dist/licences.txt', licences.join(`\n${'-'.repeat(80)}\n`));
