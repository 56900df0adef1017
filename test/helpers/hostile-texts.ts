import type {Random} from './random.ts';

/** What a terminal acts on, hides, joins to its neighbours or draws in other cells than it takes. */
export const HOSTILE_PIECES: readonly [string, ...string[]] = [
  '\u001b]52;c;ZXZpbA==\u0007',
  '\u001b]0;title\u001b\\',
  '\u001b[2J',
  '\u001b[03;03H',
  '\u001b[?1049l',
  '\u001bc',
  '\u009b31m',
  '\u009d0;x\u009c',
  '\u0090q\u009c',
  '\u202e',
  '\u2066',
  '\u2069',
  '\u200b',
  '\u200d',
  '\ufeff',
  '\u00ad',
  '\u061c',
  '\u180e',
  '\u2028',
  '\u2029',
  '\u0085',
  '\u00a0',
  '\u3000',
  '\r',
  '\n',
  '\t',
  '\b',
  '\v',
  '\u0000',
  '\u007f',
  '\ud800',
  '\udc00',
  '\u{e0041}',
  '\u{e007f}',
  '\ufe0f',
  '\u{e0100}',
  '\u3164',
  '\uffa0',
  '\u115f',
  '\u2800',
  '\ue000',
  '\u{10ffff}',
  '\ufdd0',
  '\u0301',
  '\u0489',
  '\u20dd',
  '\u034f',
  '  ',
  ' ',
  'a',
  'é',
  'e\u0301',
  '漢',
  '😀',
  '👨\u200d👩\u200d👧',
  '한',
  'ਕ',
  '\u{1d173}',
  '\u206f',
  '\ufff9',
  '\u{110bd}',
];

/** What must never reach a terminal, written apart from what keeps it out: controls and all that is hidden, bidi overrides among it. */
export const LEAK = /[\p{C}\p{Zl}\p{Zp}\p{Variation_Selector}\u115f\u1160\u2800\u3164\uffa0]|\u034f/u;

/** A text of up to 23 pieces, hostile ones and any code unit there is, lone surrogates too. */
export function hostileText(random: Random): string {
  const pieces = Array.from({length: random.below(24)}, () =>
    random.below(10) < 6
      ? random.pick(HOSTILE_PIECES)
      : String.fromCharCode(random.below(random.below(2) === 0 ? 0x100 : 0x1_0000)),
  );
  return pieces.join('');
}
