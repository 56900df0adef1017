import {afterAll, beforeAll, describe, expect, onTestFinished, test} from 'vitest';
import {leastOfThree} from '../helpers/best-of.ts';
import {type Cluster, startCluster, type TestSession} from '../helpers/cluster.ts';
import {isRelease} from '../helpers/heavy-rounds.ts';
import {majors, missingReason, programsOfMajor} from '../helpers/servers.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {ask, openPgtop, pidsOf, terminateAll} from './pgtop.ts';
import {messageLine} from './read-screen.ts';

const newest = Math.max(...majors);
const isMissing = programsOfMajor(newest) === null;
const MOST = 12;
const RESERVED = 3;
/** Until a slot that has become free is had; on a busy machine milliseconds are worth little. */
const MOST_BACK_MS = isRelease ? 2_000 : 10_000;

describe.skipIf(isMissing)(
  `a server without a free slot${isMissing ? `, ${missingReason(newest)}` : ''}`,
  () => {
    const servers: Cluster[] = [];
    const cluster = (): Cluster => {
      const [first] = servers;
      if (first === undefined) throw new Error('the server is there inside tests and hooks only');
      return first;
    };
    beforeAll(async () => {
      servers.push(
        await startCluster(newest, {max_connections: MOST, superuser_reserved_connections: RESERVED}),
      );
      await ask(cluster(), 'CREATE ROLE watcher LOGIN IN ROLE pg_monitor');
      await ask(cluster(), 'CREATE ROLE app LOGIN');
    });
    afterAll(() => cluster().stop());

    const connectApp = () => cluster().connect({user: 'app', applicationName: 'web'});
    /** Takes every slot that an ordinary role can have but those of `others`; they are free again after the test. One whose session is just ending is waited for. */
    const takeSlots = async (others = 0): Promise<TestSession[]> => {
      const taken: TestSession[] = [];
      onTestFinished(async () => {
        for (const session of taken) session.end();
        await waitFor('the slots', async () => (await pidsOf(cluster(), 'web')).length === 0);
      });
      await waitFor('every slot', async () => {
        const session = await connectApp().catch(() => null);
        if (session !== null) taken.push(session);
        return taken.length === MOST - RESERVED - others;
      });
      return taken;
    };

    test('shows its processes, tries gently, and tells who held the slots as soon as it has one', async () => {
      const terminal = await openPgtop(cluster(), [], {
        columns: 200,
        user: 'watcher',
        env: {PGAPPNAME: 'watcher'},
      });
      await terminal.waitFor('Conn');
      const control = await cluster().connect({applicationName: 'control'});
      onTestFinished(control.end);
      const taken = await takeSlots(2);
      const endWatchers = () =>
        control.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'watcher'",
        );
      // Again and again: pgtop may be the first to have the slot.
      const grabbed = await waitFor('the slot of pgtop', async () => {
        await endWatchers();
        return await connectApp().catch(() => null);
      });
      taken.push(grabbed);
      await terminal.waitFor(
        /^ No free slot: remaining connection slots are reserved .*\n Process table of this machine/m,
      );
      // A try that is just being refused is a process too.
      await terminal.waitFor(/^Clients (?:9|10) /m);
      const keyMs = await leastOfThree(500, async () => {
        const asked = terminal.press('?');
        await terminal.waitFor('· keys');
        const shown = performance.now() - asked;
        terminal.press('q');
        await terminal.waitFor('Process table of this machine');
        return shown;
      });
      expect(keyMs).toBeLessThan(500);
      taken.pop()?.end();
      const freeAt = performance.now();
      const back = await terminal.waitFor(screen => !screen.text.includes('No free slot'));
      console.log(`a slot was had ${Math.round(performance.now() - freeAt)} ms after it was free`);
      expect(performance.now() - freeAt).toBeLessThan(MOST_BACK_MS);
      expect(messageLine(back)).toMatch(/^ ?No slot was free; \d+ of 12 are taken: \d app \(web\)/);
    });

    test('is waited for at the start too', async () => {
      const taken = await takeSlots();
      const terminal = await openPgtop(cluster(), [], {columns: 200, user: 'watcher'});
      await terminal.waitFor(/^ No free slot: remaining connection slots are reserved .* · trying again/m);
      taken.pop()?.end();
      const screen = await terminal.waitFor('Conn');
      expect(messageLine(screen)).toMatch(/^ ?No slot was free; \d+ of 12 are taken: \d app \(web\)/);
      terminal.press('q');
      expect(await terminal.exit()).toEqual({code: 0, signal: null, leftovers: []});
    });

    test.each([
      ['the role', 'ALTER ROLE watcher CONNECTION LIMIT', 'too many connections for role "watcher"'],
      [
        'the database',
        'ALTER DATABASE postgres CONNECTION LIMIT',
        'too many connections for database "postgres"',
      ],
    ])('is told from a limit of %s by the words only', async (_, statement, words) => {
      const terminal = await openPgtop(cluster(), [], {
        columns: 200,
        user: 'watcher',
        env: {PGAPPNAME: 'watcher'},
      });
      await terminal.waitFor('Conn');
      await ask(cluster(), `${statement} 0`);
      await terminateAll(cluster(), 'watcher');
      await terminal.waitFor(` No free slot: ${words}`);
      await ask(cluster(), `${statement} -1`);
      await terminal.waitFor(screen => !screen.text.includes('No free slot'));
    });
  },
);
