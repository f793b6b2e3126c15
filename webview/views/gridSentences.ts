/** What an export of the head grid says of it: its order, what is left out of it, and what is drawn how. */
import * as l10n from '@vscode/l10n';
import { headGridSentence } from '../graphs/headGrid.ts';
import { leastShare, tagLegend } from '../graphs/headTags.ts';
import { percentText } from '../graphs/percent.ts';
import { partText, whoseText } from '../graphs/sentences.ts';
import { filter, isTested, leftOf } from '../headScores.ts';
import { scoredTags } from '../scoredTags.ts';
import { attention, keys, queries, shown, tokensOf, view } from '../store.ts';
import { changeSentence } from './changeKey.tsx';
import { gridData } from './headGrid.tsx';
import { gridSort } from './gridSort.ts';

export function gridSentences(): string {
  const data = gridData.value;
  const { part } = attention.value ?? {};
  const several = (shown.value?.info.model.attentions.length ?? 0) > 1;
  const { left, all } = leftOf.value;
  const letters = tagLegend(scoredTags.value).map(({ letter, text }) => l10n.t('“{0}” {1}', letter, text));
  return [
    headGridSentence(data),
    part && several ? l10n.t('Part: {0}.', partText(part)) : '',
    filter.value.state === 'ready' ? l10n.t('The filter “{0}” leaves {1} of {2} heads; the others are faded in the picture and left out of the table.', view.value.headFilter, left, all) : '',
    l10n.t('Patterns are of all tokens, the first included: each row sums to 1.'),
    isReduced() ? l10n.t('Maps are reduced: each of their cells is the largest of several.') : '',
    data.changes ? changeSentence() : '',
    isTested.value ? l10n.t('Scores and letters are those on repeated random tokens; patterns are those of the text.') : '',
    letters.length > 0 ? l10n.t('Letters stand for at least {0} of a head’s attention: {1}.', percentText(leastShare), letters.join(l10n.t(', '))) : '',
    l10n.t('Outlined: {0}.', whoseText(null, data.selected.layer, data.selected.heads, false)),
  ].filter((sentence) => sentence !== '').join(' ');
}

/** The same for programs. */
export const gridFacts = (): Readonly<Record<string, unknown>> => ({
  part: attention.value?.part,
  sort: gridSort.value,
  filter: filter.value.state === 'ready' ? view.value.headFilter : null,
  scoresOf: isTested.value ? 'repeated tokens' : 'text',
});

/** Whether a thumbnail has fewer cells than its pattern. */
function isReduced(): boolean {
  const [first] = gridData.value.summaries[0]?.heads ?? [];
  return first !== undefined && (first.rows < tokensOf(queries.value).length || first.columns < tokensOf(keys.value).length);
}
