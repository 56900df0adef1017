import {usePaste, useStdin} from 'ink';
import {useEffect} from 'react';
import {ESC, keyNames, takeAnswers} from './key-name.ts';

/** What the terminal sends. */
export type TerminalInput = {
  /** A key was pressed. */
  readonly onKey: (key: string) => void;
  readonly onPaste: (text: string) => void;
  /** The terminal answered TERMINAL_QUESTION; every key from before has been told. */
  readonly onAnswer: () => void;
};

/** Ink splits what it reads into sequences and hands them on in their order here; its own hook for keys leaves out F1 to F12. */
type SplitInput = {
  readonly internal_eventEmitter: {
    on(event: 'input', listener: (input: string) => void): unknown;
    off(event: 'input', listener: (input: string) => void): unknown;
  };
};

/** Calls back for keys, pasted text and answers of the terminal, in the order they came. */
export function useKeys({onKey, onPaste, onAnswer}: TerminalInput): void {
  const context = useStdin();
  const {stdin} = context;
  const {internal_eventEmitter: split} = context as typeof context & SplitInput;
  // Turns on the raw mode for all of them.
  usePaste(onPaste);
  useEffect(() => {
    let rest = '';
    const onInput = (input: string) => {
      // An Esc that was told is no longer one in front of an answer; behind another key of the same read it is still to come.
      if (input.endsWith(ESC)) rest = '';
      for (const name of keyNames(input)) onKey(name);
    };
    // Ink drops answers. Here they are seen before the keys of the same read, which may be older.
    const onData = (bytes: string | Buffer) => {
      const taken = takeAnswers(rest + String(bytes));
      rest = taken.rest;
      for (let lost = 0; lost < taken.escapes; lost++) queueMicrotask(() => onKey('escape'));
      for (let answer = 0; answer < taken.count; answer++) queueMicrotask(onAnswer);
    };
    split.on('input', onInput);
    stdin.on('data', onData);
    return () => {
      split.off('input', onInput);
      stdin.off('data', onData);
    };
  }, [split, stdin, onKey, onAnswer]);
}
