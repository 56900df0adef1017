import {render} from 'ink-testing-library';
import {expect, test} from 'vitest';
import {createStore, type Store} from '../../source/state/store.ts';
import {App, type TerminalEvents} from '../../source/ui/app.tsx';
import {createTheme} from '../../source/ui/theme.ts';
import {stateWith} from '../helpers/states.ts';

const THEME = createTheme(false);

/** A program on a pretended terminal, and what it was told. */
function start() {
  const store: Store = createStore(stateWith(undefined, {columns: 100, rows: 20}), () => undefined);
  const drawn: string[] = [];
  const keys: string[] = [];
  const events: TerminalEvents = {
    onKey: key => {
      keys.push(key);
      store.dispatch({type: 'key-pressed', key, atMs: 20_000});
    },
    onPaste: text => store.dispatch({type: 'text-pasted', text}),
    onAnswer: () => drawn.push('answer'),
    onDrawn: ({type}) => drawn.push(type),
  };
  return {store, drawn, keys, ...render(<App store={store} theme={THEME} events={events} />)};
}

test.each([
  ['k', 'confirm'],
  ['\u001bOP', 'help'],
  ['\r', 'inspect'],
])('the bytes %j reach the store as a key and what they change is drawn', async (bytes, mode) => {
  const {store, drawn, stdin, lastFrame, unmount} = start();
  const before = lastFrame();
  stdin.write(bytes);
  expect(store.getState().mode.type).toBe(mode);
  await expect.poll(() => drawn.at(-1)).toBe(mode);
  await expect.poll(lastFrame).not.toBe(before);
  unmount();
});

test('keys that come together are told in their order, and an answer of the terminal after all of them', async () => {
  const {drawn, stdin, unmount, keys} = start();
  stdin.write('a\u001bOPb\u001b[0n\u001b\u001b[Ac');
  expect(keys).toEqual(['a', 'f1', 'b', 'escape', 'up', 'c']);
  expect(drawn).not.toContain('answer');
  await expect.poll(() => drawn).toContain('answer');
  unmount();
});

test('Esc right before an answer of the terminal is told, once', async () => {
  const {stdin, unmount, keys, drawn} = start();
  stdin.write('\u001b');
  stdin.write('\u001b[0n');
  await expect.poll(() => drawn).toContain('answer');
  expect(keys).toEqual(['escape']);
  unmount();
});

test('unmounting takes away every listener', () => {
  const {store, stdin, unmount} = start();
  const during = ['data', 'readable'].map(event => stdin.listenerCount(event));
  unmount();
  expect(during.some(count => count > 0)).toBe(true);
  expect(['data', 'readable'].map(event => stdin.listenerCount(event))).toEqual([0, 0]);
  stdin.write('k');
  expect(store.getState().mode.type).toBe('browse');
});
