import {hostSample} from '../model/host-sample.ts';
import type {MeterSample, Sampled} from '../model/meter-reading.ts';
import {keepWindow} from '../model/rates.ts';
import {readProcFile} from './read-process.ts';

/** Reads what this machine as a whole does. */
export type HostReader = {
  /** What it does now, with a reading of some seconds before to make rates with. */
  read(): Sampled<'host'>;
};

/** Rates are made over this long. */
const WINDOW_MS = 5_000;

/** A reader on a machine with so many cores. */
export function createHostReader(cores: number): HostReader {
  let window: readonly MeterSample<'host'>[] = [];
  return {
    read() {
      const files = {
        loadavg: readProcFile('/proc/loadavg'),
        stat: readProcFile('/proc/stat'),
        meminfo: readProcFile('/proc/meminfo'),
        vmstat: readProcFile('/proc/vmstat'),
      };
      const now = hostSample(files, cores, Math.round(performance.now() * 1_000));
      window = keepWindow(window, now, WINDOW_MS);
      return {now, before: window.length > 1 ? (window[0] ?? null) : null, failure: null};
    },
  };
}
