import v8 from 'node:v8';

/** Bytes of the heap's young generation at which it is kept: a refresh with a thousand sessions fits in many times. */
const ENOUGH_BYTES = 8 * 2 ** 20;
const LOOK_MS = 100;

/**
 * Keeps V8 from making the young generation ever larger, as it does for a program that allocates and drops as much as a refresh
 * does: it costs a hundred megabytes and saves no time. Can only be asked for once the generation has its size. Gives what ends the watch.
 */
export function boundYoungHeap(): () => void {
  const look = setInterval(() => {
    const young = v8.getHeapSpaceStatistics().find(({space_name: name}) => name === 'new_space');
    if ((young?.space_size ?? 0) < ENOUGH_BYTES) return;
    v8.setFlagsFromString('--semi-space-growth-factor=1');
    clearInterval(look);
  }, LOOK_MS);
  look.unref();
  return () => clearInterval(look);
}
