import v8 from 'node:v8';

/** After how many calls a function is compiled quickly, and after how many thoroughly; V8 by itself takes 400 and 3,000. */
const CALLS = {maglev: 6_000, turbofan: 60_000};

/**
 * Has V8 wait longer before it compiles a function anew for speed. A refresh a second calls most functions so seldom that compiling
 * them takes more time, for minutes, than it saves; what is called for every session is soon called often enough all the same.
 */
export function compilePatiently(): void {
  for (const [compiler, calls] of Object.entries(CALLS))
    v8.setFlagsFromString(`--invocation-count-for-${compiler}=${calls}`);
}
