/** What a head does most, as a letter in the head grid. */
import * as l10n from '@vscode/l10n';
import type { HeadScores } from '../../src/protocol.ts';

/** Shares of attention by which heads are told apart; a head that spreads it has no tag. */
const tagged = ['previous', 'same', 'induction', 'first', 'punctuation'] as const satisfies readonly (keyof HeadScores)[];

export type HeadTag = (typeof tagged)[number];

/** A head has the tag of its largest share from this on. */
export const leastShare = 0.3;

export function tagOf(scores: HeadScores): HeadTag | null {
  const largest = tagged.reduce((best, score) => (scores[score] > scores[best] || Number.isNaN(scores[best]) ? score : best));
  return scores[largest] >= leastShare ? largest : null;
}

const letters: Readonly<Record<HeadTag, string>> = { previous: 'P', same: 'S', induction: 'I', first: 'F', punctuation: '.' };

export const tagLetter = (tag: HeadTag): string => letters[tag];

/** What the letters mean, as many as occur. */
export function tagLegend(tags: ReadonlySet<HeadTag>): readonly { readonly letter: string; readonly text: string }[] {
  return tagged.filter((tag) => tags.has(tag)).map((tag) => ({ letter: letters[tag], text: tagText(tag) }));
}

/** What a head does most, in words. */
export function tagText(tag: HeadTag): string {
  switch (tag) {
    case 'previous':
      return l10n.t('previous token');
    case 'same':
      return l10n.t('same token');
    case 'induction':
      return l10n.t('induction');
    case 'first':
      return l10n.t('first token');
    case 'punctuation':
      return l10n.t('punctuation');
    default:
      return tag satisfies never;
  }
}
