import {execFile} from 'node:child_process';
import {setTimeout as wait} from 'node:timers/promises';
import {promisify} from 'node:util';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {type Cluster, startCluster, type TestSession} from '../helpers/cluster.ts';
import {heavyRounds, isRelease} from '../helpers/heavy-rounds.ts';
import {majors, programsOfMajor} from '../helpers/servers.ts';
import {makeStandby} from '../helpers/standby.ts';
import type {Terminal} from '../helpers/terminal.ts';
import {openTestTerminal} from '../helpers/terminal-for-test.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {NOWHERE, openPgtop, PROGRAM} from './pgtop.ts';

/** Standbys are made with standby.signal, which came with 12. */
const major = Math.max(...majors.filter(each => each >= 12 && programsOfMajor(each) !== null));
const ROUNDS = Array.from({length: heavyRounds(1, 1, 10)}, (_, index) => index + 1);
const WIDE = {columns: 160};
/** Until the monitor has a session on the promoted server, and until one that stayed tells its new role; on a busy machine seconds are worth little. */
const MOST_CONNECTED_MS = isRelease ? 3_000 : 15_000;
const MOST_TOLD_MS = isRelease ? 10_000 : 25_000;

/** The part of the first line that tells which kind of server it is, and which database. */
const badge = (role: 'standby' | 'primary', {user, socketFolder, port}: Cluster, database = 'postgres') =>
  `${role} · ${user}@${socketFolder}:${port}/${database}`;

/** Locks a catalog for a moment, again and again, until it is told to stop: on a standby that waits for nobody, whoever reads it in that moment has to give way. */
function lockAgainAndAgain(session: TestSession, catalog: string): {stop(): Promise<void>} {
  let isOver = false;
  const run = async () => {
    while (!isOver) {
      await session.query(`BEGIN; LOCK TABLE ${catalog} IN ACCESS EXCLUSIVE MODE; COMMIT`);
      await wait(20);
    }
  };
  const running = run();
  running.catch(() => undefined);
  return {
    async stop() {
      isOver = true;
      await running;
    },
  };
}

describe.skipIf(major < 0)(`a monitor of a primary and its standby, on PostgreSQL ${major}`, () => {
  const servers: Cluster[] = [];
  const both = () => {
    const [primary, standby] = servers;
    if (primary === undefined || standby === undefined) throw new Error('no servers');
    return {primary, standby};
  };

  beforeAll(async () => {
    servers.push(
      ...(await Promise.all([startCluster(major), startCluster(major, {max_standby_streaming_delay: 0})])),
    );
    await (await both().primary.connect()).query('CREATE DATABASE doomed');
  });
  afterAll(() => Promise.all(servers.map(server => server.stop())));

  describe.each(ROUNDS)('round %i', round => {
    beforeAll(async () => {
      const {primary, standby} = both();
      await makeStandby(primary, standby, {primary: round === 1, standby: true});
    });

    test('goes on when a statement of its own is cancelled by a conflict with recovery', async () => {
      const {primary, standby} = both();
      const terminal = await openPgtop(standby, ['--view', 'all'], {...WIDE, interval: '2'});
      const control = await standby.connect();
      const [holder, other] = await Promise.all([primary.connect(), primary.connect()]);
      await terminal.waitFor(badge('standby', standby));
      const clock = () => /\d\d:\d\d:\d\d$/.exec(terminal.screen().lines[0]?.trimEnd() ?? '')?.[0];
      const before = clock();
      await terminal.waitFor(() => clock() !== before);
      let user = '';
      for (let tries = 1, hasConflict = false; !hasConflict; tries++) {
        // Until the next refresh somebody has come whose name only the locked catalog tells.
        user = `clerk${round}_${tries}`;
        await holder.query(`CREATE ROLE ${user} LOGIN`);
        const clerk = await waitFor('the role to arrive', () => standby.connect({user}).catch(() => null));
        // To read names takes both catalogs: it waits for the one and holds the other, which the primary wants.
        await holder.query('BEGIN; LOCK TABLE pg_catalog.pg_db_role_setting IN ACCESS EXCLUSIVE MODE');
        const locking = lockAgainAndAgain(other, 'pg_catalog.pg_authid');
        const isLast = tries === 3;
        hasConflict = await terminal.waitFor('conflict with recovery', {deadlineMs: 15_000}).then(
          () => true,
          error => (isLast ? Promise.reject(error) : false),
        );
        await locking.stop();
        await holder.query('COMMIT');
        // A refresh that came before the lock has read the name: somebody else has to come.
        if (!hasConflict) clerk.end();
      }
      await waitFor('the server to count it', async () => {
        const rows = await control.query(
          'SELECT FROM pg_stat_database_conflicts WHERE confl_snapshot + confl_lock > 0',
        );
        return rows.length > 0;
      });
      const isBack = ({text}: {readonly text: string}) =>
        text.includes(user) && !text.includes('conflict with recovery');
      await terminal.waitFor(isBack);
      terminal.press('q');
      expect(await terminal.exit()).toEqual({code: 0, signal: null, leftovers: []});
    }, 180_000);

    test('has a session again when its database, which was dropped, is there again', async () => {
      const {primary, standby} = both();
      const terminal = await openPgtop(standby, [], {...WIDE, database: 'doomed'});
      await terminal.waitFor(badge('standby', standby, 'doomed'));
      const owner = await primary.connect();
      await owner.query('DROP DATABASE doomed');
      await terminal.waitFor('database "doomed" does not exist');
      await owner.query('CREATE DATABASE doomed');
      await waitFor('the database to arrive', () => standby.connect({database: 'doomed'}).catch(() => null));
      terminal.press('R');
      await terminal.waitFor(({text}) => !text.includes('does not exist') && /^Conn/m.test(text));
      terminal.press('q');
      expect(await terminal.exit()).toEqual({code: 0, signal: null, leftovers: []});
    }, 120_000);

    test('goes on with the promoted standby, and signals nobody there in the place of a session here', async () => {
      const {primary, standby} = both();
      const hosts = `host=${primary.socketFolder},${standby.socketFolder}`;
      const terminal = await openTestTerminal({
        command: [
          process.execPath,
          PROGRAM,
          `${hosts} user=${primary.user} dbname=postgres target_session_attrs=read-write`,
          ...['-i', '0.2', '--view', 'all', '--filter', 'app:ann'],
        ],
        ...WIDE,
        env: NOWHERE,
      });
      // So seldom that a look for locked catalogs is due at every refresh.
      const onlooker = await openPgtop(standby, [], {...WIDE, interval: '2'});
      await onlooker.waitFor(badge('standby', standby));
      await primary.connect({applicationName: 'ann'});
      await terminal.waitFor(badge('primary', primary));
      await terminal.waitFor(/^ *\d+ .* ann /m);
      terminal.press('k');
      await terminal.waitFor('y terminates it');

      const asked = ['doctor', '-h', standby.socketFolder, '-U', standby.user, '-d', 'postgres'];
      const {stdout} = await promisify(execFile)(process.execPath, [PROGRAM, ...asked], {env: {}});
      expect(stdout).toMatch(/^ {2}role +standby, .*, \S+ received and not replayed$/m);

      await primary.takeDown('fast');
      await terminal.waitFor('Connection lost');
      const control = await standby.connect();
      const promotedAt = performance.now();
      const msUntil = async (watching: Terminal) => {
        await watching.waitFor(badge('primary', standby), {deadlineMs: 60_000});
        return performance.now() - promotedAt;
      };
      const known = Promise.all([msUntil(terminal), msUntil(onlooker)]);
      await control.query('SELECT pg_promote()');
      const [afterMs, badgeMs] = await known;
      console.log(
        `after the promotion was asked for: connected in ${Math.round(afterMs)} ms, the role of a session that stayed told in ${Math.round(badgeMs)} ms`,
      );
      expect(afterMs).toBeLessThan(MOST_CONNECTED_MS);
      expect(badgeMs).toBeLessThan(MOST_TOLD_MS);

      terminal.press('y');
      await terminal.waitFor('pgtop is connected to another server now');
      for (const each of [terminal, onlooker]) {
        each.press('q');
        expect(await each.exit()).toEqual({code: 0, signal: null, leftovers: []});
      }
    }, 180_000);
  });
});
