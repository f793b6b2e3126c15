/** How a token would be drawn: temperature, top-k, top-p and min-p, what they leave out, and a draw one can watch. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { NextAnswer, Sampled, Sampling, SamplingRule } from '../../src/protocol.ts';
import { countText, percentText } from '../graphs/percent.ts';
import { decimalText } from '../numbers.ts';
import { drawNext, restartDraws, type Draw } from '../sampling.ts';
import { setView, view } from '../store.ts';
import { Slider } from '../ui/slider.tsx';
import { Button } from '../ui/toolkit.tsx';
import { visibleLabel } from '../visibleText.ts';
import { isText } from './bars.tsx';
import { ruleName } from './ruleName.ts';

export interface SamplingControlsProps {
  readonly sampling: Sampling;
  readonly answer: NextAnswer;
  /** The place that draws are about. */
  readonly place: string;
  readonly draw: Draw | null;
  readonly insert: ((text: string) => void) | null;
}

export function SamplingControls({ sampling, answer, place, draw, insert }: SamplingControlsProps): JSX.Element {
  const set = (change: Partial<Sampling>): void => setView({ sampling: { ...sampling, ...change } });
  const { temperature, topK, topP, minP } = sampling;
  const off = l10n.t('off');
  return (
    <fieldset class="sampling">
      <legend>{l10n.t('Sampling')}</legend>
      <Slider
        label={l10n.t('Temperature')}
        title={l10n.t('Scores are divided by it: below 1 the likeliest gain, above 1 the others.')}
        value={temperature} minimum={0.1} maximum={2} step={0.05} valueText={decimalText(temperature, 2)}
        onInput={(value) => set({ temperature: value })}
      />
      <Slider
        label="top-k"
        title={l10n.t('So many of the likeliest tokens are kept.')}
        value={topK} minimum={0} maximum={100} step={1} valueText={topK === 0 ? off : countText(topK)}
        onInput={(value) => set({ topK: value })}
      />
      <Slider
        label="top-p"
        title={l10n.t('The fewest tokens that carry this share of the probability are kept.')}
        value={topP} minimum={0.05} maximum={1} step={0.01} valueText={topP === 1 ? off : percentText(topP)}
        onInput={(value) => set({ topP: value })}
      />
      <Slider
        label="min-p"
        title={l10n.t('Tokens of at least this share of the likeliest one’s probability are kept.')}
        value={minP} minimum={0} maximum={0.5} step={0.01} valueText={minP === 0 ? off : percentText(minP)}
        onInput={(value) => set({ minP: value })}
      />
      {answer.sampled && <LeftOut sampled={answer.sampled} />}
      {answer.predicts === 'next' && <Drawing answer={answer} place={place} draw={draw} insert={insert} />}
    </fieldset>
  );
}

/** How many tokens are kept, and what each rule leaves out. */
function LeftOut({ sampled: { kept, excluded } }: { readonly sampled: Sampled }): JSX.Element {
  const rules = (['topK', 'topP', 'minP'] as const satisfies readonly SamplingRule[]).filter((rule) => excluded[rule].tokens > 0);
  if (rules.length === 0) return <p class="muted">{l10n.t('All {0} tokens can be drawn.', countText(kept))}</p>;
  const share = rules.reduce((sum, rule) => sum + excluded[rule].share, 0);
  return (
    <p class="muted" role="status">
      {l10n.t('{0} tokens can be drawn; left out is {1} of the probability:', countText(kept), percentText(share))}{' '}
      {rules.map((rule) => l10n.t('{0} {1} tokens with {2}', ruleName(rule), countText(excluded[rule].tokens), percentText(excluded[rule].share))).join(', ')}
    </p>
  );
}

type DrawingProps = Pick<SamplingControlsProps, 'answer' | 'place' | 'draw' | 'insert'>;

/** The kept probabilities end to end; a number of 0 up to 1 falls into one of them. */
function Drawing({ answer, place, draw, insert }: DrawingProps): JSX.Element {
  const { top, sampled } = answer;
  const choice = draw ? sampled?.choice : undefined;
  const { seed } = view.value;
  return (
    <div class="drawing-of-token">
      <div class="draw-row">
        <Button onClick={() => drawNext(seed, place)}>{l10n.t('Draw')}</Button>
        <label class="seed" title={l10n.t('The same seed draws the same tokens again.')}>
          <span class="caption">{l10n.t('Seed')}</span>
          <input
            type="number" min={0} max={999_999} step={1} value={seed}
            onChange={(event) => {
              const value = event.currentTarget.valueAsNumber;
              if (!Number.isInteger(value) || value < 0) return;
              restartDraws();
              setView({ seed: value });
            }}
          />
        </label>
        {choice && insert && !choice.candidate.special && isText(choice.candidate.text) && <Button appearance="primary" onClick={() => insert(choice.candidate.text)}>{l10n.t('Insert')}</Button>}
      </div>
      {sampled && (
        <div class="lots" aria-hidden="true">
          {top.map((candidate, i) => (
            <span key={candidate.id} class={candidate.id === choice?.candidate.id ? 'lot drawn' : 'lot'} style={{ '--share': `${((sampled.drawn[i] ?? 0) * 100).toFixed(3)}%` }} />
          ))}
          {draw && <span class="lot-number" style={{ '--at': `${(draw.number * 100).toFixed(2)}%` }} />}
        </div>
      )}
      {draw && choice && (
        <p role="status">
          {l10n.t('Number {0} of this seed is {1}. It falls on “{2}”, which has {3} from {4} on.', draw.count, decimalText(draw.number, 4), visibleLabel(choice.candidate.text), percentText(choice.probability), decimalText(choice.from, 4))}
        </p>
      )}
    </div>
  );
}
