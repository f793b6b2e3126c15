/** The other text, and both cut into tokens, with what each makes the model predict. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { Candidate, Token } from '../../../src/protocol.ts';
import { percentText } from '../../graphs/percent.ts';
import { alignment, canCompare, compare, isRunning, otherRun, otherText, typeOther } from '../../patchingAnswers.ts';
import { tokensOf } from '../../store.ts';
import { Button } from '../../ui/toolkit.tsx';
import { visibleLabel } from '../../visibleText.ts';
import { probability } from '../bars.tsx';

/** UTF-16 units; more is not kept. */
const longestText = 200_000;

export function BothTexts(): JSX.Element {
  const common = alignment.value;
  const other = otherRun.value;
  return (
    <div class="both-texts">
      <div class="other-text">
        <textarea
          aria-label={l10n.t('The other text')}
          title={l10n.t('Change a word or two, then press Enter.')}
          rows={2}
          maxLength={longestText}
          value={otherText.value}
          onInput={(event) => typeOther(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            compare();
          }}
        />
        <Button appearance="primary" disabled={!canCompare.value} onClick={compare}>
          {isRunning.value ? l10n.t('Running …') : l10n.t('Compare')}
        </Button>
      </div>
      {common && other && (
        <>
          <Tokens label={l10n.t('The shown text')} tokens={tokensOf('text')} paired={common.pairs.clean} same={common.pairs.same} top={common.clean} />
          <Tokens label={l10n.t('The other text')} tokens={other.tokens} paired={common.pairs.corrupted} same={common.pairs.same} top={common.corrupted} />
        </>
      )}
    </div>
  );
}

interface TokensProps {
  readonly label: string;
  readonly tokens: readonly Token[];
  readonly paired: Uint16Array;
  readonly same: Uint8Array;
  readonly top: readonly Candidate[];
}

/** What is only in this text is underlined; what stands for another token is marked in full. */
function Tokens({ label, tokens, paired, same, top }: TokensProps): JSX.Element {
  const pairOf = new Map([...paired].map((token, pair) => [token, pair]));
  const kindOf = (token: number): 'same' | 'changed' | 'alone' => {
    const pair = pairOf.get(token);
    return pair === undefined ? 'alone' : same[pair] ? 'same' : 'changed';
  };
  const titles = { same: '', changed: l10n.t('Another token stands here in the other text.'), alone: l10n.t('Nothing in the other text stands for this token.') };
  return (
    <div class="aligned" role="group" aria-label={label}>
      <span class="caption">{label}</span>
      <span class="aligned-tokens">
        {tokens.map((token, index) => (
          <span key={index} class="aligned-token" data-kind={kindOf(index)} title={titles[kindOf(index)]}>
            {visibleLabel(token.text)}
          </span>
        ))}
      </span>
      <span class="aligned-top">
        {top.slice(0, 3).map((candidate) => (
          <span key={candidate.id}>{l10n.t('{0} · {1}', visibleLabel(candidate.text), percentText(probability(candidate)))}</span>
        ))}
      </span>
    </div>
  );
}
