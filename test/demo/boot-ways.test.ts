import {spawnSync} from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {missingLibraryLinks} from '../../source/demo/library-links.ts';
import {linkTree} from '../../source/demo/linked-tree.ts';
import {canRun, serverAccount} from '../../source/demo/server-account.ts';
import {startThrowAwayServer} from '../../source/demo/throw-away-server.ts';
import {majors, programsOfMajor} from '../helpers/servers.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {startOwner} from './owner-process.ts';

const isRoot = process.geteuid?.() === 0;
const account = await serverAccount();
const here = import.meta.filename;
const asked = spawnSync(process.execPath, ['-e', 'fs.readFileSync(process.argv[1])', here], {
  ...account,
  cwd: '/',
});
const builds = majors.flatMap(major => {
  const programs = programsOfMajor(major);
  return programs?.includes('/node_modules/') ? [{major, programs}] : [];
});
let home = '';

beforeEach(() => {
  home = mkdtempSync(join(realpathSync(tmpdir()), 'home-'));
});

afterEach(() => rmSync(home, {recursive: true}));

/** The build once more below a home of that mode, without links, as npm unpacks it when no install script may run. */
function unpackBelowHome(programs: string, mode: number): string {
  const copy = linkTree(programs, join(home, 'native'));
  const libraries = join(home, 'native', 'lib');
  for (const name of readdirSync(libraries)) {
    if (lstatSync(join(libraries, name)).isSymbolicLink()) rmSync(join(libraries, name));
  }
  chmodSync(home, mode);
  return copy;
}

/** What was started within five seconds; a start that its neighbours held up is made anew, twice at the most. */
async function startedInTime<T>(start: () => Promise<T>, stop: (started: T) => Promise<void>): Promise<T> {
  for (let tries = 1; ; tries++) {
    const from = performance.now();
    const started = await start();
    const took = performance.now() - from;
    if (took < 5_000) return started;
    await stop(started);
    if (tries === 3) expect(took).toBeLessThan(5_000);
  }
}

describe.each(builds)('PostgreSQL $major boots within five seconds', ({major, programs}) => {
  test('from below a home that only its owner may enter, without the links of its libraries', {
    timeout: 120_000,
  }, async () => {
    const copy = unpackBelowHome(programs, 0o700);
    expect(missingLibraryLinks(dirname(copy)).length).toBeGreaterThan(0);
    expect(await canRun(account, copy)).toBe(!isRoot);
    const ownerBefore = statSync(join(copy, 'postgres')).uid;
    const server = await startedInTime(
      () => startThrowAwayServer({programs: copy}),
      slow => slow.stop(),
    );
    expect(server.major).toBe(major);
    expect(existsSync(join(server.socketFolder, 'pg', 'bin', 'postgres'))).toBe(isRoot);
    await server.stop();
    expect(existsSync(server.socketFolder)).toBe(false);
    expect(statSync(join(copy, 'postgres')).uid).toBe(ownerBefore);
  });

  test.skipIf(asked.status !== 0)(
    'for an ordinary user, without the links of its libraries',
    {timeout: 120_000},
    async () => {
      const copy = unpackBelowHome(programs, 0o755);
      const end = async ({child, socketFolder}: Awaited<ReturnType<typeof startOwner>>) => {
        child.kill('SIGKILL');
        await waitFor('the server to be gone', () => !existsSync(socketFolder));
      };
      const owner = await startedInTime(() => startOwner(copy, account), end);
      const {socketFolder, version} = owner;
      expect(version).toMatch(new RegExp(`^${major}\\.`));
      expect(statSync(socketFolder).uid).toBe(account.uid ?? process.geteuid?.());
      await end(owner);
    },
  );
});
