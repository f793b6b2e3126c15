/** Above the head grid: a filter of heads by their scores, and whether these are of the text or of repeated tokens. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import { canTest, filter, isTested, leftOf, repeatedScores, testing } from '../headScores.ts';
import { setView, view } from '../store.ts';
import { leastShare, tagLegend } from '../graphs/headTags.ts';
import { percentText } from '../graphs/percent.ts';
import { scoredTags } from '../scoredTags.ts';

export function HeadFilterBar(): JSX.Element {
  const wrong = filter.value.state === 'wrong';
  return (
    <div class="head-filter">
      <input
        type="text"
        aria-label={l10n.t('Filter heads by their scores')}
        placeholder="induction > 0.6"
        title={l10n.t('Leaves the heads that pass, such as: previous >= 0.5 and entropy < 0.3')}
        maxLength={200}
        value={view.value.headFilter}
        aria-invalid={wrong}
        onInput={(event) => setView({ headFilter: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setView({ headFilter: '' });
        }}
      />
      {canTest.value && (
        <button type="button" class="toggle" aria-pressed={testing.value} title={l10n.t('Test on repeated tokens: scores of 25 random tokens, twice in a row, where only a head that looks for repetition can know what comes (Olsson and others, 2022).')} onClick={() => setView({ repeatedTokens: !testing.value })}>
          {l10n.t('Repeated tokens')}
        </button>
      )}
      <Said />
    </div>
  );
}

/** What is wrong with the filter, what it leaves, and what the scores are of. */
function Said(): JSX.Element | null {
  const { state } = filter.value;
  const { left, all } = leftOf.value;
  const trouble = repeatedScores.value.state === 'failed' ? repeatedScores.value.trouble.message : '';
  const sentences = [
    filter.value.state === 'wrong' ? filter.value.sentence : '',
    state === 'ready' ? l10n.t('{0} of {1} heads.', left, all) : '',
    trouble,
    isTested.value ? l10n.t('Scores and letters are those on repeated random tokens; patterns are those of the text.') : testing.value && trouble === '' ? l10n.t('Testing …') : '',
  ].filter((sentence) => sentence !== '');
  return sentences.length === 0 ? null : (
    <p class="head-filter-said" role="status">
      {sentences.join(' ')}
    </p>
  );
}

/** Letters in the grid, as many as occur. */
export function TagLegend(): JSX.Element | null {
  const legend = tagLegend(scoredTags.value);
  if (legend.length === 0) return null;
  return (
    <p class="head-tags muted">
      {legend.map(({ letter, text }) => (
        <span key={letter}>
          <b>{letter}</b> {text}
        </span>
      ))}
      <span>{l10n.t('at least {0} of its attention', percentText(leastShare))}</span>
    </p>
  );
}
