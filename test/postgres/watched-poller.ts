import {expect, type TestContext} from 'vitest';
import type {PollCost} from '../../source/model/refresh-cost.ts';
import type {Reading, ReadingNeeds} from '../../source/model/snapshot.ts';
import {type Connection, openConnection} from '../../source/postgres/connection.ts';
import type {PollFailure} from '../../source/postgres/link.ts';
import {type Poller, startPoller} from '../../source/postgres/poller.ts';
import {prepareMonitoring} from '../../source/postgres/prepare-monitoring.ts';
import type {Cluster} from '../helpers/cluster.ts';
import {endpointOf, patient} from '../helpers/monitoring.ts';
import {waitFor} from '../helpers/wait-for.ts';

/** What a running poller has told, and what it has opened. */
export type Watched = {
  readonly poller: Poller;
  readonly readings: {readonly at: number; readonly reading: Reading; readonly cost: PollCost}[];
  readonly failures: PollFailure[];
  readonly bugs: unknown[];
  /** Pids of all sessions it opened, in order. */
  readonly pids: number[];
  /** The most of its sessions, and of its refreshes, that there were at one time. */
  readonly most: {sessions: number; questions: number};
};

export type WatchOptions = {
  readonly user?: string;
  readonly intervalMs?: number;
  readonly wrap?: (connection: Connection) => Connection;
  /** What is to be read; default: the sessions and who waits for whom. */
  readonly needs?: ReadingNeeds;
};

/** Starts a poller under an application name of its own; it is stopped after the test. */
export async function watch(
  {onTestFinished}: TestContext,
  cluster: Cluster,
  name: string,
  options: WatchOptions = {},
): Promise<Watched> {
  const {user = cluster.user, intervalMs = 50, wrap = connection => connection, needs} = options;
  const watched = {readings: [], failures: [], bugs: [], pids: [], most: {sessions: 0, questions: 0}} as Omit<
    Watched,
    'poller'
  >;
  let sessions = 0;
  const open = async () => {
    sessions += 1;
    watched.most.sessions = Math.max(watched.most.sessions, sessions);
    try {
      const connection = await openConnection(endpointOf(cluster, {user, applicationName: name}));
      watched.pids.push(connection.processId);
      void connection.ended.then(() => {
        sessions -= 1;
      });
      return wrap(countingQuestions(patient(connection), watched.most));
    } catch (error) {
      sessions -= 1;
      throw error;
    }
  };
  const poller = startPoller(await prepareMonitoring(open), open, intervalMs, {
    ...(needs === undefined ? {} : {needs: () => needs}),
    onReading: (reading, cost) => watched.readings.push({at: performance.now(), reading, cost}),
    onFailure: failure => watched.failures.push(failure),
    onBug: error => watched.bugs.push(error),
  });
  onTestFinished(async () => {
    await poller.stop();
    expect(watched.bugs).toEqual([]);
  });
  return {...watched, poller};
}

function countingQuestions(connection: Connection, most: {questions: number}): Connection {
  let questions = 0;
  return {
    ...connection,
    async query<Row>(...asked: Parameters<Connection['query']>) {
      questions += 1;
      most.questions = Math.max(most.questions, questions);
      try {
        return await connection.query<Row>(...asked);
      } finally {
        questions -= 1;
      }
    },
  };
}

/** Resolves when so many more readings have come. */
export async function nextReadings({readings}: Watched, count = 1): Promise<void> {
  const wanted = readings.length + count;
  await waitFor(`${count} more readings`, () => readings.length >= wanted);
}
