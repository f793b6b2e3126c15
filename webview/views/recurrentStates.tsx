/** The picture of states in the page: a row for each token, in focus with the other views. */
import { computed, signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Frame } from '../graphs/drawing.ts';
import { labelUnits, type UnitLabel } from '../graphs/labels.ts';
import { latest } from '../graphs/latest.ts';
import { layoutStates, placeAt, type StateLayout, type StatePlace, type StateShape } from '../graphs/stateLayout.ts';
import { stateBitmap, statePicture, type StateData, type UnitValues } from '../graphs/statePicture.ts';
import { fittingRow, scrollToRow } from '../graphs/tokenRows.ts';
import { zoomedSpacing } from '../graphs/zoom.ts';
import { tokenIn } from '../place.ts';
import { stateLayer, states } from '../recurrentAnswers.ts';
import { focused, hover, hovered, pin, pinned, setView, shown, stateSummaries, theme, view } from '../store.ts';
import type { Theme } from '../theme.ts';
import { tokenUnits } from '../units.ts';
import { CanvasBox, type BoxPicture, type Plan, type Point } from './canvasBox.tsx';
import { FocusFollower } from './focusFollower.ts';

export function RecurrentStates(): JSX.Element {
  const picture = useMemo(() => new StatesPicture(), []);
  return <CanvasBox picture={picture} />;
}

/** States are of tokens, whatever the units of other pictures are. */
export const tokenLabels = computed((): readonly UnitLabel[] => {
  const tokens = shown.value?.info.tokens ?? [];
  return labelUnits(tokenUnits(tokens), tokens);
});

export const changes = computed((): ReadonlyMap<number, Float32Array> => new Map(stateSummaries.value.map(({ layer, change }) => [layer, change])));

const unitValues = computed((): UnitValues | null => {
  const { last } = states.value;
  const fits = last && last.run === shown.value?.info.run && last.ask.layer === stateLayer.value;
  return fits ? { answer: last.value, bitmap: stateBitmap(last.value, theme.value) } : null;
});

const focus = computed((): StateData['focus'] => {
  const token = tokenIn('text', focused.value);
  return token === null ? null : { token, pinned: token === tokenIn('text', pinned.value) };
});

/** The picture's data, without what the pointer is on. */
export const stateData = computed((): StateData => ({
  labels: tokenLabels.value,
  changes: changes.value,
  layer: stateLayer.value,
  units: unitValues.value,
  focus: focus.value,
  place: null,
}));

class StatesPicture implements BoxPicture {
  private readonly follower = new FocusFollower();
  private readonly place = signal<StatePlace | null>(null);
  private readonly layoutFor = latest((labels: readonly UnitLabel[], layers: number, layer: number, units: number, spacing: number, of: Theme, frame: Frame) =>
    layoutStates(labels, { layers, layer, units, spacing } satisfies StateShape, of, frame),
  );
  private layout: StateLayout | null = null;
  private frame: Frame | null = null;
  private anchor: { readonly row: number; readonly at: Point } | null = null;

  readonly sideways = (): boolean => false;

  plan(frame: Frame, scroll: Point): Plan {
    const layers = shown.value?.info.model.layers ?? 1;
    const units = unitValues.value?.answer.units.length ?? 0;
    const layout = this.layoutFor(tokenLabels.value, layers, stateLayer.value, units, view.value.spacing, theme.value, frame);
    this.layout = layout;
    this.frame = frame;
    return {
      width: frame.width,
      height: layout.contentHeight,
      scrollTo: this.wantedScroll(layout, scroll),
      draw: (now) => statePicture(this.data(), layout, now.y, theme.value, frame),
    };
  }

  point(at: Point | null, scroll: Point): void {
    const place = at && this.layout ? placeAt(this.layout, at, scroll.y) : null;
    this.place.value = place;
    this.look(place);
  }

  click(at: Point, scroll: Point): void {
    const place = this.layout && placeAt(this.layout, at, scroll.y);
    this.look(place);
    if (place) pin({ sequence: 'text', token: place.token });
  }

  zoom(factor: number, at: Point, scroll: Point): void {
    const { layout, frame } = this;
    if (!layout || !frame) return;
    const fitting = fittingRow(frame.height - layout.contentHeight + layout.row * layout.count, layout.count);
    this.anchor = { row: (at.y - layout.area.y + scroll.y) / layout.row, at };
    setView({ spacing: zoomedSpacing(layout.row, factor, fitting) });
  }

  private look(place: StatePlace | null): void {
    const token = place && ({ sequence: 'text', token: place.token } as const);
    this.follower.pointed(token);
    hover(token);
  }

  private wantedScroll(layout: StateLayout, scroll: Point): Point | undefined {
    const token = tokenIn('text', this.follower.take());
    if (this.anchor) {
      const { row, at } = this.anchor;
      this.anchor = null;
      return { x: 0, y: row * layout.row - at.y + layout.area.y };
    }
    return token === null ? undefined : { x: 0, y: scrollToRow(layout, token, scroll.y) };
  }

  private data(): StateData {
    const { value: place } = this.place;
    // The keyboard may have moved the focus since: what the pointer is on is then no longer meant.
    return { ...stateData.value, place: place?.token === tokenIn('text', hovered.value) ? place : null };
  }
}
