import {beforeAll, expect, test} from 'vitest';
import {batchOf} from '../../source/model/batch.ts';
import {findingsOf} from '../../source/model/diagnosis.ts';
import type {Snapshot} from '../../source/model/snapshot.ts';
import {VIEWS} from '../../source/model/views.ts';
import {examineServer} from '../../source/postgres/examine-server.ts';
import type {PreparedSession} from '../../source/postgres/prepare-monitoring.ts';
import {readSessionDetail} from '../../source/postgres/session-detail.ts';
import {lineText} from '../../source/state/line.ts';
import {screenModel} from '../../source/state/screen-model.ts';
import type {TestSession} from '../helpers/cluster.ts';
import {
  describeOnSharedServers,
  edgesOf,
  openMonitor,
  settledSnapshot,
  takeSnapshot,
} from '../helpers/monitoring.ts';
import {seenBy, signalAndFollow} from '../helpers/signalling.ts';
import {blankState, collect, press} from '../helpers/states.ts';
import {stage} from './scenes.ts';

/** A role, and what is to be expected of it. */
type Expected = {
  readonly name: string;
  readonly seesAll: boolean;
  /** What comes of terminating an ordinary role's session, and a superuser's. `unseen`: it cannot be told apart, so it is not tried. */
  readonly clerk: 'ended' | 'refused' | 'unseen';
  readonly superuser: 'ended' | 'refused' | 'unseen';
  readonly fixes: readonly string[];
};

const GRANT_MONITOR = 'GRANT pg_monitor';
const GRANT_SIGNAL = 'GRANT pg_signal_backend';
const ROLES: readonly Expected[] = [
  {name: 'superuser', seesAll: true, clerk: 'ended', superuser: 'ended', fixes: []},
  {name: 'monitor', seesAll: true, clerk: 'refused', superuser: 'refused', fixes: [GRANT_SIGNAL]},
  {name: 'signaller', seesAll: false, clerk: 'unseen', superuser: 'unseen', fixes: [GRANT_MONITOR]},
  {name: 'both', seesAll: true, clerk: 'ended', superuser: 'refused', fixes: []},
  {
    name: 'ordinary',
    seesAll: false,
    clerk: 'unseen',
    superuser: 'unseen',
    fixes: [GRANT_MONITOR, GRANT_SIGNAL],
  },
];

/** A member of both that does not inherit: before 15 it saw everything all the same. */
const distant = (major: number): Expected => {
  const outcome = major < 15 ? 'refused' : 'unseen';
  return {name: 'distant', seesAll: major < 15, clerk: outcome, superuser: outcome, fixes: [GRANT_SIGNAL]};
};

describeOnSharedServers('the monitor as each kind of role', (cluster, major) => {
  const role = (name: string) => (name === 'superuser' ? cluster().user : `${name}_roles_${process.pid}`);
  let database: string;
  let control: TestSession;
  let scene: readonly TestSession[];

  beforeAll(async () => {
    database = await cluster().createDatabase();
    control = await cluster().connect({database});
    for (const name of ['monitor', 'signaller', 'both', 'ordinary', 'clerk'])
      await control.query(`CREATE ROLE ${role(name)} LOGIN`);
    await control.query(
      `CREATE ROLE ${role('distant')} LOGIN NOINHERIT;
       GRANT pg_monitor TO ${role('monitor')}, ${role('both')}, ${role('distant')};
       GRANT pg_signal_backend TO ${role('signaller')}, ${role('both')}, ${role('distant')};
       CREATE TABLE orders ()`,
    );
    scene = await stage(cluster(), control, database, [
      {opening: 'BEGIN; SELECT * FROM orders'},
      {waits: 'ALTER TABLE orders ADD note text'},
      {waits: 'SELECT * FROM orders'},
    ]);
  });

  test.each([...ROLES, distant(major)])('opens every view and no error escapes: $name', async expected => {
    const monitor = await openMonitor(cluster(), {user: role(expected.name), database});
    await monitor.collector.collect();
    const pids = scene.map(({pid}) => pid);
    const {snapshot, blockers} = await settledSnapshot(monitor, control, pids);
    expect(snapshot.reading).toMatchObject({isPartlyHidden: !expected.seesAll, failures: []});
    expect(edgesOf(snapshot, pids)).toEqual(Object.fromEntries(blockers));
    drawAll(snapshot);
    for (const {backend} of snapshot.sessions) await readSessionDetail(monitor, backend, []);
    const examination = await examineServer(monitor);
    const fixes = findingsOf(examination).flatMap(({fix}) => fix ?? []);
    for (const fix of expected.fixes) expect(fixes).toContainEqual(expect.stringContaining(fix));
    if (expected.name === 'distant' && major >= 15)
      expect(fixes[0]).toMatch(
        major >= 16 ? /^GRANT pg_monitor .* WITH INHERIT TRUE;$/ : /^ALTER ROLE .* INHERIT;$/,
      );
    else expect(fixes.some(fix => fix.startsWith(GRANT_MONITOR))).toBe(!expected.seesAll);
    for (const victim of ['clerk', 'superuser'] as const)
      expect([victim, await terminate(monitor, role(victim))]).toEqual([victim, expected[victim]]);
  });

  /** What comes of terminating a session of this user that the role sees. */
  const terminate = async (monitor: PreparedSession, user: string): Promise<string | undefined> => {
    const session = await cluster().connect({user, database});
    const snapshot = await takeSnapshot(monitor);
    const seen = snapshot.byPid.get(session.pid);
    if (seen === undefined) throw new Error('the session is not there');
    try {
      if (seen.backend.backendStart === null) {
        expect(batchOf('terminate', [seen], snapshot, false).targets).toEqual([]);
        return 'unseen';
      }
      return (await signalAndFollow(monitor, 'terminate', await seenBy(monitor, session.pid)))?.type;
    } finally {
      session.end();
    }
  };
});

/** Keys that open everything there is to open from a view. */
const WAYS = [[], ['t'], ['enter'], ['down', 'enter'], ['k'], ['c'], ['f9'], ['u'], ['?'], ['w', 'v']];

/** Every view with every page and dialog, in a small and a large terminal. */
function drawAll(snapshot: Snapshot): void {
  for (const [columns, rows] of [
    [80, 24],
    [200, 60],
  ] as const) {
    for (const {name: view} of VIEWS) {
      const state = collect(blankState({columns, rows, view}), snapshot);
      for (const keys of WAYS) {
        const model = screenModel(press(state, ...keys));
        const regions = model.type === 'inspect' ? [model.page, model.footer] : model.regions;
        const lines = regions.flatMap(region => region.lines.map(lineText));
        if (model.type === 'regions') expect(lines).toHaveLength(rows);
        expect(lines.join('\n')).not.toMatch(/undefined|NaN|\bnull\b/);
      }
    }
  }
}
