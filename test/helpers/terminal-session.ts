import {createInterface} from 'node:readline';
import {Readable} from 'node:stream';

/**
 * The leader of the program's job, run by perl inside the pty, as a shell with job control would: it gives the program a
 * process group of its own in the foreground, so that Ctrl-C, Ctrl-Z and SIGWINCH go where they would go, and it outlives a
 * hang-up, so that the program's end is known. Perl, because no shell tells exit code 143 from death by SIGTERM.
 * Reports lines on descriptor 3: `settings TEXT`, `started PID DEVICE`, `stopped`, then `settings` again and
 * `ended CODE SIGNAL`.
 */
const JOB_LEADER = `
use strict; use POSIX ();
open(my $report, ">&=", 3) or die "no report channel: $!";
my ($rows, $columns, $path, $shell, @command) = @ARGV;
sub report { syswrite($report, "@_\\n") }
sub settings { my $text = qx(stty -a 2>&1); $text =~ tr/\\n/ /; $? ? "" : $text }
ioctl(STDIN, 0x5414, pack("S4", $rows, $columns, 0, 0)) or die "cannot set the size: $!";
report("settings", settings());
my @signals = qw(HUP INT QUIT TSTP TTOU);
$SIG{$_} = "IGNORE" for @signals;
my $pid = fork() // die "cannot fork: $!";
if (!$pid) {
  POSIX::setpgid(0, 0);
  POSIX::tcsetpgrp(0, $$);
  $SIG{$_} = "DEFAULT" for @signals;
  report("started", $$, readlink("/proc/self/fd/0"));
  @ENV{"PATH", "SHELL"} = ($path, $shell);
  exec {$command[0]} @command;
  print STDERR "cannot start $command[0]: $!\\n";
  POSIX::_exit(127);
}
while (waitpid($pid, POSIX::WUNTRACED()) == $pid) {
  my $status = $?;
  if (kill(0, $pid)) { report("stopped"); next }
  report("settings", settings());
  report("ended", $status >> 8, $status & 127);
  last;
}
`;

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** The program to run in the pty, with its environment. */
export type SessionOptions = {
  readonly command: readonly string[];
  readonly columns: number;
  readonly rows: number;
  readonly env: Readonly<Record<string, string>>;
};

/**
 * The shell line for `script -c` that runs the program on a pty of the given size. The shell stays in between as the session
 * leader, which dies at a hang-up: only then does the kernel send SIGHUP to the job in the foreground.
 */
export function sessionLine({command, columns, rows, env}: SessionOptions): string {
  const size = [String(rows), String(columns)];
  const words = ['perl', '-e', JOB_LEADER, '--', ...size, env.PATH ?? '', env.SHELL ?? '', ...command];
  return `${words.map(quoted).join(' ')}; :`;
}

/** The environment for `sessionLine`'s shell: the program's, but with the PATH that finds perl, and a plain shell. */
export function sessionEnvironment({env}: SessionOptions): Readonly<Record<string, string>> {
  return {...env, PATH: process.env.PATH ?? '/usr/bin:/bin', SHELL: '/bin/sh'};
}

/** The program as the job leader started it; `settings` are those of `stty -a` just before. */
export type SessionStart = {readonly pid: number; readonly device: string; readonly settings: string};

/**
 * How the program ended, exit code or signal number, and `stty -a` just after (empty when the pty was gone). Both are null
 * when nobody knows because the job leader was killed.
 */
export type SessionEnd = {
  readonly code: number | null;
  readonly signal: number | null;
  readonly settings: string;
};

/** What becomes of the program, as its job leader reports it. */
export type SessionLife = {readonly started: Promise<SessionStart>; readonly ended: Promise<SessionEnd>};

/** Follows the job leader's reports. `started` rejects when there is no program to report about; `ended` never rejects. */
export function followSession(reports: unknown, onStop: () => void): SessionLife {
  if (!(reports instanceof Readable)) throw new TypeError('The reports of the job leader cannot be read.');
  const started = Promise.withResolvers<SessionStart>();
  const ended = Promise.withResolvers<SessionEnd>();
  let settings = '';
  const lines = createInterface({input: reports});
  lines.on('line', line => {
    const [type, first = '', second = ''] = line.split(' ');
    if (type === 'settings') settings = line.slice(type.length + 1);
    if (type === 'started') started.resolve({pid: Number(first), device: second, settings});
    if (type === 'stopped') onStop();
    if (type === 'ended') {
      const wasKilled = Number(second) > 0;
      ended.resolve({
        code: wasKilled ? null : Number(first),
        signal: wasKilled ? Number(second) : null,
        settings,
      });
    }
  });
  lines.once('close', () => {
    started.reject(new Error('script(1) ended before the program was started.'));
    ended.resolve({code: null, signal: null, settings: ''});
  });
  return {started: started.promise, ended: ended.promise};
}
