import {expect, test} from 'vitest';
import {notificationSequence} from '../../source/host/notification.ts';

test.each([
  ['bell', '\u0007'],
  ['osc9', '\u001b]9;pgtop: 12 waits\u0007'],
  ['osc777', '\u001b]777;notify;pgtop;12 waits\u0007'],
] as const)('%s has its sequence', (by, sequence) => {
  expect(notificationSequence(by, 'pgtop', '12 waits')).toBe(sequence);
});

test.each(['osc9', 'osc777'] as const)('nothing in a text ends the sequence of %s or begins another', by => {
  const text = 'a\u0007b\u001b\\c\u009cd\u001b]52;c;eA==\u0007e\nf;g\u202eh';
  const sequence = notificationSequence(by, 'pgtop', text);
  const inside = sequence.slice(2, -1);
  expect(inside).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(inside.split(';')).toHaveLength(by === 'osc9' ? 2 : 4);
});

test('a long text is cut', () => {
  expect(notificationSequence('osc9', 'pgtop', 'x'.repeat(5_000)).length).toBeLessThan(250);
});
