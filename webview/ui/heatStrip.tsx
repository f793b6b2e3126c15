/** A vector as a strip of cells, one a component: orange below zero, blue above. Pointing at a cell tells its number. */
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { divergingPalette } from '../graphs/bitmaps.ts';
import { theme } from '../store.ts';

export interface HeatStripProps {
  readonly values: Float32Array;
  /** The absolute value that has the deepest colour. */
  readonly reach: number;
  /** Components from this one on are left open: they are still to come. */
  readonly upTo?: number;
  /** One component that is framed. */
  readonly marked?: number | null;
  /** Told which component the pointer is on, and that it has left. */
  readonly onPoint?: (component: number | null) => void;
}

export function HeatStrip({ values, reach, upTo = values.length, marked = null, onPoint }: HeatStripProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const palette = divergingPalette(theme.value.diverging);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || values.length === 0) return;
    const image = context.createImageData(values.length, 1);
    for (const [i, value] of values.subarray(0, upTo).entries()) {
      const index = Math.round(Math.max(-1, Math.min(1, reach > 0 ? value / reach : 0)) * 127) + 127;
      for (let channel = 0; channel < 3; channel++) image.data[4 * i + channel] = palette[3 * index + channel] ?? 0;
      image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }, [values, reach, upTo, palette]);
  const componentAt = (event: MouseEvent): number => {
    const box = canvas.current?.getBoundingClientRect();
    return box ? Math.max(0, Math.min(values.length - 1, Math.floor(((event.clientX - box.left) / box.width) * values.length))) : 0;
  };
  return (
    <span class="heat-strip" onPointerMove={(event) => onPoint?.(componentAt(event))} onPointerLeave={() => onPoint?.(null)}>
      <canvas ref={canvas} width={Math.max(1, values.length)} height={1} aria-hidden="true" />
      {marked !== null && <span class="heat-mark" style={{ left: `${((100 * marked) / values.length).toFixed(3)}%`, width: `${(100 / values.length).toFixed(3)}%` }} />}
    </span>
  );
}
