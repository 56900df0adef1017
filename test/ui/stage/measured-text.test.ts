import {expect, test} from 'vitest';
import measureExactly from '../../../node_modules/ink/build/measure-text.js';
import {measuredText} from '../../../source/ui/stage/measured-text.ts';
import {randomFrom} from '../../helpers/random.ts';
import {randomText} from './random-texts.ts';

test('texts are as wide and as high as what it stands in for says', () => {
  const random = randomFrom(11);
  expect(measuredText('')).toEqual(measureExactly(''));
  for (let round = 0; round < 2_000; round++) {
    const lines = Array.from({length: 1 + random.below(4)}, () =>
      random.below(6) === 0 ? '' : randomText(random, 4),
    );
    const text = lines.join('\n');
    expect(measuredText(text), JSON.stringify(text)).toEqual(measureExactly(text));
  }
});
