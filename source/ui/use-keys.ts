import {useInput, usePaste, useStdin} from 'ink';
import {useEffect} from 'react';
import {functionKeyNames, keyNames} from './key-name.ts';

/** Calls back for every key with its name, and for text that was pasted. */
export function useKeys(onKey: (key: string) => void, onPaste: (text: string) => void): void {
  const {stdin} = useStdin();
  useInput((input, key) => {
    for (const name of keyNames(input, key)) onKey(name);
  });
  usePaste(onPaste);
  useEffect(() => {
    // A passive look at what Ink reads: it drops the function keys.
    const onData = (bytes: string | Buffer) => {
      for (const name of functionKeyNames(String(bytes))) onKey(name);
    };
    stdin.on('data', onData);
    return () => {
      stdin.off('data', onData);
    };
  }, [stdin, onKey]);
}
