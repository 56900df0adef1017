import {afterAll, beforeAll, describe, expect, onTestFinished, test} from 'vitest';
import {type Cluster, startCluster, type TestSession} from '../helpers/cluster.ts';
import {majors, missingReason, programsOfMajor} from '../helpers/servers.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {ask, openPgtop, pidsOf} from './pgtop.ts';
import {messageLine} from './read-screen.ts';

const newest = Math.max(...majors);
const isMissing = programsOfMajor(newest) === null;
const MOST = 12;

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
      servers.push(await startCluster(newest, {max_connections: MOST, superuser_reserved_connections: 3}));
      await ask(cluster(), 'CREATE ROLE watcher LOGIN IN ROLE pg_monitor');
      await ask(cluster(), 'CREATE ROLE app LOGIN');
    });
    afterAll(() => cluster().stop());

    const connectApp = () => cluster().connect({user: 'app', applicationName: 'web'});
    /** Takes every slot that an ordinary role can have; they are free again after the test. */
    const takeSlots = async (): Promise<TestSession[]> => {
      const taken: TestSession[] = [];
      onTestFinished(async () => {
        for (const session of taken) session.end();
        await waitFor('the slots', async () => (await pidsOf(cluster(), 'web')).length === 0);
      });
      for (;;) {
        const session = await connectApp().catch(() => null);
        if (session === null) return taken;
        taken.push(session);
      }
    };

    test('shows its processes, tries gently, and tells who held the slots as soon as it has one', async () => {
      const terminal = await openPgtop(cluster(), [], {
        columns: 200,
        user: 'watcher',
        env: {PGAPPNAME: 'watcher'},
      });
      await terminal.waitFor('Conn');
      const taken = await takeSlots();
      const [pid] = await pidsOf(cluster(), 'watcher');
      const grabbed = waitFor('the slot of pgtop', () => connectApp().catch(() => null));
      await ask(cluster(), 'SELECT pg_terminate_backend($1)', [pid]);
      taken.push(await grabbed);
      const full = await terminal.waitFor(
        /^ No free slot: remaining connection slots are reserved .*\n Process table of this machine/m,
      );
      // A try that is just being refused is a process too.
      expect(full.text).toMatch(/^Clients (?:9|10) /m);
      const asked = performance.now();
      terminal.press('?');
      await terminal.waitFor('· keys');
      expect(performance.now() - asked).toBeLessThan(500);
      terminal.press('q');
      await terminal.waitFor('Process table of this machine');
      taken.pop()?.end();
      const freeAt = performance.now();
      const back = await terminal.waitFor(screen => !screen.text.includes('No free slot'));
      console.log(`a slot was had ${Math.round(performance.now() - freeAt)} ms after it was free`);
      expect(performance.now() - freeAt).toBeLessThan(2_000);
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
      const [pid] = await pidsOf(cluster(), 'watcher');
      await ask(cluster(), 'SELECT pg_terminate_backend($1)', [pid]);
      await terminal.waitFor(` No free slot: ${words}`);
      await ask(cluster(), `${statement} -1`);
      await terminal.waitFor(screen => !screen.text.includes('No free slot'));
    });
  },
);
