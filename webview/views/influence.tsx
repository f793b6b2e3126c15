/** The picture of influence in the page: pointing looks at a token left out, a click asks about another prediction. */
import { computed, signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { Frame } from '../graphs/drawing.ts';
import { influenceBars, layoutInfluence, type InfluenceData, type InfluenceLayout, type ModelInfluence } from '../graphs/influenceBars.ts';
import { shortLabel, type UnitLabel } from '../graphs/labels.ts';
import { latest } from '../graphs/latest.ts';
import { fittingRow, rowAt, scrollToRow } from '../graphs/tokenRows.ts';
import { zoomedSpacing } from '../graphs/zoom.ts';
import type { Influence as Known } from '../influence.ts';
import { tokenIn } from '../place.ts';
import { comparedInfluence, comparedName, comparison, influence, influencePosition, influenceSpan } from '../recurrentAnswers.ts';
import { hover, hovered, pin, setView, shown, theme, view } from '../store.ts';
import type { Theme } from '../theme.ts';
import { CanvasBox, type BoxPicture, type Plan, type Point } from './canvasBox.tsx';
import { FocusFollower } from './focusFollower.ts';
import { tokenLabels } from './recurrentStates.tsx';

export function Influence(): JSX.Element {
  const picture = useMemo(() => new InfluencePicture(), []);
  if (influencePosition.value === 0) return <p class="state muted">{l10n.t('Nothing comes before the first token: click a later one to see what moves the prediction after it.')}</p>;
  return <CanvasBox picture={picture} />;
}

const pointed = signal(false);

/** What is drawn; null before anything has been asked. */
export const influenceData = computed((): InfluenceData | null => {
  const own = influence.value;
  const info = shown.value?.info;
  if (!own || !info || own.run !== info.run) return null;
  const first = Math.max(0, own.position + 1 - influenceSpan.value);
  const models = [modelOf(info.model.name, own, first)];
  const other = comparison.value;
  const compared = comparedInfluence.value;
  if (compared?.position === own.position && other.state === 'ready') models.push(modelOf(comparedName.value, compared, first));
  // Its place is kept while it is on its way.
  else if (other.state === 'running') models.push({ name: comparedName.value, likeliest: null, divergence: unknown(models), loss: unknown(models) });
  return {
    labels: tokenLabels.value.slice(first, own.position + 1),
    first,
    position: own.position,
    models,
    focus: tokenIn('text', hovered.value),
    pointed: pointed.value,
  };
});

const unknown = ([own]: readonly ModelInfluence[]): Float32Array => new Float32Array(own?.divergence.length ?? 0).fill(NaN);

function modelOf(name: string, { divergence, loss, likeliest }: Known, first: number): ModelInfluence {
  return { name, likeliest: likeliest && shortLabel(likeliest.text), divergence: divergence.subarray(first), loss: loss.subarray(first) };
}

class InfluencePicture implements BoxPicture {
  private readonly follower = new FocusFollower();
  private readonly layoutFor = latest((labels: readonly UnitLabel[], models: number, spacing: number, of: Theme, frame: Frame) => layoutInfluence(labels, models, spacing, of, frame));
  /** Labels of the same tokens are the same list, so that the layout is made once. */
  private readonly labelsFor = latest((labels: readonly UnitLabel[], first: number, position: number) => labels.slice(first, position + 1));
  private layout: InfluenceLayout | null = null;
  private frame: Frame | null = null;
  private first = 0;
  private drawn = '';

  readonly sideways = (): boolean => false;

  plan(frame: Frame, scroll: Point): Plan {
    const data = influenceData.value;
    const labels = data ? this.labelsFor(tokenLabels.value, data.first, data.position) : [];
    const layout = this.layoutFor(labels, data?.models.length ?? 1, view.value.spacing, theme.value, frame);
    this.layout = layout;
    this.frame = frame;
    this.first = data?.first ?? 0;
    return {
      width: frame.width,
      height: layout.contentHeight,
      scrollTo: this.wantedScroll(data, layout, scroll),
      draw: (now) => influenceBars(data ?? { labels: [], first: 0, position: 0, models: [], focus: null, pointed: false }, layout, now.y, theme.value, frame),
    };
  }

  point(at: Point | null, scroll: Point): void {
    this.look(at && this.tokenAt(at, scroll));
  }

  click(at: Point, scroll: Point): void {
    const token = this.tokenAt(at, scroll);
    this.look(token);
    if (token !== null) pin({ sequence: 'text', token });
  }

  zoom(factor: number): void {
    const { layout, frame } = this;
    if (!layout || !frame) return;
    const fitting = fittingRow(frame.height - layout.contentHeight + layout.row * layout.count, layout.count);
    setView({ spacing: zoomedSpacing(layout.row, factor, fitting) });
  }

  private tokenAt(at: Point, scroll: Point): number | null {
    const row = this.layout && rowAt(this.layout, at.y, scroll.y);
    return row === null ? null : this.first + row;
  }

  private look(token: number | null): void {
    const place = token === null ? null : ({ sequence: 'text', token } as const);
    pointed.value = place !== null;
    this.follower.pointed(place);
    hover(place);
  }

  /** Another prediction is shown from its end on, where the nearest tokens are. */
  private wantedScroll(data: InfluenceData | null, layout: InfluenceLayout, scroll: Point): Point | undefined {
    const token = tokenIn('text', this.follower.take());
    const drawn = data ? `${shown.value?.info.run ?? 0} ${data.position}` : '';
    const isNew = drawn !== this.drawn;
    this.drawn = drawn;
    if (isNew) return { x: 0, y: layout.contentHeight };
    return token === null || token < this.first || token >= this.first + layout.count ? undefined : { x: 0, y: scrollToRow(layout, token - this.first, scroll.y) };
  }
}
