import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {describe, expect, test} from 'vitest';
import {heavyRounds} from '../helpers/heavy-rounds.ts';
import {majors, programsOfMajor} from '../helpers/servers.ts';

const run = promisify(execFile);
const NAMESPACE = ['--pid', '--fork', '--mount-proc', '--kill-child'];

/** Why the kernel allows no pid namespace in which the next pid can be chosen; null when it does. */
async function whyNot(): Promise<string | null> {
  try {
    await run('unshare', [...NAMESPACE, 'sh', '-c', 'echo 500 > /proc/sys/kernel/ns_last_pid']);
    return null;
  } catch (error) {
    return `no pid namespace of its own: ${error instanceof Error ? error.message : error}`;
  }
}

const reason = await whyNot();
if (reason !== null) console.warn(reason);
const ROUNDS = heavyRounds(10, 50, 1000);

describe.skipIf(reason !== null)(
  `a session that gets the pid of another one${reason === null ? '' : `: ${reason}`}`,
  () => {
    test.each(majors.filter(major => programsOfMajor(major) !== null))(
      `is never hit by a signal meant for that one, on PostgreSQL %i, in ${ROUNDS} rounds of each kind`,
      async major => {
        const program = new URL('../fixtures/pid-reuse.ts', import.meta.url).pathname;
        const words = [process.execPath, program, programsOfMajor(major) ?? '', String(ROUNDS)];
        const {stdout} = await run('unshare', [...NAMESPACE, ...words]);
        const counted: Record<string, {rounds: number; wrong: number; right: number; gone: number}> =
          JSON.parse(stdout);
        console.info(`PostgreSQL ${major}: ${stdout.trim()}`);
        expect(Object.keys(counted)).toHaveLength(6);
        for (const {rounds, wrong, right, gone} of Object.values(counted))
          expect([rounds, wrong, right + gone]).toEqual([ROUNDS, 0, ROUNDS]);
      },
      60_000 + ROUNDS * 400,
    );
  },
);
