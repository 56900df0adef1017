import {boundYoungHeap} from './bound-young-heap.ts';
import type {KeepCode} from './code-file.ts';
import {compilePatiently} from './patient-compiler.ts';

/** After this time the first data are on the screen, and what shows them has run. */
const START_MS = 1_000;

/** Keeps the code that the start took once it is over, and has V8 do from then on what is best for a program that does the same every second. Gives what ends it. */
export function runSteadily(keepCode: KeepCode): () => void {
  let stopBounding: (() => void) | null = null;
  const start = setTimeout(() => {
    keepCode();
    compilePatiently();
    stopBounding = boundYoungHeap();
  }, START_MS);
  return () => {
    clearTimeout(start);
    stopBounding?.();
  };
}
