import { describe, expect, it } from 'vitest';
import type { Token } from '../../../src/protocol.ts';
import { typewriter } from '../../../webview/gallery/typewriter.ts';
import { fitText, labelUnits, shortLabel } from '../../../webview/graphs/labels.ts';
import { tokenUnits } from '../../../webview/units.ts';
import { tokensOf } from './examples.ts';

describe('a label', () => {
  it.each([
    [' the', 'the'],
    ['ing', 'ing'],
    [' ', '␣'],
    ['  ', '␣␣'],
    ['        ', '␣×8'],
    ['\n', '↵'],
    ['\n\n\n\n\n', '↵×5'],
    ['\t', '→'],
    ['  return', '␣␣return'],
    ['end ', 'end␣'],
    ['你好', '你好'],
    // Set apart, so that it does not turn round what stands beside it.
    ['مرحبا', '\u2068مرحبا\u2069'],
    ['👨‍👩‍👧', '👨‍👩‍👧'],
    ['\u0301', '◌\u0301'],
    ['<b>', '<b>'],
  ])('%j reads %j', (text, label) => {
    expect(shortLabel(text)).toBe(label);
  });

  it('shows characters that would turn text round by their numbers', () => {
    expect(shortLabel('a\u202eb')).toBe('a⟨202E⟩b');
  });

  it('says what kind of unit it is', () => {
    const [word, newline] = tokensOf(['word', '\n']);
    if (!word || !newline) throw new Error('Two texts make two tokens.');
    const added: Token = { ...word, text: '<s>', origin: 'added' };
    const piece: Token = { ...word, text: '🙂', bytes: [0xf0, 0x9f], partial: true };
    const tokens = [word, newline, added, piece];
    expect(labelUnits(tokenUnits(tokens), tokens)).toEqual([
      { text: 'word', tone: 'text' },
      { text: '↵', tone: 'blank' },
      { text: '<s>', tone: 'added' },
      { text: '🙂 f0 9f', tone: 'text' },
    ]);
  });

  it('is cut between characters, never within one', () => {
    expect(fitText('attention', 10, 36, typewriter)).toBe('atten…');
    expect(fitText('👨‍👩‍👧👨‍👩‍👧', 10, 60, typewriter)).toBe('👨‍👩‍👧…');
    expect(fitText('fits', 10, 24, typewriter)).toBe('fits');
  });
});
