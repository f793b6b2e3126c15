/** Where a prediction comes from, in the page: a click or Enter opens a layer to its parts, and a head to the tokens it looked at. */
import { computed, signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import { announce } from '../../announce.ts';
import type { Frame } from '../../graphs/drawing.ts';
import { shortLabel } from '../../graphs/labels.ts';
import { latest } from '../../graphs/latest.ts';
import { layoutSources, sourceBars, sourceRowAt, sourceRowSentence, type SourceData, type SourceLayout } from '../../graphs/sourceBars.ts';
import { sourceRows, type SourceRow } from '../../graphs/sourceTree.ts';
import { headLabels } from '../../headTokens.ts';
import { signedText } from '../../numbers.ts';
import { attribution, attributionFailed, openHead, openLayers, shownAs, sources, sourcesOrder } from '../../sourcesAnswers.ts';
import { theme } from '../../store.ts';
import { CanvasBox, type BoxPicture, type Plan, type Point } from '../canvasBox.tsx';

export function SourcesPicture(): JSX.Element | null {
  const picture = useMemo(() => new SourceBarsPicture(), []);
  if (attributionFailed.value) return null;
  return <CanvasBox picture={picture} />;
}

/** The rows that are seen. */
export const rows = computed((): readonly SourceRow[] => {
  const answer = attribution.value;
  return answer ? sourceRows({ answer, order: sourcesOrder.value, layers: openLayers.value, head: openHead.value, sources: sources.value, labels: headLabels.value }) : [];
});

/** What the parts add up to. */
export const sumText = computed((): string => {
  const answer = attribution.value;
  if (!answer) return '';
  const target = shortLabel(answer.target.text);
  const value = signedText(answer.logit, 2);
  if (shownAs.value === 'difference') return answer.rival ? l10n.t('The experiments change the logit of “{0}” less that of “{1}” by {2}', target, shortLabel(answer.rival.text), value) : l10n.t('The experiments change the logit of “{0}” by {1}', target, value);
  return answer.rival ? l10n.t('The logit of “{0}” less that of “{1}” is {2}', target, shortLabel(answer.rival.text), value) : l10n.t('The logit of “{0}” is {1}', target, value);
});

/** Opens what a row holds, or closes it. */
function toggleRow({ opens }: SourceRow): boolean {
  if (!opens) return false;
  const { layer, head, open } = opens;
  if (head !== null) openHead.value = open ? null : { layer, head };
  else openLayers.value = open ? new Set([...openLayers.peek()].filter((other) => other !== layer)) : new Set([...openLayers.peek(), layer]);
  return true;
}

class SourceBarsPicture implements BoxPicture {
  private readonly at = signal<number | null>(null);
  private readonly layoutFor = latest(layoutSources);
  private layout: SourceLayout | null = null;
  private toShow: number | null = null;

  readonly sideways = (): boolean => false;

  plan(frame: Frame, scroll: Point): Plan {
    const layout = this.layoutFor(rows.value, theme.value, frame);
    this.layout = layout;
    const { value: at } = this.at;
    const data: SourceData = { rows: rows.value, sum: sumText.value, at: at !== null && at < rows.value.length ? at : null };
    return {
      width: frame.width,
      height: layout.contentHeight,
      scrollTo: this.wantedScroll(layout, frame, scroll),
      draw: (now) => sourceBars(data, layout, now.y, theme.value, frame),
    };
  }

  point(at: Point | null, scroll: Point): void {
    this.at.value = at && this.layout ? sourceRowAt(this.layout, rows.peek().length, at.y + scroll.y) : null;
  }

  click(at: Point, scroll: Point): void {
    this.point(at, scroll);
    this.toggle();
  }

  zoom(): void {
    // Rows have the height at which they are read.
  }

  /** Arrows go from row to row; Enter, or an arrow to the side, opens and closes. */
  key(key: string): boolean {
    const now = this.at.peek();
    const row = now === null ? undefined : rows.peek()[now];
    if (key === 'Enter' || key === ' ') return this.toggle();
    if (key === 'ArrowRight' || key === 'ArrowLeft') return row?.opens?.open === (key === 'ArrowLeft') && this.toggle();
    if (key !== 'ArrowDown' && key !== 'ArrowUp') return false;
    const next = now === null ? 0 : Math.max(0, Math.min(rows.peek().length - 1, now + (key === 'ArrowDown' ? 1 : -1)));
    this.at.value = next;
    this.toShow = next;
    const shown = rows.peek()[next];
    if (shown) announce(sourceRowSentence(shown));
    return true;
  }

  private toggle(): boolean {
    const row = rows.peek()[this.at.peek() ?? -1];
    return row ? toggleRow(row) : false;
  }

  private wantedScroll(layout: SourceLayout, frame: Frame, scroll: Point): Point | undefined {
    const at = this.toShow;
    this.toShow = null;
    if (at === null) return undefined;
    const y = layout.top + at * layout.row;
    return { x: 0, y: Math.max(Math.min(scroll.y, y - layout.row - layout.top), y + 2 * layout.row - frame.height) };
  }
}
