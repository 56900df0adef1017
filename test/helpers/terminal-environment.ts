/** Variables of the test runner and the build server that make programs draw differently or not at all. */
const REMOVED =
  /^(CI|CI_.*|CONTINUOUS_INTEGRATION|NO_COLOR|FORCE_COLOR|COLORTERM|COLUMNS|LINES|NODE_ENV|NODE_OPTIONS|TEST|VITEST|VITEST_.*|TERM_.*|LC_.*|LANGUAGE)$/;

/**
 * The environment of a program in the terminal: this process's, without what tells of a build server or a test runner, as
 * an xterm with 256 colours and UTF-8. `changes` come last; undefined removes a variable.
 */
export function terminalEnvironment(
  changes: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  const inherited = Object.entries(process.env).filter(([name]) => !REMOVED.test(name));
  const wanted = Object.entries({TERM: 'xterm-256color', LANG: 'C.UTF-8', ...changes});
  const merged = {...Object.fromEntries(inherited), ...Object.fromEntries(wanted)};
  return Object.fromEntries(
    Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
