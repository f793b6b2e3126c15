/** The grids of a sweep in the page, with what matters most listed beside them: a click switches something off for good. */
import { computed, signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { ModelInfo } from '../../../src/protocol.ts';
import { announce } from '../../announce.ts';
import { isOn } from '../../experimentList.ts';
import { experimentLabel } from '../../experimentLabel.ts';
import { experiments, switchOff } from '../../experiments.ts';
import type { Frame } from '../../graphs/drawing.ts';
import { shortLabel } from '../../graphs/labels.ts';
import { latest } from '../../graphs/latest.ts';
import { partText } from '../../graphs/sentences.ts';
import { cellOf, mostChange, ranked, sameCell, type SweepCell, type SweepData, type SweepItem, type SweepPanel } from '../../graphs/sweepData.ts';
import { changeText, itemSentence, sweepGrid } from '../../graphs/sweepGrid.ts';
import { layoutSweep, sweepCellAt, type SweepLayout } from '../../graphs/sweepLayout.ts';
import { shown, theme, tokensOf } from '../../store.ts';
import { measure, over, sweep, type SweepOver } from '../../sweepAnswers.ts';
import { CanvasBox, type BoxPicture, type Plan, type Point } from '../canvasBox.tsx';
import { tokenLabels } from '../recurrentStates.tsx';

/** Rows of the list; the table has all. */
const listed = 20;

export function SweepPicture(): JSX.Element {
  const picture = useMemo(() => new SweepGridPicture(), []);
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

class SweepGridPicture implements BoxPicture {
  private readonly cell = signal<SweepCell | null>(null);
  private readonly layoutFor = latest(layoutSweep);
  private readonly panelsFor = latest((key: string) => ({ key, panels: sweepData.peek().panels }));
  private layout: SweepLayout | null = null;
  private scrollWanted: SweepCell | null = null;

  readonly sideways = (): boolean => false;

  plan(frame: Frame, scroll: Point): Plan {
    const data = sweepData.value;
    const { panels } = this.panelsFor(JSON.stringify(data.panels));
    const layout = this.layoutFor(panels, theme.value, frame);
    this.layout = layout;
    const { value: cell } = this.cell;
    return {
      width: layout.contentWidth,
      height: layout.contentHeight,
      scrollTo: this.wantedScroll(layout, frame, scroll),
      draw: (now) => sweepGrid({ ...data, cell }, layout, now, theme.value, frame),
    };
  }

  point(at: Point | null, scroll: Point): void {
    this.cell.value = at && this.layout ? sweepCellAt(this.layout, { x: at.x + scroll.x, y: at.y + scroll.y }) : null;
  }

  click(at: Point, scroll: Point): void {
    this.point(at, scroll);
    this.choose();
  }

  zoom(): void {
    // Cells are as large as the room allows.
  }

  /** Arrows go from cell to cell; Enter switches off what is there. */
  key(key: string): boolean {
    if (key === 'Enter' || key === ' ') return this.choose();
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[key];
    if (!by) return false;
    const now = this.cell.peek();
    const next = now ? moved(now, by[0] ?? 0, by[1] ?? 0, sweepData.peek().panels) : { panel: 0, row: 0, column: 0 };
    this.cell.value = next;
    this.scrollWanted = next;
    const item = itemAt(next);
    announce(item ? itemSentence(item, sweepData.peek()) : l10n.t('not switched off yet'));
    return true;
  }

  private choose(): boolean {
    const item = itemAt(this.cell.peek());
    if (item) switchOff(item.intervention);
    return item !== undefined;
  }

  private wantedScroll({ panels }: SweepLayout, frame: Frame, scroll: Point): Point | undefined {
    const cell = this.scrollWanted;
    this.scrollWanted = null;
    const of = cell && panels[cell.panel];
    if (!of) return undefined;
    const top = of.y + cell.row * of.row;
    return { x: scroll.x, y: Math.max(Math.min(scroll.y, top - of.row), top + 2 * of.row - frame.height) };
  }
}

const itemAt = (cell: SweepCell | null): SweepItem | undefined => sweepData.peek().items.find((item) => sameCell(item.cell, cell));

/** The next cell, from the end of one grid to the start of the next. */
function moved({ panel, row, column }: SweepCell, down: number, right: number, panels: readonly SweepPanel[]): SweepCell {
  const { rows = [], columns = [] } = panels[panel] ?? {};
  const to = row + down;
  if (to < 0 && panel > 0) return { panel: panel - 1, row: (panels[panel - 1]?.rows.length ?? 1) - 1, column };
  if (to >= rows.length && panel < panels.length - 1) return { panel: panel + 1, row: 0, column };
  return { panel, row: Math.max(0, Math.min(rows.length - 1, to)), column: Math.max(0, Math.min(columns.length - 1, column + right)) };
}
