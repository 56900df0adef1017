import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {sendGuarded} from '../../source/commands/send-guarded.ts';
import {readUserFile} from '../../source/host/read-user-file.ts';
import type {Reading} from '../../source/model/snapshot.ts';
import {createConnector} from '../../source/postgres/connect-plan.ts';
import {examineServer} from '../../source/postgres/examine-server.ts';
import {startPoller} from '../../source/postgres/poller.ts';
import {prepareMonitoring} from '../../source/postgres/prepare-monitoring.ts';
import {resolveConnection} from '../../source/postgres/resolve-connection/resolve-connection.ts';
import {type Cluster, startCluster} from '../helpers/cluster.ts';
import {heavyRounds} from '../helpers/heavy-rounds.ts';
import {majors, programsOfMajor} from '../helpers/servers.ts';
import {makeStandby} from '../helpers/standby.ts';
import {waitFor} from '../helpers/wait-for.ts';

/** Standbys are made with standby.signal, which came with 12. */
const major = Math.max(...majors.filter(each => each >= 12 && programsOfMajor(each) !== null));
/** One round of each kind by default. */
const ROUNDS = heavyRounds(2, 10, 10);
const MOST_BACK_MS = 3_000;
/** How often a round is gone through on a machine that does other things meanwhile. */
const TRIES = 3;

describe.skipIf(major < 0)(`a monitor with two hosts, on PostgreSQL ${major}`, () => {
  const servers: Cluster[] = [];
  let isFirst = true;

  beforeAll(async () => {
    servers.push(...(await Promise.all([startCluster(major), startCluster(major)])));
  });

  afterAll(() => Promise.all(servers.map(server => server.stop())));

  const watch = async (hosts: readonly Cluster[], attrs: string) => {
    const plan = resolveConnection({
      argument: `host=${hosts.map(({socketFolder}) => socketFolder).join()} user=${hosts[0]?.user} dbname=postgres target_session_attrs=${attrs}`,
      options: {noPassword: true},
      environment: {},
      osUser: undefined,
      homeFolder: undefined,
      readFile: readUserFile,
    });
    const connector = createConnector(plan, readUserFile, () => Promise.reject(new Error('asked')));
    const readings: Reading[] = [];
    const failures: string[] = [];
    const bugs: unknown[] = [];
    const poller = startPoller(await prepareMonitoring(() => connector.open()), () => connector.open(), 200, {
      onReading: reading => readings.push(reading),
      onFailure: ({message}) => failures.push(message),
      onBug: bug => bugs.push(bug),
    });
    return {poller, readings, failures, bugs};
  };

  test.each(
    Array.from({length: ROUNDS}, (_, round) => [round + 1, round % 2 === 0 ? 'read-write' : 'any'] as const),
  )(
    'is back on the writable one within 3 s of its promotion, round %i, target_session_attrs=%s',
    async (_, attrs) => {
      const tookMs: number[] = [];
      while (tookMs.length < TRIES && !tookMs.some(ms => ms < MOST_BACK_MS))
        tookMs.push(await failOver(attrs));
      expect(Math.min(...tookMs)).toBeLessThan(MOST_BACK_MS);
    },
    180_000,
  );

  /** The milliseconds from the promotion of the standby to the first reading of it; the two have changed places then. */
  const failOver = async (attrs: 'read-write' | 'any'): Promise<number> => {
    const [primary, standby] = servers;
    if (primary === undefined || standby === undefined) throw new Error('no servers');
    await makeStandby(primary, standby, {primary: true, standby: isFirst});
    isFirst = false;
    const {poller, readings, failures, bugs} = await watch([primary, standby], attrs);
    try {
      await waitFor('a reading of the primary', () => readings.at(-1)?.server.inRecovery === false);
      const before = readings.at(-1);
      expect(before?.server.host).toBe(primary.socketFolder);
      await primary.takeDown('fast');
      await waitFor('the loss', () => failures.length > 0);
      // Whoever takes any server watches the standby meanwhile, and sees it promoted.
      if (attrs === 'any') {
        await waitFor('the standby', () => readings.at(-1)?.server.inRecovery === true);
        const {lag} = await poller.ask(examineServer);
        expect(lag).toMatchObject({bytes: expect.any(Number)});
      }
      const control = await standby.connect();
      const promotedAt = performance.now();
      await control.query('SELECT pg_promote()');
      const isBack = ({server}: Reading) => server.host === standby.socketFolder && !server.inRecovery;
      await waitFor('a reading of the promoted server', () => readings.some(isBack));
      const afterMs = performance.now() - promotedAt;
      console.log(`back ${Math.round(afterMs)} ms after the promotion was asked for (${attrs})`);
      if (attrs !== 'any') expect(readings.filter(({server}) => server.inRecovery)).toEqual([]);

      if (before === undefined) throw new Error('the first server told nothing');
      const after = readings.find(isBack)?.server.identity;
      expect(after?.systemIdentifier).toBe(before.server.identity.systemIdentifier);
      const victim = await standby.connect();
      const outcome = await sendGuarded(
        question => poller.ask(question),
        () => false,
        {action: 'terminate', server: before.server},
        {kind: 'session', pid: victim.pid, backendStart: 0, queryStart: null},
      );
      expect(outcome).toMatchObject({type: 'refused', message: expect.stringContaining('another server')});
      expect(bugs).toEqual([]);
      return afterMs;
    } finally {
      await poller.stop();
      servers.reverse();
    }
  };
});
