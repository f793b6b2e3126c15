/** What stands around the map of positions: what it shows, the switch, and the same in words and as a table. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { ModelInfo, PositionsAnswer, PositionVectors } from '../../../src/protocol.ts';
import { isOn } from '../../experimentList.ts';
import { experiments, switchOff } from '../../experiments.ts';
import { countText } from '../../graphs/percent.ts';
import { positionSentence } from '../../graphs/positionMap.ts';
import { decimalText, signedText } from '../../numbers.ts';
import { canLeaveOut, canShuffle, positions, positionSight, positionsOff, positionsTold, triedPosition } from '../../positionAnswers.ts';
import { attention, queries, tokensOf } from '../../store.ts';
import { Choice } from '../../ui/choice.tsx';
import { DataTable } from '../../ui/dataTable.tsx';
import { Toggle } from '../../ui/toggle.tsx';
import { visibleLabel } from '../../visibleText.ts';
import { AnswerTrouble } from '../answerTrouble.tsx';
import { LayerPicker, PartChoice } from '../toolbar.tsx';
import { OrderTable, OrderTest } from './orderTest.tsx';
import { positionData, PositionMap } from './positionPicture.tsx';

export function PositionToolbar({ model }: { readonly model: ModelInfo }): JSX.Element {
  const kind = positionsTold.value?.kind;
  return (
    <div class="toolbar" role="group" aria-label={l10n.t('How the picture is made')}>
      {model.attentions.length > 1 && <PartChoice model={model} />}
      {kind === 'rotary' && <LayerPicker layers={attention.value?.layers ?? 1} />}
      {kind !== 'relative' && (
        <Choice
          label={l10n.t('What of the positions is shown')}
          value={positionSight.value}
          options={[
            { value: 'vectors', label: l10n.t('Vectors'), title: l10n.t('A row of numbers for each position.') },
            { value: 'similarity', label: l10n.t('Similarity'), title: l10n.t('The cosine between each two positions.') },
          ]}
          onChange={(sight) => (positionSight.value = sight)}
        />
      )}
      {canLeaveOut.value && (
        <Toggle pressed={isOn(experiments.value, positionsOff)} title={l10n.t('An experiment: the model is run without what it adds for positions.')} onClick={() => switchOff(positionsOff)}>
          {l10n.t('Without positions')}
        </Toggle>
      )}
    </div>
  );
}

export const PositionTrouble = (): JSX.Element | null => <AnswerTrouble answer={positions.value} />;

export function PositionPicture(): JSX.Element {
  if (!positionData.value) return <p class="state muted">{positions.value.state === 'failed' ? '' : l10n.t('The positions are being read.')}</p>;
  return (
    <div class="positions">
      <PositionMap />
      <OrderTest />
    </div>
  );
}

export function PositionCaption({ model }: { readonly model: ModelInfo }): JSX.Element {
  const answer = positionsTold.value;
  const sentences = answer ? [kindText(answer, model), answer.kind !== 'relative' && positionSight.value === 'similarity' ? positionSentence({ answer, sight: 'similarity' }) : '', withoutText(answer, model)] : [];
  return (
    <p class="picture-caption muted">
      {sentences.filter((sentence) => sentence !== '').map((sentence) => (
        <span key={sentence}>{sentence} </span>
      ))}
    </p>
  );
}

function kindText(answer: PositionsAnswer, { name, positions: most }: ModelInfo): string {
  switch (answer.kind) {
    case 'learned':
      return l10n.t('Positions of {0} are learned: each of {1} has a vector of {2} numbers, which is added to the token’s embedding; {3} are shown.', name, countText(most), answer.width, answer.count);
    case 'sinusoidal':
      return l10n.t('Positions of {0} are sinusoidal: sines and cosines of ever longer waves, {1} numbers, which are added to the token’s embedding and were not learned.', name, answer.width);
    case 'rotary':
      return l10n.t('Positions of {0} are rotary: nothing is added to embeddings, but {1} pairs of each query and key are turned by an angle that grows with the position.', name, answer.width / 2);
    case 'relative':
      return l10n.t('Positions of {0} are relative: each head has learned how much to add to a score for the distance from query to key.', name);
    default:
      return answer satisfies never;
  }
}

/** What is to be known of the model without its positions, or why it cannot be had. */
function withoutText(answer: PositionsAnswer, model: ModelInfo): string {
  if (answer.kind === 'rotary' || answer.kind === 'relative') return l10n.t('They are part of how tokens attend to each other, so they cannot be switched off as vectors that are added can.');
  if (!canShuffle.value) return '';
  return model.predicts === 'next'
    ? l10n.t('The prediction is the one after “{0}” ({1}); the last word before it stays last. Some order is left even without positions: each token still sees only what is before it.', visibleLabel(tokensOf('text')[triedPosition.value]?.text ?? ''), triedPosition.value)
    : l10n.t('Without positions, the order of words makes no difference to this model, which sees both ways.');
}

export function PositionTable(): JSX.Element {
  const answer = positionsTold.value;
  if (!answer) return <p class="state muted">{l10n.t('The positions are being read.')}</p>;
  return (
    <>
      <OrderTable />
      {answer.kind === 'relative' ? <BiasTable answer={answer} /> : <VectorTable answer={answer} />}
    </>
  );
}

function VectorTable({ answer }: { readonly answer: PositionVectors }): JSX.Element {
  const tokens = tokensOf(queries.value);
  const cosine = (a: number, b: number): string => (b < 0 ? '' : signedText((answer.similarity[a * answer.count + b] ?? 0) / 1000, 3));
  const length = (position: number): number => Math.hypot(...answer.values.subarray(position * answer.width, (position + 1) * answer.width)) * (answer.largest / 1000);
  return (
    <DataTable
      caption={positionSentence({ answer, sight: 'similarity' })}
      rows={Array.from({ length: answer.count }, (_, position) => position)}
      columns={[
        { title: l10n.t('Position'), cell: (position) => String(position), heads: true, numeric: true },
        { title: l10n.t('Token'), cell: (position) => visibleLabel(tokens[position]?.text ?? ''), code: true },
        { title: l10n.t('Length'), cell: (position) => decimalText(length(position), 2), value: length, numeric: true },
        { title: l10n.t('Cosine with the one before'), cell: (position) => cosine(position, position - 1), value: (position) => (position === 0 ? null : (answer.similarity[position * answer.count + position - 1] ?? 0) / 1000), numeric: true },
        { title: l10n.t('Cosine with the first'), cell: (position) => cosine(position, 0), value: (position) => (answer.similarity[position * answer.count] ?? 0) / 1000, numeric: true },
      ]}
    />
  );
}

function BiasTable({ answer }: { readonly answer: Extract<PositionsAnswer, { kind: 'relative' }> }): JSX.Element {
  return (
    <DataTable
      caption={positionSentence({ answer, sight: 'vectors' })}
      rows={Array.from({ length: answer.distances }, (_, index) => index)}
      columns={[
        { title: l10n.t('Distance'), cell: (index) => signedText(answer.first + index, 0), heads: true, numeric: true },
        ...Array.from({ length: answer.heads }, (_, head) => ({ title: l10n.t('Head {0}', head), cell: (index: number) => signedText(answer.bias[head * answer.distances + index] ?? 0, 2), value: (index: number) => answer.bias[head * answer.distances + index] ?? null, numeric: true })),
      ]}
    />
  );
}
