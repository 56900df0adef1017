import type {HostReader} from '../host/host-reader.ts';
import {readProcess} from '../host/read-process.ts';
import {uptimeSeconds} from '../host/uptime.ts';
import {type Backend, type SessionIdentity, sessionKey} from '../model/backend.ts';
import {backendsByPid} from '../model/backends-by-pid.ts';
import type {ProcessNeeds, ProcessReading} from '../model/process-figures.ts';
import {type ProcessSample, processSample} from '../model/process-sample.ts';
import {isProcessOf, type ProcessStat, readProcessStat} from '../model/process-stat.ts';
import {
  mayHaveActed,
  type ProcessTrack,
  processesToRead,
  processFigures,
  trackProcesses,
} from '../model/process-track.ts';
import type {Reading, ReadingNeeds} from '../model/snapshot.ts';

/** Adds to the readings of a server what this machine tells of its processes and of itself, where it runs on it. */
export type LocalFigures = {
  /** What of the needs the server has to be asked for. */
  askServer(needs: ReadingNeeds): ReadingNeeds;
  /** The reading with what this machine tells. */
  complete(reading: Reading): Reading;
};

/** The postmaster of the server that runs on this machine, and whether its processes' io may be read. */
type Here = {readonly postmaster: number; readonly hasIo: boolean};

const NOT_HERE = 'the server does not run on this machine, or in a container of its own';
const ELSEWHERE: HostReader = {read: () => ({now: null, before: null, failure: NOT_HERE})};
const NO_IO = 'of this machine only root and the user that runs the server may read /proc/PID/io';

/** Figures for the server that `own`, a session's own backend, is on; null before there is a session. */
export function createLocalFigures(own: SessionIdentity | null, host: HostReader): LocalFigures {
  let session = own === null ? null : sessionKey(own);
  let here = own === null ? null : placeOf(own);
  let wanted: ReadingNeeds = {meters: false, progress: false, processes: null};
  let tracks: ReadonlyMap<number, ProcessTrack> = new Map();
  /** When the process of a backend was read: of this very object, which is another one as soon as the server tells anything else of it. */
  const readAt = new WeakMap<Backend, number>();

  const sampleOf = (pid: number, backend: Backend | undefined, postmaster: number): ProcessSample | null => {
    const now = nowMicroseconds();
    const latest = tracks.get(pid)?.at(-1);
    const before = backend === undefined ? undefined : readAt.get(backend);
    if (latest !== undefined && !mayHaveActed(backend, before, now)) return {...latest, at: now};
    const files = readProcess(pid);
    const sample = files === null ? null : processSample(files, nowMicroseconds());
    // A backend that has ended meanwhile may have left its pid to anybody.
    if (sample?.parentPid !== postmaster) return null;
    if (backend !== undefined) readAt.set(backend, now);
    return sample;
  };
  const readProcesses = (
    {postmaster, hasIo}: Here,
    needs: ProcessNeeds,
    backends: readonly Backend[],
  ): ProcessReading => {
    const byPid = backendsByPid(backends);
    const samples = processesToRead(needs, tracks).flatMap(
      pid => sampleOf(pid, byPid.get(pid), postmaster) ?? [],
    );
    tracks = trackProcesses(tracks, samples, needs);
    const figures = [...tracks].map(([pid, track]) => [pid, processFigures(track, hasIo)] as const);
    return {source: 'host', figures, whyNot: null, whyNotIo: hasIo ? null : NO_IO};
  };

  return {
    askServer(needs) {
      wanted = needs;
      // A server may read more of itself than this user may.
      return here === null || !here.hasIo ? needs : {...needs, processes: null};
    },
    complete(reading) {
      if (sessionKey(reading.own) !== session) {
        session = sessionKey(reading.own);
        here = placeOf(reading.own);
        tracks = new Map();
      }
      // Figures made over the time that nobody looked would be those of another time.
      if (wanted.processes === null) tracks = new Map();
      const isRead = reading.processes.source === 'server';
      const processes =
        here === null || wanted.processes === null || isRead
          ? reading.processes
          : readProcesses(here, wanted.processes, reading.backends);
      const machine = here === null ? ELSEWHERE : host;
      const meters = wanted.meters ? {...reading.meters, host: machine.read()} : reading.meters;
      return {...reading, processes, meters};
    },
  };
}

function nowMicroseconds(): number {
  return Math.round(performance.now() * 1_000);
}

/** Whether a session's backend is a process of this machine: whatever address leads to it, a tunnel or a container may be in between. */
function placeOf(own: SessionIdentity): Here | null {
  const files = readProcess(own.pid);
  const stat: ProcessStat | null = files === null ? null : readProcessStat(files.stat);
  const uptime = uptimeSeconds();
  if (files === null || stat === null || uptime === null) return null;
  const isHere = isProcessOf(own, stat, Date.now() * 1_000, uptime);
  return isHere ? {postmaster: stat.parentPid, hasIo: files.io !== null} : null;
}
