/** How an output that was written with experiments differs from the one without. */
import { expect, it } from 'vitest';
import type { Token } from '../../../src/protocol.ts';
import { textChanges } from '../../../webview/textChanges.ts';

/** Each piece a token of its own, equal pieces of equal id; `<…>` stands for no text. */
function tokens(...pieces: readonly string[]): Token[] {
  let end = 0;
  return pieces.map((text) => {
    const special = text.startsWith('<');
    const start = end;
    end += text.length;
    return { id: Array.from(text).reduce((id, character) => id * 31 + (character.codePointAt(0) ?? 0), 7) % 65521, text, bytes: [], start, end, origin: special ? 'special' : 'text', partial: false, word: 0 };
  });
}

const words = (all: ReturnType<typeof textChanges>): string => all.map(({ kind, text }) => `${{ same: '', new: '+', gone: '-' }[kind]}[${text}]`).join('');
const before = tokens('<pad>', 'le', ' chat', ' dort', ' ici', '</s>');

it.each([
  ['the same', tokens('<pad>', 'le', ' chat', ' dort', ' ici', '</s>'), '[le chat dort ici]'],
  ['another word', tokens('<pad>', 'le', ' chien', ' dort', ' ici', '</s>'), '[le]-[ chat]+[ chien][ dort ici]'],
  ['a shorter one', tokens('<pad>', 'le', ' chat', '</s>'), '[le chat]-[ dort ici]'],
  ['a longer one', tokens('<pad>', 'le', ' chat', ' dort', ' ici', ' !', '</s>'), '[le chat dort ici]+[ !]'],
  ['nothing at all', tokens('<pad>', '</s>'), '-[le chat dort ici]'],
])('%s is told as what stayed, what is new and what is gone', (_, after, expected) => {
  expect(words(textChanges(before, after, true))).toBe(expected);
});

it('while it is being written nothing counts as gone that may still come', () => {
  expect(words(textChanges(before, tokens('<pad>', 'le', ' chat'), false))).toBe('[le chat]');
  expect(words(textChanges(before, tokens('<pad>'), false))).toBe('');
  expect(words(textChanges(before, tokens('<pad>', 'le', ' dort'), false))).toBe('[le]-[ chat][ dort]');
});

it('a character of two tokens stands once', () => {
  const half = (id: number): Token => ({ id, text: '😀', bytes: [], start: 1, end: 3, origin: 'text', partial: true, word: 0 });
  const [a] = tokens('a');
  if (!a) throw new Error('no token');
  expect(words(textChanges([a, half(1), half(2)], [a, half(1), half(3)], true))).toBe('[a😀]');
});

it('both texts come together again from the stretches', () => {
  const after = tokens('<pad>', 'un', ' chat', ' noir', ' dort', '</s>');
  const all = textChanges(before, after, true);
  expect(all.filter(({ kind }) => kind !== 'gone').map(({ text }) => text).join('')).toBe('un chat noir dort');
  expect(all.filter(({ kind }) => kind !== 'new').map(({ text }) => text).join('')).toBe('le chat dort ici');
});
