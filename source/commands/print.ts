/** Writes a text and a newline to stdout, and waits until it is gone or the reader is; nothing for no text. */
export function print(text: string): Promise<void> {
  if (text === '') return Promise.resolve();
  return new Promise(resolve => {
    process.stdout.write(`${text}\n`, () => resolve());
  });
}
