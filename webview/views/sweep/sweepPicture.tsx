/** The grids of a sweep in the page, with what matters most listed beside them: a click switches something off for good. */
import { computed } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { ModelInfo, SweepOver } from '../../../src/protocol.ts';
import { isOn } from '../../experimentList.ts';
import { experimentLabel } from '../../experimentLabel.ts';
import { experiments, switchOff } from '../../experiments.ts';
import { shortLabel } from '../../graphs/labels.ts';
import { partText } from '../../graphs/sentences.ts';
import { cellOf, mostChange, ranked, sameCell, type SweepCell, type SweepData, type SweepItem, type SweepPanel } from '../../graphs/sweepData.ts';
import { changeText, itemSentence, sweepGrid } from '../../graphs/sweepGrid.ts';
import { shown, tokensOf } from '../../store.ts';
import { measure, over, sweep } from '../../sweepAnswers.ts';
import { CanvasBox } from '../canvasBox.tsx';
import { GridPicture } from '../gridPicture.ts';
import { tokenLabels } from '../recurrentStates.tsx';

/** Rows of the list; the table has all. */
const listed = 20;

export function SweepPicture(): JSX.Element {
  const picture = useMemo(() => new GridPicture({ data: sweepData, draw: sweepGrid, said, choose }), []);
  return (
    <div class="sweep">
      <div class="sweep-grid">
        <CanvasBox picture={picture} />
      </div>
      {sweepData.value.items.length > 0 && <RankedList />}
    </div>
  );
}

/** What is drawn, without what the pointer is on. */
export const sweepData = computed((): SweepData => {
  const known = sweep.value;
  const model = shown.value?.info.model;
  const values = known ? (measure.value === 'logitDifference' ? known.logitDifference : known[measure.value]) : null;
  return {
    panels: model ? panelsOf(model, over.value) : [],
    items: known && model && values ? known.items.flatMap((intervention, at) => itemOf(intervention, values[at] ?? NaN, model)) : [],
    measure: measure.value,
    target: known?.target ? shortLabel(known.target.text) : '',
    rival: known?.rival ? shortLabel(known.rival.text) : null,
    cell: null,
  };
});

function itemOf(intervention: SweepItem['intervention'], value: number, model: ModelInfo): SweepItem[] {
  const cell = cellOf(intervention, model);
  return cell ? [{ intervention, name: experimentLabel(intervention, model, tokensOf), cell, value, on: isOn(experiments.value, intervention) }] : [];
}

function panelsOf({ attentions }: ModelInfo, what: SweepOver): SweepPanel[] {
  if (what === 'tokens') return [{ title: null, rows: tokenLabels.value.map(({ text }) => text), columns: [l10n.t('left out')] }];
  return attentions.map(({ part, layers, heads }) => ({
    title: attentions.length > 1 ? partText(part) : null,
    rows: Array.from({ length: layers }, (_, layer) => l10n.t('L{0}', layer)),
    columns: what === 'heads' ? Array.from({ length: heads }, (_, head) => l10n.t('H{0}', head)) : [l10n.t('attention'), ...(part === 'cross' ? [] : [l10n.t('feed-forward')])],
  }));
}

/** What changes the prediction most, for eyes and keyboard alike. */
function RankedList(): JSX.Element {
  const { items, measure: shownMeasure } = sweepData.value;
  return (
    <ol class="sweep-list" aria-label={l10n.t('What matters most')}>
      {ranked(items).slice(0, listed).map((item) => (
        <li key={item.name}>
          <button type="button" aria-pressed={item.on} title={item.on ? l10n.t('Switched off: click to take this experiment back.') : l10n.t('Click to switch it off as an experiment.')} onClick={() => switchOff(item.intervention)}>
            <span class="sweep-name">{item.name}</span>
            <span class={item.value < 0 ? 'sweep-value below' : 'sweep-value above'}>{changeText(item.value, shownMeasure, mostChange(items))}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}

const itemAt = (cell: SweepCell | null): SweepItem | undefined => sweepData.peek().items.find((item) => sameCell(item.cell, cell));

function choose(cell: SweepCell | null): boolean {
  const item = itemAt(cell);
  if (item) switchOff(item.intervention);
  return item !== undefined;
}

function said(cell: SweepCell): string {
  const item = itemAt(cell);
  return item ? itemSentence(item, sweepData.peek()) : l10n.t('not switched off yet');
}
