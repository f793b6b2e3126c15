import { expect, it } from 'vitest';
import { tokenizerOf } from './fixtures.ts';

const LENGTH = 100_000;

/** Letters without an order that a vocabulary could know, the same each time. */
function letters(count: number): string {
  let state = 1;
  return Array.from({ length: count }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return String.fromCharCode(97 + (state % 26));
  }).join('');
}

const LINES: readonly [string, string][] = [
  ['one letter', 'a'.repeat(LENGTH)],
  ['letters without spaces', letters(LENGTH)],
  ['Chinese', '你好世界'.repeat(LENGTH / 4)],
  ['emoji', '👨‍👩‍👧'.repeat(LENGTH / 8)],
  ['spaces', ' '.repeat(LENGTH)],
  ['accents on one letter', `a${'\u0301'.repeat(LENGTH - 1)}`],
  ['special tokens', '<s>'.repeat(LENGTH / 4)],
  ['what could begin special tokens', '<|endoftex'.repeat(LENGTH / 10)],
];

const CASES = [
  ...['gpt2', 'llama2', 'bert-uncased', 't5'].flatMap((kind) => LINES.slice(0, 2).map(([name, line]) => [kind, name, line] as const)),
  ...['gpt2', 't5'].flatMap((kind) => LINES.slice(2).map(([name, line]) => [kind, name, line] as const)),
];

// Some 0.1 to 1 s each. Were any step quadratic, these lines would take minutes.
it.each(CASES)(
  '%s gets through a line of 100,000: %s',
  (kind, _name, line) => {
    const tokens = tokenizerOf(kind).encode(line);
    expect(tokens.at(-1)?.end ?? line.length).toBeLessThanOrEqual(line.length);
    expect(tokens.length).toBeLessThanOrEqual(4 * line.length);
  },
  20_000,
);
