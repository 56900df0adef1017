import v8 from 'node:v8';

/**
 * Has V8 wait longer before it compiles a function anew for speed. A refresh a second calls most functions so seldom that compiling
 * them takes more time, for minutes, than it saves; what is called for every session is soon called often enough all the same.
 */
export function compilePatiently(): void {
  v8.setFlagsFromString('--invocation-count-for-maglev=1500');
  v8.setFlagsFromString('--invocation-count-for-turbofan=20000');
}
