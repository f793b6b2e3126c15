/** A token of a compared phrasing in words. */
import * as l10n from '@vscode/l10n';
import type { PhrasedToken } from '../../src/protocol.ts';
import { countText, percentText } from '../graphs/percent.ts';
import { decimalText } from '../numbers.ts';
import { visibleLabel } from '../visibleText.ts';

export const probabilityText = (bits: number): string => percentText(2 ** -bits);

export function tokenSentence({ text, bits, rank }: PhrasedToken, row: 0 | 1): string {
  const label = visibleLabel(text);
  if (bits === null) return row === 0 ? l10n.t('First: “{0}” has nothing before it, and no bits.', label) : l10n.t('Second: “{0}” has nothing before it, and no bits.', label);
  const facts = [label, countText(rank), probabilityText(bits), decimalText(bits, 2)];
  return row === 0 ? l10n.t('First: “{0}”, rank {1}, {2}, {3} bits.', ...facts) : l10n.t('Second: “{0}”, rank {1}, {2}, {3} bits.', ...facts);
}
