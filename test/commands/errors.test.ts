import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {type Cluster, sharedCluster} from '../helpers/cluster.ts';
import {majors, programsOfMajor} from '../helpers/servers.ts';
import {buildIfMissing, type Ran, runPgtop} from './run-pgtop.ts';

const newest = Math.max(...majors.filter(major => programsOfMajor(major) !== null));

/** Words, the exit code, and what stands on stderr line by line. */
type Mistake = readonly [
  words: readonly string[],
  code: number,
  message: string | RegExp,
  hint?: string | RegExp,
  third?: string | RegExp,
];

const HELP = 'Try pgtop --help.';

const usage: readonly Mistake[] = [
  [['sessions', '--bogus'], 2, 'pgtop: there is no option --bogus', HELP],
  [['sessions', '-x'], 2, 'pgtop: there is no option -x', HELP],
  [['sessions', 'shop', 'bank'], 2, 'pgtop: one CONNECTION at most, not "shop bank"', HELP],
  [['sessions', 'postgres', '-d', 'shop'], 2, /^pgtop: .*database.*(twice|-d)/, /./],
  [['sessions', '--host', 'a', '--host', 'b'], 2, /--host/, HELP],
  [['sessions', '--view', 'all'], 2, 'pgtop: --view does not belong to pgtop sessions', HELP],
  [['locks', '--filter', 'idle'], 2, 'pgtop: --filter does not belong to pgtop locks', HELP],
  [['locks', '--format', 'csv'], 2, 'pgtop: --format takes table, json, not "csv"'],
  [['sessions', '--format', 'xml'], 2, 'pgtop: --format takes table, json, csv, not "xml"'],
  [['sessions', '--format'], 2, /^pgtop: .*--?format/, HELP],
  [['sessions', '--limit', 'some'], 2, 'pgtop: --limit takes a whole number, not "some"'],
  [['sessions', '--limit', '1.5'], 2, 'pgtop: --limit takes a whole number, not "1.5"'],
  [['sessions', '--limit', '-1'], 2, /^pgtop: --limit takes a whole number/],
  [['sessions', '--watch', '0.1'], 2, 'pgtop: --watch takes 0.2 to 3600 seconds, not "0.1"'],
  [['locks', '--max-wait', 'long'], 2, 'pgtop: --max-wait takes a number of seconds, not "long"'],
  [['locks', '--max-wait', '-1'], 2, 'pgtop: --max-wait takes a number of seconds, not "-1"'],
  [['sessions', '--watch', 'soon'], 2, 'pgtop: --watch takes 0.2 to 3600 seconds, not "soon"'],
  [['sessions', '--sort', 'size'], 2, /^pgtop: --sort takes COLUMN/, /^Columns: pid, user, /],
  [['sessions', '--sort', 'pid:up'], 2, /^pgtop: --sort takes COLUMN/, /^Columns: /],
  [['sessions', '--filter', 'idle usr:bob'], 2, /^pgtop: --filter: /, 'idle usr:bob', /^ {5}\^$/],
  [['sessions', '--filter', 'pid:x'], 2, /^pgtop: --filter: /, 'pid:x', '    ^'],
  [['sessions', '--filter', '/(/'], 2, /^pgtop: --filter: /, '/(/', /^ *\^$/],
  [['sessions', 'postgres://h/d?nonsense=1'], 2, /^pgtop: .*nonsense/, /./],
  [['sessions', '--sort', 'cpu'], 2, /^pgtop: --sort takes COLUMN/, /^Columns: (?!.*cpu)/],
  [['--threshold', 'speed=1s'], 2, /^pgtop: --threshold takes NAME=VALUE, not "speed=1s"/, /query=5m/],
  [['--threshold', 'wait=5s,xid=2m'], 2, /^pgtop: --threshold takes NAME=VALUE, not "xid=2m"/, /xid=150%/],
  [['--notify', 'pigeon'], 2, 'pgtop: --notify takes no, bell, osc9, osc777, not "pigeon"'],
  [['sessions', '--notify', 'bell'], 2, 'pgtop: --notify does not belong to pgtop sessions', HELP],
  [[], 2, 'pgtop: pgtop needs a terminal', 'pgtop sessions and pgtop locks print to files and pipes.'],
];

const refusals: readonly Mistake[] = [
  [
    ['sessions', '-h', '/nonexistent'],
    1,
    /^pgtop: cannot connect to \S+@\/nonexistent:\d+\/\S+: .*ENOENT/,
    /^Is the server running there\?/,
  ],
  [
    ['sessions', '-h', '127.0.0.1', '-p', '1'],
    1,
    /^pgtop: cannot connect .*127\.0\.0\.1:1.*ECONNREFUSED/,
    /^Is the server running there\?/,
  ],
  [
    ['sessions', 'nowhere'],
    1,
    /^pgtop: cannot connect to \S+\/nowhere: database "nowhere" does not exist$/,
    /^List the databases/,
  ],
  [
    ['locks', '-U', 'nobody_here'],
    1,
    /^pgtop: cannot connect to nobody_here@\S+: role "nobody_here" does not exist$/,
  ],
  [
    ['locks', '-h', 'no.such.host.invalid'],
    1,
    /^pgtop: cannot connect .*no\.such\.host\.invalid/,
    /^The name of the host is not known/,
  ],
];

describe.skipIf(newest < 0)('a mistake', () => {
  const clusters: Cluster[] = [];
  let ran: ReadonlyMap<Mistake, Ran>;

  beforeAll(async () => {
    await buildIfMissing();
    const cluster = await sharedCluster(newest);
    clusters.push(cluster);
    const all = [...usage, ...refusals];
    const answers = new Map<Mistake, Ran>();
    // A few at a time: starting the program is what takes the time.
    const work = async () => {
      for (let mistake = all.shift(); mistake !== undefined; mistake = all.shift())
        answers.set(mistake, await runPgtop(cluster, mistake[0]));
    };
    await Promise.all([work(), work(), work()]);
    ran = answers;
  });

  afterAll(() => clusters[0]?.stop());

  test.each([...usage, ...refusals].map(mistake => [mistake[0].join(' ') || '(no words)', mistake] as const))(
    'is told in a line and a hint: pgtop %s',
    (_, mistake) => {
      const [, code, ...asked] = mistake;
      const lines = asked.filter(line => line !== undefined);
      const answer = ran.get(mistake);
      expect([answer?.code, answer?.stdout]).toEqual([code, '']);
      const told = answer?.stderr.split('\n').slice(0, -1) ?? [];
      expect(told).toEqual(
        lines.map(line => (typeof line === 'string' ? line : expect.stringMatching(line))),
      );
    },
  );

  test('in a password given on the command line is not repeated', async () => {
    const [cluster] = clusters;
    if (cluster === undefined) throw new Error('no server');
    const {code, stderr} = await runPgtop(cluster, ['sessions', 'postgres://u:hunter2@127.0.0.1:1/d']);
    expect(code).toBe(1);
    expect(stderr).not.toContain('hunter2');
    expect(stderr).not.toMatch(/^ {4}at /m);
  });
});
