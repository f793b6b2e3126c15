import { describe, expect, it } from 'vitest';
import type { Token } from '../../../src/protocol.ts';
import { nextPosition } from '../../../webview/nextPosition.ts';
import { model, tokensOf } from './fakePage.ts';

const inText = (token: number): { sequence: 'text'; token: number } => ({ sequence: 'text', token });
const added = (token: Token): Token => ({ ...token, origin: 'added' });
const special = (token: Token): Token => ({ ...token, origin: 'special' });

describe('where the model is asked', () => {
  it('is the focused token, else the last one', () => {
    const info = { model, tokens: tokensOf(['a', ' b', ' c']) };
    expect(nextPosition(info, null, inText(1))).toBe(1);
    expect(nextPosition(info, null, null)).toBe(2);
  });

  it('of an encoder is the first mask, else the last word', () => {
    const reader = { ...model, predicts: 'masked', mask: '[MASK]' } as const;
    const [cls, cat, stop, end] = tokensOf(['[CLS]', 'cat', '.', '[SEP]']);
    const [mask] = tokensOf(['[MASK]']);
    if (!cls || !cat || !stop || !end || !mask) throw new Error('Five tokens were made.');
    expect(nextPosition({ model: reader, tokens: [added(cls), cat, special(mask), special(mask), stop, added(end)] }, null, null)).toBe(2);
    expect(nextPosition({ model: reader, tokens: [added(cls), cat, stop, added(end)] }, null, null)).toBe(1);
    expect(nextPosition({ model: reader, tokens: [added(cls), stop, added(end)] }, null, null)).toBe(1);
    expect(nextPosition({ model: reader, tokens: [added(cls), cat, special(mask), added(end)] }, null, inText(0))).toBe(0);
  });

  it('of a translator is in its output: what comes next while it writes, and before the end once it has', () => {
    const info = { model: { ...model, kind: 'encoder-decoder' } as const, tokens: tokensOf(['a', ' b']) };
    const tokens = tokensOf(['<pad>', 'un', ' chat', '</s>']);
    expect(nextPosition(info, { tokens: tokens.slice(0, 3), complete: false }, null)).toBe(2);
    expect(nextPosition(info, { tokens, complete: true }, null)).toBe(2);
    expect(nextPosition(info, { tokens, complete: true }, { sequence: 'output', token: 1 })).toBe(1);
    // A token of the text is nothing that the decoder goes on from.
    expect(nextPosition(info, { tokens, complete: true }, inText(0))).toBe(2);
    expect(nextPosition(info, { tokens: tokens.slice(0, 1), complete: true }, null)).toBe(0);
  });
});
