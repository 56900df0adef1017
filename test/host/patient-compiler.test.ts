import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {expect, test} from 'vitest';

const MODULE = new URL('../../source/host/patient-compiler.ts', import.meta.url).href;

test('V8 knows what it is asked for: it would complain on the screen', async () => {
  const script = `import {compilePatiently} from '${MODULE}'; compilePatiently(); console.log('asked');`;
  const words = ['--no-warnings', '--input-type=module', '--eval', script];
  expect(await promisify(execFile)(process.execPath, words)).toEqual({stdout: 'asked\n', stderr: ''});
});
