import {describe, expect, test} from 'vitest';
import ExactOutput from '../../../node_modules/ink/build/output.js';
import {FrameOutput} from '../../../source/ui/stage/frame-output.ts';
import {styledRow} from '../../../source/ui/stage/styled-row.ts';
import {type Random, randomFrom} from '../../helpers/random.ts';
import {randomText} from './random-texts.ts';

type Stage = Pick<ExactOutput, 'write' | 'clip' | 'unclip'>;

const SIZE = {width: 60, height: 12};
const PLAIN = {transformers: []};

/** What stands in each cell, in which look; blanks at the end of a row are not told. */
function cellsOf(output: string): readonly unknown[] {
  return output.split('\n').map(line => {
    const row = styledRow(line);
    return row === null
      ? line
      : row.runs.flatMap(({text, looks}) => [...text].map(character => `${character}${looks}`));
  });
}

function bothStages(draw: (stage: Stage) => void): readonly [readonly unknown[], readonly unknown[]] {
  const stages = [new FrameOutput(SIZE), new ExactOutput(SIZE)] as const;
  for (const stage of stages) draw(stage);
  const [ours, exact] = stages.map(stage => stage.get());
  expect(ours?.height).toBe(exact?.height);
  return [cellsOf(ours?.output ?? ''), cellsOf(exact?.output ?? '')];
}

const upper = (line: string, index: number) => `\u001b[3m${index}${line}\u001b[23m`;

/** Texts beside, over and under each other, some cut off by a clip, some of several lines, some changed on the way. */
function drawRandom(random: Random, stage: Stage): void {
  const {below} = random;
  for (let texts = 1 + below(14); texts > 0; texts--) {
    const isClipped = below(4) === 0;
    if (isClipped) {
      const [x1, y1] = [below(30), below(8)];
      const across = below(2) === 0 ? {x1: undefined, x2: undefined} : {x1, x2: x1 + below(30)};
      const down = below(2) === 0 ? {y1: undefined, y2: undefined} : {y1, y2: y1 + below(6)};
      stage.clip({...across, ...down});
    }
    const lines = Array.from({length: below(5) === 0 ? 1 + below(3) : 1}, () => randomText(random, 4));
    stage.write(below(3) === 0 ? below(40) : 0, below(14) - 1, lines.join('\n'), {
      transformers: below(5) === 0 ? [upper] : [],
    });
    if (isClipped) stage.unclip();
  }
}

describe('the stage makes the same cells as the one it stands in for', () => {
  test('in three thousand random frames', {timeout: 60_000}, () => {
    for (let seed = 0; seed < 3_000; seed++) {
      const [ours, exact] = bothStages(stage => drawRandom(randomFrom(seed), stage));
      expect(ours, `seed ${seed}`).toEqual(exact);
    }
  });

  test.each([
    ['a look that is left on', (stage: Stage) => stage.write(0, 0, '\u001b[1mbold', PLAIN)],
    ['an unknown sequence', (stage: Stage) => stage.write(0, 0, 'a\u001b[58;5;1mb', PLAIN)],
    [
      'a text over another',
      (stage: Stage) => {
        stage.write(0, 1, 'underneath', PLAIN);
        stage.write(3, 1, '日本', PLAIN);
      },
    ],
    ['a text out of sight', (stage: Stage) => stage.write(0, 40, 'nowhere', PLAIN)],
    [
      'clips one inside the other',
      (stage: Stage) => {
        stage.clip({x1: 0, x2: 30, y1: 1, y2: 3});
        stage.clip({x1: 2, x2: 60, y1: 0, y2: 2});
        stage.write(0, 0, 'one\ntwo\nthree\nfour', PLAIN);
        stage.unclip();
        stage.write(0, 4, 'after', PLAIN);
        stage.unclip();
      },
    ],
  ])('with %s', (_, draw) => {
    const [ours, exact] = bothStages(draw);
    expect(ours).toEqual(exact);
  });
});

test('whole lines one under another pass as they are', () => {
  const stage = new FrameOutput(SIZE);
  const lines = ['\u001b[1mhead\u001b[22m', 'row 日本 \u001b[7mend\u001b[27m', ''];
  for (const [y, line] of lines.entries()) stage.write(0, y, line, PLAIN);
  expect(stage.get().output.split('\n').slice(0, 3)).toEqual(lines);
});
