/** Stops reading stdin, so that whoever reads the same terminal next, to ask for a password, has all of its keys. */
export async function releaseStdin(): Promise<void> {
  // The stream learns in the next turn only that nobody listens any more; a pause before that does nothing, and it would go on taking keys.
  await new Promise(setImmediate);
  process.stdin.pause();
}
