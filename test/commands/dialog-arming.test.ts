import {setTimeout as sleep} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {createDialogArming} from '../../source/commands/dialog-arming.ts';
import {waitFor} from '../helpers/wait-for.ts';

/** An arming with the number of questions that it asked. */
function countedArming() {
  let asked = 0;
  const arming = createDialogArming(
    () => {
      asked += 1;
    },
    () => undefined,
  );
  return {arming, asked: () => asked};
}

test('the terminal is asked once, a moment after the first frame', async () => {
  const {arming, asked} = countedArming();
  arming.drawn({type: 'browse'});
  expect(asked()).toBe(0);
  await waitFor('the question', () => asked() > 0);
  arming.answered();
  arming.drawn({type: 'browse'});
  await sleep(300);
  expect(asked()).toBe(1);
});

test('a terminal that was given away is asked nothing before it is back', async () => {
  const {arming, asked} = countedArming();
  arming.drawn({type: 'browse'});
  await arming.leave();
  arming.drawn({type: 'browse'});
  await sleep(300);
  expect(asked()).toBe(0);
  arming.back({type: 'browse'});
  await waitFor('the question', () => asked() > 0);
});

test('leaving waits for the answer that is on its way', async () => {
  const {arming, asked} = countedArming();
  arming.drawn({type: 'browse'});
  await waitFor('the question', () => asked() > 0);
  let isLeft = false;
  const left = arming.leave().then(() => {
    isLeft = true;
  });
  await Promise.resolve();
  expect(isLeft).toBe(false);
  arming.answered();
  await left;
  expect(isLeft).toBe(true);
});
