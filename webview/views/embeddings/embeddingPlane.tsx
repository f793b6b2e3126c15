/** The plane of embeddings in the page: it moves and zooms by mouse and keys, and is in focus with the other views. */
import { computed, signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { ProjectionAnswer } from '../../../src/protocol.ts';
import { chosenId, focusedId, occurrences, plane, planeZoom } from '../../embeddingAnswers.ts';
import type { Frame } from '../../graphs/drawing.ts';
import { layoutPlane, planeDrawing, pointAt, type PlaneData, type PlaneLayout } from '../../graphs/embeddingPlane.ts';
import { latest } from '../../graphs/latest.ts';
import { hover, pin, theme } from '../../store.ts';
import { tokenLabels } from '../recurrentStates.tsx';
import { CanvasBox, type BoxPicture, type Plan, type Point } from '../canvasBox.tsx';

/** The picture's data, without what the pointer is on. */
export const planeData = computed((): PlaneData | null => {
  const answer = plane.value;
  if (!answer) return null;
  const inText = new Map([...occurrences.value].map(([id, places]) => [id, { label: tokenLabels.value[places[0] ?? 0]?.text ?? '', count: places.length }]));
  return { answer, inText, chosen: chosenId.value, focus: focusedId.value, pointed: null };
});

export function EmbeddingPlane(): JSX.Element {
  const picture = useMemo(() => new PlanePicture(), []);
  return <CanvasBox picture={picture} />;
}

/** The closest that one may come. */
const mostZoom = 40;
const zoomStep = 1.4;

export function zoomPlane(towards: 1 | -1 | 0): void {
  const next = towards === 0 ? 1 : planeZoom.peek() * zoomStep ** towards;
  planeZoom.value = Math.max(1, Math.min(mostZoom, next));
}

/** Pixels that one press of an arrow key moves. */
const keyStep = 60;

class PlanePicture implements BoxPicture {
  private readonly layoutFor = latest((answer: ProjectionAnswer, zoom: number, frame: Frame) => layoutPlane(answer, zoom, frame));
  private readonly pointed = signal<number | null>(null);
  /** Counts wishes to be moved by keys. */
  private readonly moves = signal(0);
  private move: Point = { x: 0, y: 0 };
  private layout: PlaneLayout | null = null;
  /** What is under it stays under it: a place of the plane as shares of its size, and of the frame. */
  private anchor: { readonly share: Point; readonly at: Point } | null = null;
  private zoomDrawn = 1;
  readonly grabbed = true;

  readonly sideways = (): boolean => false;

  plan(frame: Frame, scroll: Point): Plan {
    const data = planeData.value;
    const zoom = planeZoom.value;
    const answer = data?.answer ?? { width: 0, variance: [0, 0], points: [] };
    const layout = this.layoutFor(answer, zoom, frame);
    const scrollTo = this.wantedScroll(layout, frame, scroll, zoom);
    this.layout = layout;
    return {
      width: layout.width,
      height: layout.height,
      scrollTo,
      draw: (now) => planeDrawing({ ...(data ?? { answer, inText: new Map(), chosen: null, focus: null }), pointed: this.pointed.value }, layout, now, theme.value, frame),
    };
  }

  point(at: Point | null, scroll: Point): void {
    this.look(at && this.layout ? pointAt(this.layout, at, scroll) : null);
  }

  click(at: Point, scroll: Point): void {
    const index = this.layout ? pointAt(this.layout, at, scroll) : null;
    this.look(index);
    const token = this.tokenOf(index);
    if (token !== null) pin({ sequence: 'text', token });
  }

  zoom(factor: number, at: Point, scroll: Point): void {
    if (!this.layout) return;
    this.anchor = { share: { x: (at.x + scroll.x) / this.layout.width, y: (at.y + scroll.y) / this.layout.height }, at };
    planeZoom.value = Math.max(1, Math.min(mostZoom, planeZoom.peek() * factor));
  }

  key(key: string, shift: boolean): boolean {
    const direction = shift ? { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key] : undefined;
    if (direction) {
      this.move = { x: this.move.x + (direction[0] ?? 0) * keyStep, y: this.move.y + (direction[1] ?? 0) * keyStep };
      this.moves.value++;
      return true;
    }
    const zoom = { '+': 1, '=': 1, '-': -1, '0': 0 } as const;
    if (key !== '+' && key !== '=' && key !== '-' && key !== '0') return false;
    zoomPlane(zoom[key]);
    return true;
  }

  private look(index: number | null): void {
    this.pointed.value = index;
    const token = this.tokenOf(index);
    hover(token === null ? null : { sequence: 'text', token });
  }

  /** Where a point's token first occurs in the text. */
  private tokenOf(index: number | null): number | null {
    const id = index === null ? undefined : plane.peek()?.points[index]?.id;
    return id === undefined ? null : (occurrences.peek().get(id)?.[0] ?? null);
  }

  private wantedScroll(layout: PlaneLayout, frame: Frame, scroll: Point, zoom: number): Point | undefined {
    this.moves.value; // eslint-disable-line @typescript-eslint/no-unused-expressions -- read so that another wish plans anew
    const { move } = this;
    this.move = { x: 0, y: 0 };
    if (zoom !== this.zoomDrawn) {
      // By buttons and keys, about the middle of what is seen.
      const former = this.layout ?? layout;
      const middle = { x: frame.width / 2, y: frame.height / 2 };
      const { share, at } = this.anchor ?? { share: { x: (scroll.x + middle.x) / former.width, y: (scroll.y + middle.y) / former.height }, at: middle };
      this.anchor = null;
      this.zoomDrawn = zoom;
      return { x: share.x * layout.width - at.x, y: share.y * layout.height - at.y };
    }
    return move.x !== 0 || move.y !== 0 ? { x: scroll.x + move.x, y: scroll.y + move.y } : undefined;
  }
}
