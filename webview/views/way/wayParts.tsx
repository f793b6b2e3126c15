/** The way of one token: from its embedding through each layer to the prediction, what is added and what could be read off. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { Candidate, ModelInfo, WayPart } from '../../../src/protocol.ts';
import { percentText } from '../../graphs/percent.ts';
import { steppedQuery } from '../../headAnswers.ts';
import { decimalText, signedText } from '../../numbers.ts';
import { attention, queries, setView, tokensOf, view } from '../../store.ts';
import { DataTable } from '../../ui/dataTable.tsx';
import { isAfter } from '../../vectorRun.ts';
import { visibleLabel } from '../../visibleText.ts';
import { isRead, way, wayLens, waySteps, type WayStep } from '../../wayAnswers.ts';
import { AnswerTrouble } from '../answerTrouble.tsx';
import { probability } from '../bars.tsx';
import { PartChoice } from '../toolbar.tsx';

export function WayToolbar({ model }: { readonly model: ModelInfo }): JSX.Element | null {
  if (model.attentions.length < 2) return null;
  return (
    <div class="toolbar" role="group" aria-label={l10n.t('How the picture is made')}>
      <PartChoice model={model} />
    </div>
  );
}

export function WayTrouble(): JSX.Element {
  return (
    <>
      <AnswerTrouble answer={way.value} />
      <AnswerTrouble answer={wayLens.value} />
    </>
  );
}

export function WayPicture(): JSX.Element {
  const steps = waySteps.value;
  if (!steps) return <p class="state muted">{way.value.state === 'failed' ? '' : l10n.t('The way is being computed.')}</p>;
  const parts = partsOf(steps);
  const longest = Math.max(...steps.flatMap(({ length, parts: added }) => [length, ...added.map((part) => part.length)]));
  const end = steps.at(-1)?.top?.[0];
  return (
    <div class="way-scroll" tabIndex={0} role="region" aria-label={waySentence(steps)} aria-busy={way.value.state === 'waiting'}>
      <table class="way">
        <caption class="visually-hidden">{waySentence(steps)}</caption>
        <thead>
          <tr>
            <th scope="col">{l10n.t('After')}</th>
            {isRead.value && <th scope="col">{l10n.t('Likeliest if read here')}</th>}
            <th scope="col">{l10n.t('Length of the vector')}</th>
            {parts.map((part) => (
              <th key={part} scope="col">
                {partTitle(part)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <Row key={step.layer} step={step} parts={parts} longest={longest} end={end} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly step: WayStep;
  readonly parts: readonly WayPart['part'][];
  /** Of all lengths, for the scale of the bars. */
  readonly longest: number;
  /** What the model predicts in the end. */
  readonly end: Candidate | undefined;
}

function Row({ step, parts, longest, end }: RowProps): JSX.Element {
  const { layer, length, kept, top } = step;
  const share = (value: number): { readonly '--share': string } => ({ '--share': `${((100 * value) / (longest || 1)).toFixed(1)}%` });
  const looked = layer === view.value.layer;
  return (
    <tr class={looked ? 'looked' : undefined}>
      <th scope="row">
        {layer < 0 ? (
          l10n.t('embedding')
        ) : (
          <button type="button" class="link" aria-pressed={looked} title={l10n.t('Look at layer {0} in the other pictures too.', layer)} onClick={() => setView({ layer })}>
            {l10n.t('layer {0}', layer)}
          </button>
        )}
      </th>
      {isRead.value && (
        <td class="read">
          <ol>
            {(top ?? []).map((candidate) => (
              <li key={candidate.id} class={candidate.id === end?.id ? 'end' : undefined} style={{ '--share': `${(100 * probability(candidate)).toFixed(1)}%` }}>
                <span class="code">{visibleLabel(candidate.text)}</span> {percentText(probability(candidate))}
              </li>
            ))}
          </ol>
        </td>
      )}
      <td class="amount stream" style={share(length)} title={kept === null ? undefined : l10n.t('Cosine {0} with the vector before this layer.', signedText(kept, 3))}>
        {decimalText(length, 1)}
        {kept !== null && <span class="muted">{angleText(kept)}</span>}
      </td>
      {parts.map((name) => {
        const part = step.parts.find((one) => one.part === name);
        return part ? (
          <td key={name} class="amount" style={share(part.length)} title={l10n.t('Cosine {0} with the vector that the layer was given.', signedText(part.cosine, 3))}>
            {decimalText(part.length, 1)}
            <span class="muted">{angleText(part.cosine)}</span>
          </td>
        ) : (
          <td key={name} />
        );
      })}
    </tr>
  );
}

const angleText = (cosine: number): string => l10n.t('cos {0}', signedText(cosine, 2));

const partsOf = (steps: readonly WayStep[]): readonly WayPart['part'][] => steps.at(-1)?.parts.map(({ part }) => part) ?? [];

function partTitle(part: WayPart['part']): string {
  switch (part) {
    case 'attention':
      return l10n.t('Attention adds');
    case 'cross':
      return l10n.t('Cross-attention adds');
    case 'feedForward':
      return l10n.t('Feed-forward adds');
    default:
      return part satisfies never;
  }
}

/** From where it starts to what it becomes. */
const waySentence = (steps: readonly WayStep[]): string => [lengthSentence(steps), endSentence(steps)].filter((sentence) => sentence !== '').join(' ');

function lengthSentence(steps: readonly WayStep[]): string {
  const position = steppedQuery.value ?? 0;
  const text = visibleLabel(tokensOf(queries.value)[position]?.text ?? '');
  return l10n.t('The vector of “{0}” ({1}) goes through {2} layers; its length goes from {3} to {4}.', text, position, steps.length - 1, decimalText(steps[0]?.length ?? 0, 1), decimalText(steps.at(-1)?.length ?? 0, 1));
}

/** From which layer on the prediction could have been read off. Empty where nothing is read. */
function endSentence(steps: readonly WayStep[]): string {
  const end = steps.at(-1)?.top?.[0];
  if (!end) return '';
  const since = steps[steps.findLastIndex(({ top }) => top?.[0]?.id !== end.id) + 1]?.layer ?? 0;
  const [text, share] = [visibleLabel(end.text), percentText(probability(end))];
  return since < 0 ? l10n.t('The prediction, “{0}” with {1}, could be read off the embedding already.', text, share) : l10n.t('The prediction, “{0}” with {1}, could be read off from layer {2} on.', text, share, since);
}

export function WayCaption(): JSX.Element {
  const steps = waySteps.value;
  return (
    <p class="picture-caption muted">
      {steps && <span>{lengthSentence(steps)} </span>}
      {steps && endSentence(steps) !== '' && <span>{endSentence(steps)} </span>}
      <span>{l10n.t('A cosine near 0 is something new, one below 0 takes away from what is there.')} </span>
      {isRead.value && <span>{l10n.t('What is read off before the end is the logit lens: the model’s own head, on a vector that was not made for it yet.')} </span>}
      {!isRead.value && attention.value?.part === 'encoder' && <span>{l10n.t('Nothing is predicted from this vector, so no word is read off it.')} </span>}
      {isAfter.value && <span>{l10n.t('This is the run with experiments.')}</span>}
    </p>
  );
}

export function WayTable(): JSX.Element {
  const steps = waySteps.value ?? [];
  const part = (step: WayStep, name: WayPart['part']): WayPart | undefined => step.parts.find((one) => one.part === name);
  return (
    <DataTable
      caption={steps.length > 0 ? waySentence(steps) : ''}
      rows={steps}
      columns={[
        { title: l10n.t('After'), cell: ({ layer }) => (layer < 0 ? l10n.t('embedding') : l10n.t('layer {0}', layer)), heads: true },
        ...partsOf(steps).flatMap((name) => [
          { title: partTitle(name), cell: (step: WayStep) => decimalText(part(step, name)?.length ?? 0, 2), value: (step: WayStep) => part(step, name)?.length ?? null, numeric: true },
          { title: l10n.t('{0}: cosine', partTitle(name)), cell: (step: WayStep) => (part(step, name) ? signedText(part(step, name)?.cosine ?? 0, 3) : ''), value: (step: WayStep) => part(step, name)?.cosine ?? null, numeric: true },
        ]),
        { title: l10n.t('Length of the vector'), cell: ({ length }) => decimalText(length, 2), value: ({ length }) => length, numeric: true },
        { title: l10n.t('Cosine with before'), cell: ({ kept }) => (kept === null ? '' : signedText(kept, 3)), value: ({ kept }) => kept, numeric: true },
        ...(isRead.value ? [{ title: l10n.t('Likeliest if read here'), cell: ({ top }: WayStep) => (top?.[0] ? l10n.t('{0} ({1})', visibleLabel(top[0].text), percentText(probability(top[0]))) : ''), code: true }] : []),
      ]}
    />
  );
}
