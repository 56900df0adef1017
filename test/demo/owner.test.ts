import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {expect, test} from 'vitest';
import {hasEnded, ownerText, readOwner, thisProcess} from '../../source/demo/owner.ts';

test('an owner is read back as it was written', () => {
  expect(readOwner(ownerText(thisProcess()))).toEqual(thisProcess());
});

test.each(['', '12', '0\n1\nn\n', '-1\n1\nn\n', '12\n\nn\n', '12\n1\nn', '12\n1\nn\nmore\n', 'x\n1\nn\n'])(
  'the text %j names no owner',
  text => {
    expect(readOwner(text)).toBeNull();
  },
);

test('a living process has not ended', () => {
  expect(hasEnded(thisProcess())).toBe(false);
});

test('a process has ended when its pid belongs to one that began at another time', () => {
  expect(hasEnded({...thisProcess(), start: '1'})).toBe(true);
});

test('a process has ended when there is none with its pid', async () => {
  const child = spawn('true');
  await once(child, 'exit');
  expect(hasEnded({...thisProcess(), pid: child.pid ?? 0})).toBe(true);
});

test('a process of another container is never held to have ended', () => {
  expect(hasEnded({...thisProcess(), start: '1', pidNamespace: 'pid:[1]'})).toBe(false);
});
