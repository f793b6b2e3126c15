/** The head grid in the page: one canvas with a button over each thumbnail. */
import { computed, useSignal, type ReadonlySignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import { isHeadOff, switchOff } from '../experiments.ts';
import { headItems } from '../experimentMenu.ts';
import { tellDrawing } from '../exports/drawn.ts';
import { canvasMeasure, paintDrawing } from '../graphs/canvas.ts';
import type { Frame } from '../graphs/drawing.ts';
import { headGrid, headGridSentence, layoutHeadGrid, thumbnailCorner, type HeadGridData, type HeadGridLayout } from '../graphs/headGrid.ts';
import { headDetails, headName, type HeadPlace } from '../graphs/headOrder.ts';
import { keyGroups } from '../graphs/keyGroups.ts';
import { latest } from '../graphs/latest.ts';
import { percentText } from '../graphs/percent.ts';
import { wholeHeadGrid } from '../graphs/wholeHeadGrid.ts';
import { headChange } from '../gridChanges.ts';
import { isLeft, scoredLayers } from '../headScores.ts';
import { isHeadLit, lit } from '../lit.ts';
import { attention, keys, queries, setView, theme, view } from '../store.ts';
import { openMenu, openMenuBelow, type MenuItem } from '../ui/menu.tsx';
import { gridSort } from './gridSort.ts';
import { HeadSwitch, headUnder } from './headSwitch.tsx';
import { shownHeads, toggleHead } from '../viewState.ts';

/** What the grid draws. */
export const gridData = computed((): HeadGridData => {
  const of = attention.value;
  const heads = of?.heads ?? 0;
  const { layer } = view.value;
  const arrived = scoredLayers.value;
  const [first] = arrived[0]?.heads ?? [];
  return {
    layers: of?.layers ?? 0,
    heads,
    groups: of ? keyGroups(of) : [],
    aspect: first ? first.columns / first.rows : 1,
    summaries: arrived,
    sort: gridSort.value,
    selected: { layer, heads: shownHeads(view.value, heads) },
    off: isHeadOff.value,
    left: isLeft.value,
    changes: headChange.value,
  };
});

const oneSequence = computed(() => queries.value === keys.value);

const measure = latest(canvasMeasure);

export function HeadGrid(): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const room = useRoom(box);
  const over = useSignal<number | null>(null);
  const frame = useMemo((): Frame => ({ ...room.value, measure: measure(theme.value.codeFamily) }), [room.value, theme.value]);
  const { layers, heads, groups, aspect, sort, summaries: arrived } = gridData.value;
  const layout = useMemo(
    () => layoutHeadGrid({ layers, heads, groups, aspect, sort, summaries: arrived }, theme.value, frame),
    [layers, heads, aspect, sort, arrived, theme.value, frame],
  );
  useLayoutEffect(() => {
    if (!canvas.current || room.value.width === 0) return undefined;
    const target = canvas.current;
    const drawing = headGrid(gridData.value, layout, theme.value, frame);
    const request = requestAnimationFrame(() => paintDrawing(target, drawing, window.devicePixelRatio));
    return () => cancelAnimationFrame(request);
  });
  useLayoutEffect(() => (canvas.current ? tellDrawing(canvas.current, () => wholeHeadGrid(gridData.peek(), theme.peek(), measure(theme.peek().codeFamily))) : undefined), []);
  return (
    <div class="head-grid" ref={box} role="group" aria-label={headGridSentence(gridData.value)} onKeyDown={(event) => onKey(event, layout)}>
      <div
        class="head-grid-extent"
        style={{ width: `${layout.width}px`, height: `${layout.height}px` }}
        onPointerOver={(event) => {
          over.value = headUnder(event.target, event.currentTarget) ?? over.peek();
        }}
        onPointerLeave={() => {
          over.value = null;
        }}
        onFocusIn={(event) => {
          over.value = headUnder(event.target, event.currentTarget) ?? over.peek();
        }}
        onFocusOut={() => {
          over.value = null;
        }}
      >
        <canvas ref={canvas} aria-hidden="true" style={{ width: `${layout.width}px`, height: `${layout.height}px` }} />
        {room.value.width > 0 && layout.places.map((place, at) => <HeadButton key={`${place.layer}.${place.head}`} place={place} at={at} layout={layout} />)}
        <HeadSwitch layout={layout} at={over.value} />
      </div>
    </div>
  );
}

function HeadButton({ place, at, layout }: { readonly place: HeadPlace; readonly at: number; readonly layout: HeadGridLayout }): JSX.Element {
  const { selected, sort } = gridData.value;
  const { x, y } = thumbnailCorner(layout, at);
  const chosen = place.layer === selected.layer && selected.heads.includes(place.head);
  const first = layout.places.findIndex(({ layer, head }) => layer === selected.layer && head === selected.heads[0]);
  return (
    <button
      type="button"
      class="head-button"
      data-left={isLeft.value(place.layer, place.head)}
      data-lit={isHeadLit(lit.value, place.layer, place.head)}
      style={{ left: `${x - 1}px`, top: `${y - 1}px`, width: `${layout.wide + 2}px`, height: `${layout.high + 2}px` }}
      tabIndex={at === Math.max(0, first) ? 0 : -1}
      aria-pressed={chosen}
      aria-label={headName(place, sort)}
      {...(isHeadOff.value(place.layer, place.head) ? { 'aria-description': l10n.t('switched off') } : {})}
      onContextMenu={(event) => {
        event.preventDefault();
        openMenu(l10n.t('Switch off'), itemsOf(place), { x: event.clientX, y: event.clientY });
      }}
      title={[headDetails(place, gridData.value.groups, oneSequence.value), ...movedText(place)].join('\n')}
      onClick={(event) => choose(place, event.ctrlKey || event.shiftKey || event.metaKey)}
    />
  );
}

/** What experiments change in a head, while that is shown. */
function movedText({ layer, head }: HeadPlace): string[] {
  const change = headChange.value?.(layer, head);
  return change ? [l10n.t('the experiments move {0} of its attention', percentText(change.moved))] : [];
}

/** Shows one head; with a modifier adds it to, or takes it from, those of its layer that are shown. */
function choose(place: HeadPlace, several: boolean): void {
  const now = view.peek();
  const total = gridData.peek().heads;
  const inLayer = several && now.layer === place.layer && now.heads.length > 0;
  setView({ layer: place.layer, heads: inLayer ? toggleHead(now, place.head, total) : total === 1 ? [] : [place.head] });
}

function itemsOf({ layer, head }: HeadPlace): MenuItem[] {
  const of = attention.peek();
  return of ? headItems(of, layer, head) : [];
}

/** X switches the head that has the keyboard, Shift+F10 shows all that can be switched off with it; arrows move. */
function onKey(event: KeyboardEvent, layout: HeadGridLayout): void {
  const of = attention.peek();
  const { currentTarget } = event;
  const button = document.activeElement;
  const place = currentTarget instanceof HTMLElement ? layout.places[[...currentTarget.querySelectorAll('.head-button')].findIndex((own) => own === button)] : undefined;
  const asksMenu = event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey);
  if (of && place && button && (event.key === 'x' || asksMenu) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    if (asksMenu) openMenuBelow(l10n.t('Switch off'), itemsOf(place), button);
    else switchOff({ kind: 'head', part: of.part, layer: place.layer, head: place.head, by: 'zero' });
    return;
  }
  moveFocus(event, layout);
}

/** Arrow keys go from thumbnail to thumbnail, as they are laid out. */
function moveFocus(event: KeyboardEvent, layout: HeadGridLayout): void {
  const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -layout.columns, ArrowDown: layout.columns };
  const { currentTarget, key } = event;
  if (!(currentTarget instanceof HTMLElement)) return;
  const buttons = [...currentTarget.querySelectorAll<HTMLButtonElement>('.head-button')];
  const at = buttons.findIndex((button) => button === document.activeElement);
  const step = steps[key];
  const target = key === 'Home' ? buttons[0] : key === 'End' ? buttons.at(-1) : step === undefined ? undefined : buttons[at + step];
  if (step === undefined && target === undefined) return;
  // Also at the border: the page would move the token otherwise.
  event.preventDefault();
  target?.focus();
}

/** Room for a vertical scroll bar, kept free so that its coming does not change the layout. */
const scrollBar = 10;

/** The size of the element that scrolls around the grid. */
function useRoom(box: { readonly current: HTMLElement | null }): ReadonlySignal<{ readonly width: number; readonly height: number }> {
  const room = useSignal({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const around = box.current?.parentElement;
    if (!around) return undefined;
    const read = (): void => {
      room.value = { width: Math.max(0, around.offsetWidth - scrollBar), height: heightOf(around, box.current) };
    };
    const resizes = new ResizeObserver(read);
    resizes.observe(around);
    read();
    return () => resizes.disconnect();
  }, []);
  return room;
}

/** The height that `around` offers: where it only follows from the grid itself, half the window. */
function heightOf(around: HTMLElement, grid: HTMLElement | null): number {
  const most = Number.parseFloat(getComputedStyle(around).maxHeight);
  if (Number.isFinite(most)) return most;
  const follows = Math.abs(around.clientHeight - (grid?.offsetHeight ?? 0)) <= 1;
  return follows ? window.innerHeight / 2 : around.clientHeight;
}
