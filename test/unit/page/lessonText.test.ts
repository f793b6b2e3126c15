import { describe, expect, it } from 'vitest';
import type { Inline } from '../../../src/protocol.ts';
import { claimsOf } from '../../../webview/lesson/claims.ts';
import { modelFacts } from '../../../webview/lesson/modelFacts.ts';
import { plainText } from '../../../webview/lesson/plainText.ts';
import { writtenNumber } from '../../../webview/lesson/writtenNumber.ts';
import { model } from './fakePage.ts';

const text = (written: string): Inline => ({ kind: 'text', text: written });
const claim = (id: string, stated: string): Inline => ({ kind: 'claim', id, measured: `${id} of storyteller`, children: [text(stated)] });

it('a title with formulas and marks reads as plain text', () => {
  const tree = { tag: 'math', attributes: {}, children: [] };
  expect(plainText([text('Why '), { kind: 'math', tex: '\\sqrt{d}', tree }, { kind: 'break' }, { kind: 'strong', children: [text('matters')] }])).toBe('Why \\sqrt{d} matters');
});

describe('the numbers of a step', () => {
  it('are found wherever they stand, each once, in order', () => {
    const cell = (child: Inline): { readonly align: 'start'; readonly children: readonly Inline[] } => ({ align: 'start', children: [child] });
    const found = claimsOf({
      prose: [
        { kind: 'paragraph', children: [{ kind: 'strong', children: [claim('a', '6')] }, claim('a', '6')] },
        { kind: 'list', start: null, items: [[{ kind: 'paragraph', children: [claim('b', '43 %')] }]] },
        { kind: 'table', head: [cell(text('n'))], rows: [[cell(claim('c', '3'))]] },
        { kind: 'quote', children: [{ kind: 'paragraph', children: [claim('a', 'six')] }] },
      ],
    });
    expect(found.map(({ id, stated }) => [id, stated])).toEqual([['a', '6'], ['b', '43 %'], ['c', '3'], ['a', 'six']]);
    expect(found[1]?.measured).toBe('b of storyteller');
  });
});

describe('facts of a model', () => {
  it('say what is true of this one', () => {
    expect(modelFacts(model, 'learned').join(' ')).toMatch(/^storyteller is decoder-only: .* 2 layers, 3 heads .* 6 numbers .* 99 tokens.* 16 of them.* positions are learned/);
    expect(modelFacts({ ...model, name: 'recaller', kind: 'recurrent', attentions: [], heads: 0 }, null).join(' ')).toMatch(/recaller is a recurrent network.* 2 layers, a state of 6 numbers/);
  });
});

describe('a number that is guessed', () => {
  it('may be written as people write numbers', () => {
    expect(['43', '43 %', '0,43', ' .5 ', '−3', '+2 bits'].map((one) => writtenNumber(one))).toEqual([43, 43, 0.43, 0.5, -3, 2]);
  });

  it('is none where it is no number', () => {
    expect(['', 'many', '1 2', '1e', '--3', '1.2.3'].map((one) => writtenNumber(one))).toEqual([null, null, null, 1, null, null]);
  });
});
