import { describe, expect, it } from 'vitest';
import { spelled, tokenUnits, unitAt, wordUnits } from '../../../webview/units.ts';
import { tokenFaces } from '../../../webview/views/tokenFace.ts';
import { visibleLabel, visiblePieces } from '../../../webview/visibleText.ts';
import { tokensOf } from './fakePage.ts';

describe('visible text', () => {
  it('shows blanks and line ends', () => {
    expect(visibleLabel(' the\n')).toBe('␣the↵');
    expect(visibleLabel('\t\r\n')).toBe('→␍↵');
    expect(visibleLabel('\u00a0')).toBe('⟨00A0⟩');
  });

  it('shows by number what would turn the text around it', () => {
    expect(visibleLabel('\u202eabc')).toBe('⟨202E⟩abc');
    expect(visibleLabel('\ud800')).toBe('⟨D800⟩');
    expect(visibleLabel('\u0000')).toBe('⟨0000⟩');
  });

  it('isolates right-to-left text from the sentence around it', () => {
    expect(visibleLabel(' שלום')).toBe('\u2068␣שלום\u2069');
  });

  it('leaves emoji families and flags whole', () => {
    expect(visibleLabel('👨‍👩‍👧')).toBe('👨‍👩‍👧');
    expect(visibleLabel('❤️')).toBe('❤️');
  });

  it('breaks lines where the text does', () => {
    expect(visiblePieces('a\r\n  b')).toEqual([
      { text: 'a', invisible: false, endsLine: false },
      { text: '␍↵', invisible: true, endsLine: true },
      { text: '··', invisible: true, endsLine: false },
      { text: 'b', invisible: false, endsLine: false },
    ]);
  });
});

describe('faces of tokens', () => {
  it('show a split character once, then the bytes of its other parts', () => {
    const text = '😀!';
    const emoji = { id: 1, text: '😀', start: 0, end: 2, origin: 'text', partial: true, word: 0 } as const;
    const faces = tokenFaces([{ ...emoji, bytes: [0xf0, 0x9f] }, { ...emoji, bytes: [0x98, 0x80] }, { ...emoji, text: '!', start: 2, end: 3, partial: false, bytes: [0x21] }], text);
    expect(faces.map(({ pieces, bytes }) => pieces.map((piece) => piece.text).join('') + bytes)).toEqual(['😀', '98 80', '!']);
    expect(faces.map(({ marks }) => marks)).toEqual([['partial'], ['partial'], []]);
  });

  it('end a line once where CR and LF are two tokens', () => {
    const faces = tokenFaces(tokensOf(['a\r', '\n']), 'a\r\n');
    expect(faces.map(({ pieces }) => pieces.at(-1)?.endsLine)).toEqual([false, true]);
  });

  it('leave the text between tokens where it is, and show what the text has where the tokenizer changed it', () => {
    const text = '\nThe cat.';
    const word = { id: 1, bytes: [], origin: 'text', partial: false, word: 0 } as const;
    const added = { ...word, text: '[CLS]', origin: 'added', start: 0, end: 0 } as const;
    const faces = tokenFaces([added, { ...word, text: 'the', changed: 'the', start: 1, end: 4 }, { ...word, text: 'cat', start: 5, end: 8 }, { ...word, text: '.', start: 8, end: 9 }], text);
    expect(faces.map(({ gap, pieces }) => [...gap, ...pieces].map((piece) => piece.text).join(''))).toEqual(['[CLS]', 'The', '·cat', '.']);
  });

  it('mark what the tokenizer added or changed', () => {
    const [token] = tokensOf(['A']);
    if (!token) throw new Error('No token.');
    const added = { ...token, text: '[CLS]', bytes: [], end: 0, origin: 'added' as const };
    expect(tokenFaces([added, { ...token, changed: 'a' }], 'A').map(({ marks }) => marks)).toEqual([['added'], ['changed']]);
  });
});

describe('units', () => {
  it('are tokens, or words cut from the text', () => {
    const tokens = tokensOf(['un', 'seen', ' cat'], [0, 0, 1]);
    expect(tokenUnits(tokens).map(({ text }) => text)).toEqual(['un', 'seen', ' cat']);
    expect(wordUnits(tokens, 'unseen cat')).toEqual([
      { text: 'unseen', firstToken: 0, lastToken: 1 },
      { text: ' cat', firstToken: 2, lastToken: 2 },
    ]);
  });

  it('of a split character hold it once', () => {
    const piece = { id: 1, text: '😀', bytes: [], start: 0, end: 2, origin: 'text', partial: true, word: 0 } as const;
    expect(wordUnits([piece, piece], '😀')).toEqual([{ text: '😀', firstToken: 0, lastToken: 1 }]);
  });

  it('of an output spell the text that their ranges are in', () => {
    const piece = { id: 1, text: '猫', bytes: [], start: 1, end: 2, origin: 'text', partial: true, word: 0 } as const;
    const tokens = [{ ...piece, text: '一', start: 0, end: 1, partial: false }, piece, piece, { ...piece, text: '。', start: 2, end: 3, partial: false }];
    expect(spelled(tokens)).toBe('一猫。');
    expect(spelled([])).toBe('');
  });

  it('are found by token', () => {
    const units = wordUnits(tokensOf(['a', 'b', 'c', 'd'], [0, 0, 1, 2]), 'abcd');
    expect([0, 1, 2, 3].map((token) => unitAt(units, token))).toEqual([0, 0, 1, 2]);
  });
});
