import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {expect, test} from 'vitest';

const MODULE = new URL('../../source/host/bound-young-heap.ts', import.meta.url).href;

/** Bytes of the young generation of a program after some hundred rounds of making and dropping what a refresh makes. */
async function youngBytes(begin: string): Promise<number> {
  const script = `
    import v8 from 'node:v8';
    import {boundYoungHeap} from '${MODULE}';
    ${begin}
    let kept = [];
    for (let round = 0; round < 600; round++) {
      kept = Array.from({length: 5000}, (_, index) => ({index, text: 'x'.repeat(index % 50) + index}));
      if (round % 5 === 0) await new Promise(resolve => setTimeout(resolve, 2));
    }
    console.log(v8.getHeapSpaceStatistics().find(space => space.space_name === 'new_space').space_size, kept.length);`;
  const {stdout} = await promisify(execFile)(process.execPath, [
    '--single-threaded-gc',
    '--no-warnings',
    '--input-type=module',
    '--eval',
    script,
  ]);
  return Number.parseInt(stdout, 10);
}

test('the young generation stays small where it would have grown', async () => {
  expect(await youngBytes('boundYoungHeap();')).toBeLessThanOrEqual(32 * 2 ** 20);
});
