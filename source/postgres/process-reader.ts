import {NO_PROCESSES, type ProcessNeeds, type ProcessReading} from '../model/process-figures.ts';
import {type ProcessSample, processSample} from '../model/process-sample.ts';
import {type ProcessTrack, processesToRead, processFigures, trackProcesses} from '../model/process-track.ts';
import {parseTimestamp} from '../model/timestamp.ts';
import type {Capabilities} from './capabilities.ts';
import type {Connection} from './connection.ts';
import {type ProcessRow, processesStatement} from './queries/processes.ts';
import {errorCode, errorText, isStatementFailure} from './sql-state.ts';

/** Reads what the server processes take of the server's machine, through the server. */
export type ProcessReader = {
  /** The figures of the processes that somebody looks at, by one statement; by none while nobody does (null) and once the server has refused it. @throws only what ends the connection */
  read(needs: ProcessNeeds | null, nowMs: number): Promise<ProcessReading>;
};

/** How long it rests after so many failures in a row. A process that ends while it is read fails the statement: one or two mean nothing. */
const REST_MS = 30_000;
const FAILURES = 3;
/** So many refusals of io in a row are no process of another account, which took over the pid of a session. */
const IO_REFUSALS = 3;

const TOO_OLD = 'before PostgreSQL 11 a server reads no files but its own';
const NO_PROC = "the server's system has no /proc";
const GRANT = 'superusers may, and members of pg_read_server_files with EXECUTE on it';
const NO_IO = 'the server itself may not read /proc/PID/io';

/** What keeps the question from being asked: reasons that hold for good, and a rest after failures. */
type Limits = {
  readonly whyNot: string | null;
  readonly whyNotIo: string | null;
  /** How often io was refused since it was last told. */
  readonly ioRefusals: number;
  /** True when io was refused just before: the rest may still be known. */
  readonly leavesOutIo: boolean;
  readonly failures: number;
  readonly restUntilMs: number;
};

/** A reader on a prepared session. */
export function createProcessReader(connection: Connection, {server, own}: Capabilities): ProcessReader {
  let tracks: ReadonlyMap<number, ProcessTrack> = new Map();
  let isAnswered = false;
  let limits: Limits = {
    whyNot: server.versionNum < 110_000 ? TOO_OLD : null,
    whyNotIo: null,
    ioRefusals: 0,
    leavesOutIo: false,
    failures: 0,
    restUntilMs: 0,
  };

  const ask = async (needs: ProcessNeeds, hasIo: boolean) => {
    // The own process is there for certain: without it there is no /proc.
    const pids = [own.pid, ...processesToRead(needs, tracks)];
    const name = hasIo ? 'pgtop_processes' : 'pgtop_processes_without_io';
    const rows = await connection.query<ProcessRow>(processesStatement(hasIo), [pids], {name});
    const samples = rows.flatMap(row => sampleOf(row) ?? []);
    tracks = trackProcesses(tracks, siblings(samples, own.pid), needs);
    isAnswered = true;
    const whyNot = rows[0]?.[2] === null ? NO_PROC : null;
    const ioRefusals = hasIo ? 0 : limits.ioRefusals;
    limits = {...limits, failures: 0, whyNot, ioRefusals, leavesOutIo: false};
  };

  return {
    async read(needs, nowMs) {
      if (needs === null) {
        // Figures made over the time that nobody looked would be those of another time.
        tracks = new Map();
        return NO_PROCESSES;
      }
      if (limits.whyNot === null && nowMs >= limits.restUntilMs) {
        const hasIo = limits.whyNotIo === null && !limits.leavesOutIo;
        try {
          await ask(needs, hasIo);
        } catch (error) {
          if (!isStatementFailure(error)) throw error;
          limits = limitsAfter(limits, error, hasIo, nowMs);
          if (nowMs < limits.restUntilMs) tracks = new Map();
        }
      }
      const {whyNot, whyNotIo} = limits;
      if (whyNot !== null) return {source: null, figures: [], whyNot, whyNotIo: null};
      const figures = [...tracks].map(
        ([pid, track]) => [pid, processFigures(track, whyNotIo === null)] as const,
      );
      return {source: isAnswered ? 'server' : null, figures, whyNot, whyNotIo};
    },
  };
}

function limitsAfter(limits: Limits, error: unknown, hadIo: boolean, nowMs: number): Limits {
  if (errorCode(error) !== '42501') {
    const failures = limits.failures + 1;
    return {...limits, failures, restUntilMs: failures >= FAILURES ? nowMs + REST_MS : limits.restUntilMs};
  }
  if (!hadIo) return {...limits, whyNot: `${errorText(error)}; ${GRANT}`};
  // The kernel refuses the server its own processes' io here and there.
  const ioRefusals = limits.ioRefusals + 1;
  return {...limits, ioRefusals, leavesOutIo: true, whyNotIo: ioRefusals >= IO_REFUSALS ? NO_IO : null};
}

/** The samples of the server's own processes, which have the parent of the session's: a backend that has ended may have left its pid to anybody. */
function siblings(samples: readonly ProcessSample[], ownPid: number): readonly ProcessSample[] {
  const own = samples.find(({pid}) => pid === ownPid);
  return own === undefined ? samples : samples.filter(({parentPid}) => parentPid === own.parentPid);
}

/** Null for a process that has ended. */
function sampleOf([, at, stat, status, io]: ProcessRow): ProcessSample | null {
  const readAt = parseTimestamp(at);
  return stat === null || readAt === null ? null : processSample({stat, status, io}, readAt);
}
