import {execFileSync} from 'node:child_process';
import {availableParallelism} from 'node:os';
import {expect, test} from 'vitest';
import {createHostReader} from '../../source/host/host-reader.ts';
import {shareOf} from '../../source/model/rates.ts';
import {waitFor} from '../helpers/wait-for.ts';

test.runIf(process.platform === 'linux')(
  'the machine says what its own tools say: free for memory, /proc/stat over the same time for the processors',
  async () => {
    const reader = createHostReader(availableParallelism());
    let first = reader.read().now;
    const reading = await waitFor('a second of processor time', () => {
      const next = reader.read();
      const [from, to] = [first?.figures.cpu_ticks ?? 0, next.now?.figures.cpu_ticks ?? 0];
      const isSince = next.before?.at === first?.at;
      if (to - from > 100 && isSince) return next;
      // On a busy machine the reader may have gone on to a later reading to compare with.
      if (!isSince) first = next.before;
      return null;
    });
    const share = shareOf(reading, 'cpu_busy_ticks', 'cpu_ticks') ?? -1;
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThanOrEqual(1);
    const freeSays = () =>
      execFileSync('free', ['-b'], {encoding: 'utf8'})
        .split('\n')
        .find(line => line.startsWith('Mem:'))
        ?.split(/\s+/) ?? [];
    expect(reading.now?.figures.memory_total).toBe(Number(freeSays()[1]));
    // Others may take or give back memory between the two.
    await waitFor('the same memory to be available', () => {
      const free = reader.read().now?.figures.memory_available ?? 0;
      return Math.abs(free / Number(freeSays()[6]) - 1) < 0.2;
    });
    expect(reading.now?.figures.load_1m).toBeGreaterThanOrEqual(0);
    expect(reading.now?.figures.bytes_out).toBeGreaterThan(0);
  },
);
