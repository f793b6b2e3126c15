/**
 * A scrolling box with one canvas of its own size that stays in view: only the visible part of a
 * picture is ever drawn, once in a frame in which something that the picture reads has changed.
 */
import { effect } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { tellDrawing } from '../exports/drawn.ts';
import { canvasMeasure, paintDrawing } from '../graphs/canvas.ts';
import type { Drawing, Frame } from '../graphs/drawing.ts';
import { latest } from '../graphs/latest.ts';
import { theme } from '../store.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What a picture needs and how it is drawn, for one size of the box. */
export interface Plan {
  /** Size of the whole picture. */
  readonly width: number;
  readonly height: number;
  /** Where to scroll before drawing. */
  readonly scrollTo?: Point | undefined;
  draw(scroll: Point): Drawing;
}

/** A picture in a box; points are in the box, `scroll` says how far it is scrolled. */
export interface BoxPicture {
  /** Reads signals; called when one of them has changed. */
  plan(frame: Frame, scroll: Point): Plan;
  /** The pointer is there, or has left. */
  point(at: Point | null, scroll: Point): void;
  /** `page`: the same point in the window, for a menu. */
  click(at: Point, scroll: Point, page: Point): void;
  /** Opens a menu of what is there; false where there is none. */
  menu?(at: Point, scroll: Point, page: Point): boolean;
  /** Closer (> 1) or further away (< 1), about a point. */
  zoom(factor: number, at: Point, scroll: Point): void;
  /** The wheel moves the picture along the line rather than down. */
  readonly sideways: () => boolean;
  /** A key was pressed in the box; true where the picture makes use of it, so that nothing else does. */
  key?(key: string, shift: boolean): boolean;
  /** The mouse can take hold of the picture and move it. */
  readonly grabbed?: boolean;
}

export function CanvasBox({ picture }: { readonly picture: BoxPicture }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const extent = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (!box.current || !extent.current || !canvas.current) return undefined;
    const stopPainting = keepPainted(picture, box.current, extent.current, canvas.current);
    const stopListening = listenToPointer(picture, box.current);
    return () => {
      stopPainting();
      stopListening();
    };
  }, [picture]);
  return (
    <div class="canvas-box" ref={box} role="img" tabIndex={0}>
      <div class="canvas-extent" ref={extent}>
        <canvas ref={canvas} />
      </div>
    </div>
  );
}

/** Layouts that are tried for a picture that is to be drawn as a whole. */
const mostPasses = 6;

function scrollOf(box: HTMLElement): Point {
  return { x: box.scrollLeft, y: box.scrollTop };
}

/** Paints now and whenever a signal that the plan or the drawing reads, the size or the scroll position changes. */
function keepPainted(picture: BoxPicture, box: HTMLElement, extent: HTMLElement, canvas: HTMLCanvasElement): () => void {
  const measure = latest(canvasMeasure);
  const frameOf = latest((width: number, height: number, family: string): Frame => ({ width, height, measure: measure(family) }));
  let frameRequest = 0;
  let stopTracking = (): void => undefined;

  const paint = (): void => {
    const frame = frameOf(box.clientWidth, box.clientHeight, theme.value.codeFamily);
    if (frame.width === 0 || frame.height === 0) return;
    const plan = picture.plan(frame, scrollOf(box));
    extent.style.width = `${Math.max(frame.width, Math.floor(plan.width))}px`;
    extent.style.height = `${Math.max(frame.height, Math.floor(plan.height))}px`;
    canvas.style.width = `${frame.width}px`;
    canvas.style.height = `${frame.height}px`;
    if (plan.scrollTo) box.scrollTo(plan.scrollTo.x, plan.scrollTo.y);
    const drawing = plan.draw(scrollOf(box));
    paintDrawing(canvas, drawing, window.devicePixelRatio);
    box.setAttribute('aria-label', drawing.label);
  };

  // The effect's first run paints and so learns which signals matter; its second only asks for a frame.
  const track = (): void => {
    frameRequest = 0;
    stopTracking();
    let painted = false;
    stopTracking = effect(() => {
      if (painted) {
        request();
        return;
      }
      painted = true;
      paint();
    });
  };
  const request = (): void => {
    if (frameRequest === 0) frameRequest = requestAnimationFrame(track);
  };

  /** All of the picture, also what would have to be scrolled to. */
  const whole = (): Drawing | null => {
    const seen = frameOf(box.clientWidth, box.clientHeight, theme.value.codeFamily);
    if (seen.width === 0 || seen.height === 0) return null;
    const top = { x: 0, y: 0 };
    let frame = seen;
    // What stands beside the picture may grow with the room there is, and leave too little of it again.
    for (let pass = 0; pass < mostPasses; pass++) {
      const { width, height } = picture.plan(frame, top);
      if (width <= frame.width && height <= frame.height) break;
      frame = { ...frame, width: Math.max(frame.width, Math.ceil(width)), height: Math.max(frame.height, Math.ceil(height)) };
    }
    return picture.plan(frame, top).draw(top);
  };

  const stopTelling = tellDrawing(box, whole);
  const resizes = new ResizeObserver(request);
  resizes.observe(box);
  box.addEventListener('scroll', request, { passive: true });
  request();
  return () => {
    cancelAnimationFrame(frameRequest);
    stopTracking();
    stopTelling();
    resizes.disconnect();
    box.removeEventListener('scroll', request);
  };
}

function listenToPointer(picture: BoxPicture, box: HTMLElement): () => void {
  const listeners = new AbortController();
  const { signal } = listeners;
  let last: Point | null = null;
  let wheeling = false;
  const at = (event: MouseEvent): Point => {
    const corner = box.getBoundingClientRect();
    return { x: event.clientX - corner.left, y: event.clientY - corner.top };
  };
  const inWindow = (event: MouseEvent): Point => ({ x: event.clientX, y: event.clientY });
  const move = (event: MouseEvent): void => {
    const point = at(event);
    // Browsers also tell of a resting pointer when the page scrolls below it, as the keyboard may make it do.
    if (last && point.x === last.x && point.y === last.y) return;
    last = point;
    picture.point(point, scrollOf(box));
  };
  const leave = (): void => {
    last = null;
    picture.point(null, scrollOf(box));
  };
  const wheel = (event: WheelEvent): void => {
    if (event.ctrlKey) {
      event.preventDefault();
      picture.zoom(Math.exp(-event.deltaY / 300), at(event), scrollOf(box));
      return;
    }
    wheeling = true;
    if (picture.sideways() && box.scrollWidth > box.clientWidth && Math.abs(event.deltaY) > Math.abs(event.deltaX)) {
      event.preventDefault();
      box.scrollLeft += event.deltaY;
    }
  };
  const scroll = (): void => {
    // With the wheel the pointer comes to rest on something else.
    if (wheeling && last) picture.point(last, scrollOf(box));
    wheeling = false;
  };
  box.addEventListener('pointermove', move, { signal });
  box.addEventListener('pointerleave', leave, { signal });
  box.addEventListener('wheel', wheel, { signal, passive: false });
  box.addEventListener('scroll', scroll, { signal, passive: true });
  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey || !picture.key?.(event.key, event.shiftKey)) return;
    event.preventDefault();
  };
  box.addEventListener('keydown', press, { signal });
  box.addEventListener('contextmenu', (event) => picture.menu?.(at(event), scrollOf(box), inWindow(event)) === true && event.preventDefault(), { signal });
  const wasMoved = picture.grabbed === true ? grab(box, signal) : (): boolean => false;
  box.addEventListener('click', (event) => wasMoved() || picture.click(at(event), scrollOf(box), inWindow(event)), { signal });
  return () => listeners.abort();
}

/** A pointer that goes less far than this has clicked. */
const clickReach = 4;

/** Lets the mouse move the picture; what is returned tells whether the last press did, and so was no click. */
function grab(box: HTMLElement, signal: AbortSignal): () => boolean {
  let from: { readonly pointer: Point; readonly scroll: Point } | null = null;
  let moved = false;
  box.addEventListener('pointerdown', (event) => {
    moved = false;
    if (event.pointerType === 'mouse' && event.button === 0) from = { pointer: { x: event.clientX, y: event.clientY }, scroll: scrollOf(box) };
  }, { signal });
  box.addEventListener('pointermove', (event) => {
    if (!from || (event.buttons & 1) === 0) return;
    const [x, y] = [event.clientX - from.pointer.x, event.clientY - from.pointer.y];
    if (!moved && Math.hypot(x, y) < clickReach) return;
    moved = true;
    box.scrollTo(from.scroll.x - x, from.scroll.y - y);
  }, { signal });
  return () => moved;
}
