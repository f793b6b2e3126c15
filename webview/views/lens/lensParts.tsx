/** What stands around the picture of the lens: which prediction, what the shades are, and the same in words and as a table. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { ModelInfo } from '../../../src/protocol.ts';
import { shortLabel } from '../../graphs/labels.ts';
import { fittingCell } from '../../graphs/lensLayout.ts';
import { layerName, settledAt } from '../../graphs/lensSentences.ts';
import { countText, percentText } from '../../graphs/percent.ts';
import { lensPosition } from '../../lensAim.ts';
import { drawnLens, followedTarget, isAfter, lensOffers, lensShade, lensSight } from '../../lensAnswers.ts';
import { lensLabels, lensPart, lensTokens } from '../../lensPart.ts';
import { decimalText } from '../../numbers.ts';
import { showPart } from '../../steps.ts';
import { Choice } from '../../ui/choice.tsx';
import { DataTable } from '../../ui/dataTable.tsx';
import { visibleLabel } from '../../visibleText.ts';
import { AimChoice, AimTrouble, type OtherAim } from '../aimChoice.tsx';
import { partLabel } from '../toolbar.tsx';
import { ZoomButtons } from '../zoomButtons.tsx';
import { lensData } from './lensPicture.tsx';

export function LensToolbar(): JSX.Element {
  return (
    <div class="toolbar" role="group" aria-label={l10n.t('How the picture is made')}>
      {lensPart.value && <HalfChoice value={lensPart.value} />}
      <AimChoice other={lensPart.value === 'encoder' ? encoderAim() : null} />
      <Choice
        label={l10n.t('What the shades mean')}
        value={lensShade.value}
        options={[
          { value: 'probability', label: l10n.t('Probability'), title: l10n.t('The darker or brighter, the likelier the word.') },
          { value: 'divergence', label: l10n.t('Distance'), title: l10n.t('How far the whole prediction still is from that of the last layer (Kullback–Leibler divergence, bits).') },
        ]}
        onChange={(shade) => {
          lensShade.value = shade;
        }}
      />
      <ZoomButtons fitting={(room) => fittingCell(room.clientWidth, lensTokens.peek().length)} />
    </div>
  );
}

/** Whose residual stream: what the toolbar of attention calls the part of the model. */
function HalfChoice({ value }: { readonly value: 'encoder' | 'decoder' }): JSX.Element {
  return (
    <Choice
      label={l10n.t('Part of the model')}
      value={value}
      options={[
        { value: 'encoder', label: partLabel('encoder'), title: l10n.t('{0} (key {1})', l10n.t('What the encoder makes of each token of the text, read with the decoder’s head.'), 1) },
        { value: 'decoder', label: partLabel('decoder'), title: l10n.t('{0} (key {1})', l10n.t('What the decoder predicts after each token of the output.'), 2) },
      ]}
      onChange={showPart}
    />
  );
}

function encoderAim(): OtherAim {
  const position = lensPosition.value;
  const token = lensTokens.value[position];
  const text = visibleLabel(token?.text ?? '');
  return {
    place: l10n.t('At “{0}” ({1})', text, position),
    hint: l10n.t('Pin another token of the text to ask about that.'),
    offers: lensOffers.value,
    usual: { id: token?.id ?? null, label: l10n.t('the token itself') },
  };
}

export function LensTrouble(): JSX.Element | null {
  const trouble = drawnLens.value?.trouble;
  if (!trouble) return <AimTrouble />;
  return (
    <p class="trouble" role="alert">
      {trouble.message}
    </p>
  );
}

export function LensCaption({ model }: { readonly model: ModelInfo }): JSX.Element {
  const sentences = [
    lensPart.value === 'encoder'
      ? l10n.t('Each cell is the word whose output vector the encoder’s vector after that layer resembles most; click one to ask about its token.')
      : l10n.t('Each cell is the word that the model’s own head would predict if the network ended after that layer; click one to ask about its token’s prediction.'),
    followedText(),
    ...modelTexts(model),
    changedText(),
  ];
  return (
    <p class="picture-caption muted">
      {sentences.filter((sentence) => sentence !== '').map((sentence) => (
        <span key={sentence}>{sentence} </span>
      ))}
    </p>
  );
}

/** When the prediction comes. */
function followedText(): string {
  const { value: answer } = followedTarget;
  const followed = answer?.followed;
  if (!answer || !followed) return '';
  const text = shortLabel(followed.text);
  const from = settledAt(answer.layers, followed.rank);
  const rank = followed.rank.at(-1) ?? 0;
  const share = percentText(Math.exp(followed.logProbability.at(-1) ?? -Infinity));
  if (from === null) return l10n.t('“{0}” is at rank {1} with {2} in the end.', text, countText(rank), share);
  return l10n.t('“{0}” is the likeliest from {1} on, in the end with {2}.', text, layerName(from), share);
}

function modelTexts({ predicts }: ModelInfo): string[] {
  if (lensPart.value === 'encoder') {
    return [
      l10n.t('This is the encoder’s half. No head was trained on it: its vectors are read with the decoder’s head, behind the encoder’s own last norm where there is one.'),
      l10n.t('Text and output share one vocabulary, so a cell can show the token itself or a word of the output’s language. Where all shares are small the vector resembles no word: it is made for the decoder to attend to, and predicts nothing.'),
    ];
  }
  return [
    predicts === 'masked' ? l10n.t('The text is read as it is, with no token masked but those that are written as masks: at the others the model sees what it is to predict.') : '',
    lensPart.value === 'decoder' ? l10n.t('This is the decoder’s half.') : '',
  ];
}

/** What experiments change among the cells that are known of both runs. */
function changedText(): string {
  const { before, columns } = lensData.value;
  if (!isAfter.value) return '';
  if (!before) return l10n.t('This is the lens with the experiments.');
  let changed = 0;
  let all = 0;
  for (const [position, { top }] of columns) {
    const was = before.get(position)?.top;
    for (const [row, [likeliest]] of top.entries()) {
      if (!was) continue;
      all++;
      if (likeliest?.id !== was[row]?.[0]?.id) changed++;
    }
  }
  return l10n.t('This is the lens with the experiments; in {0} of {1} cells they change the word, which is framed there.', countText(changed), countText(all));
}

export function LensTable(): JSX.Element {
  const count = lensTokens.value.length;
  // A table is read as a whole.
  useEffect(() => {
    lensSight.value = { from: 0, to: count };
  }, [count]);
  const { labels, layers, columns, position, followed } = lensData.value;
  const cell = (token: number, row: number): string => {
    const column = columns.get(token);
    const [likeliest] = column?.top[row] ?? [];
    if (!column || !likeliest) return '…';
    const value = lensShade.value === 'probability' ? percentText(Math.exp(likeliest.logProbability)) : l10n.t('{0} bits', decimalText(column.divergence[row] ?? NaN, 2));
    return l10n.t('{0} ({1})', visibleLabel(likeliest.text), value);
  };
  return (
    <>
      {followed.length > 0 && (
        <DataTable
          caption={l10n.t('By layer, at “{0}” ({1})', labels[position]?.text ?? '', position)}
          rows={layers.map((_, row) => row)}
          columns={[
            { title: l10n.t('After'), cell: (row) => layerName(layers[row] ?? 0), heads: true },
            ...followed.flatMap(({ text, rank, logProbability }) => [
              { title: l10n.t('“{0}”: rank', shortLabel(text)), cell: (row: number) => countText(rank[row] ?? 0), value: (row: number) => rank[row] ?? null, numeric: true },
              { title: l10n.t('“{0}”: probability', shortLabel(text)), cell: (row: number) => percentText(Math.exp(logProbability[row] ?? -Infinity)), value: (row: number) => Math.exp(logProbability[row] ?? -Infinity), numeric: true },
            ]),
          ]}
        />
      )}
      <DataTable
        caption={l10n.t('The likeliest word after each layer')}
        rows={lensLabels.value.map((_, token) => token)}
        columns={[
          { title: l10n.t('Token'), cell: (token) => l10n.t('{0} ({1})', visibleLabel(lensTokens.value[token]?.text ?? ''), token), heads: true, code: true },
          ...layers.map((layer, row) => ({ title: layerName(layer), cell: (token: number) => cell(token, row), code: true })),
        ]}
      />
    </>
  );
}
