/** What stands around the picture of a sweep: over what, how, how far it is, and the same as a table. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { ModelInfo, SweepMeasure, SweepOver } from '../../../src/protocol.ts';
import { canIntervene } from '../../experiments.ts';
import { mostChange, ranked } from '../../graphs/sweepData.ts';
import { changeText, measureText } from '../../graphs/sweepGrid.ts';
import { aim } from '../../aim.ts';
import { headTokens } from '../../headTokens.ts';
import { setView, view } from '../../store.ts';
import { measure, over, oversOf, startSweep, stopSweep, sweep } from '../../sweepAnswers.ts';
import { Choice } from '../../ui/choice.tsx';
import { DataTable } from '../../ui/dataTable.tsx';
import { Button } from '../../ui/toolkit.tsx';
import { AimChoice, AimTrouble } from '../aimChoice.tsx';
import { sweepData } from './sweepPicture.tsx';

export function SweepToolbar(): JSX.Element {
  return (
    <div class="toolbar" role="group" aria-label={l10n.t('How the picture is made')}>
      <AimChoice />
      <Choice label={l10n.t('What is switched off, one after another')} value={over.value} options={oversOf.value.map((value) => ({ value, ...overText(value) }))} onChange={(sweepOver) => setView({ sweepOver })} />
      {over.value !== 'tokens' && (
        <Choice
          label={l10n.t('What stands in its place')}
          value={view.value.sweepBy}
          options={[
            { value: 'zero', label: l10n.t('by zero'), title: l10n.t('Nothing stands in place of what is switched off.') },
            { value: 'mean', label: l10n.t('by mean'), title: l10n.t('In its place stands its mean over all positions of this text.') },
          ]}
          onChange={(sweepBy) => setView({ sweepBy })}
        />
      )}
      <Choice label={l10n.t('What is measured')} value={measure.value} options={measures().map((value) => ({ value, ...measureName(value) }))} onChange={(sweepMeasure) => setView({ sweepMeasure })} />
      <Progress />
    </div>
  );
}

const measures = (): SweepMeasure[] => (aim.value?.rival === undefined ? ['logProbability', 'divergence'] : ['logitDifference', 'logProbability', 'divergence']);

function overText(what: SweepOver): { readonly label: string; readonly title: string } {
  switch (what) {
    case 'heads':
      return { label: l10n.t('Heads'), title: l10n.t('Each head of every layer is switched off alone.') };
    case 'parts':
      return { label: l10n.t('Parts'), title: l10n.t('The whole attention and the feed-forward part of each layer are switched off, one at a time.') };
    case 'tokens':
      return { label: l10n.t('Tokens'), title: l10n.t('Each token that the prediction can see is left out of the text alone.') };
    default:
      return what satisfies never;
  }
}

function measureName(of: SweepMeasure): { readonly label: string; readonly title: string } {
  switch (of) {
    case 'logProbability':
      return { label: l10n.t('Target'), title: l10n.t('Change of the target’s log-probability, in nats.') };
    case 'logitDifference':
      return { label: l10n.t('Target − rival'), title: l10n.t('Change of how far the target’s logit is above the rival’s.') };
    case 'divergence':
      return { label: l10n.t('Whole prediction'), title: l10n.t('Kullback–Leibler divergence of the prediction after from that before, in bits.') };
    default:
      return of satisfies never;
  }
}

/** Starts, stops and goes on; nothing runs by itself. */
function Progress(): JSX.Element | null {
  const now = sweep.value;
  if (!canIntervene.value || !now) return null;
  const { state, items, total } = now;
  const share = total ? (items.length / total) * 100 : 0;
  return (
    <span class="group sweep-progress">
      {state === 'asking' ? (
        <Button onClick={stopSweep}>{l10n.t('Stop')}</Button>
      ) : (
        state !== 'ready' && (
          <Button appearance="primary" onClick={startSweep}>
            {items.length > 0 ? l10n.t('Go On') : l10n.t('Start')}
          </Button>
        )
      )}
      {total !== null && state !== 'ready' && (
        <>
          <span class="sweep-bar" role="progressbar" aria-label={l10n.t('How far the sweep is')} aria-valuemin={0} aria-valuemax={total} aria-valuenow={items.length} style={{ '--share': `${share.toFixed(1)}%` }} />
          <span class="muted">{l10n.t('{0} of {1}', items.length, total)}</span>
        </>
      )}
    </span>
  );
}

export function SweepTrouble(): JSX.Element | null {
  const trouble = sweep.value?.trouble;
  if (!trouble) return <AimTrouble />;
  return (
    <p class="trouble" role="alert">
      {trouble.message}
    </p>
  );
}

export function SweepCaption({ model }: { readonly model: ModelInfo }): JSX.Element {
  const data = sweepData.value;
  const sentences = !canIntervene.value ? [] : data.items.length === 0
    ? [whatRuns(model), over.value === 'tokens' && (aim.value?.position ?? 0) === 0 && headTokens.value.length > 0 ? l10n.t('Before the first token’s prediction nothing can be left out.') : '']
    : [
        l10n.t('Colours: {0}, when this alone is switched off.', measureText(data)),
        data.measure === 'divergence' ? '' : l10n.t('Below zero the prediction needs it, above zero it speaks against it.'),
        l10n.t('A click switches it off as an experiment.'),
        sweep.value?.state === 'ready' ? '' : l10n.t('What is hatched has not been switched off yet.'),
      ];
  return (
    <p class="picture-caption muted">
      {sentences.filter((sentence) => sentence !== '').map((sentence) => (
        <span key={sentence}>{sentence} </span>
      ))}
    </p>
  );
}

function whatRuns({ attentions }: ModelInfo): string {
  const sum = (of: (attention: ModelInfo['attentions'][number]) => number): number => attentions.reduce((all, attention) => all + of(attention), 0);
  switch (over.value) {
    case 'heads':
      return l10n.t('Start runs the model once for each of its {0} heads, with that head switched off, from the layer where it differs.', sum(({ layers, heads }) => layers * heads));
    case 'parts':
      return l10n.t('Start runs the model once for each part of its layers, {0} in all, with that part switched off.', sum(({ layers, part }) => layers * (part === 'cross' ? 1 : 2)));
    case 'tokens':
      return l10n.t('Start runs the model once for each token that the prediction can see, without that token.');
    default:
      return over.value satisfies never;
  }
}

export function SweepTable(): JSX.Element {
  const { items, ...data } = sweepData.value;
  return (
    <DataTable
      caption={items.length > 0 ? l10n.t('What each thing changes when it alone is switched off: {0}', measureText(data)) : l10n.t('Nothing has been switched off yet.')}
      rows={ranked(items)}
      columns={[
        { title: l10n.t('Switched off'), cell: ({ name }) => name, heads: true },
        { title: l10n.t('Change'), cell: ({ value }) => changeText(value, data.measure, mostChange(items)), value: ({ value }) => value, numeric: true },
        { title: l10n.t('Experiment'), cell: ({ on }) => (on ? l10n.t('yes') : '') },
      ]}
    />
  );
}
