/** The map of positions in the page: pointing at a row looks at its token everywhere. */
import { computed, signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Frame } from '../../graphs/drawing.ts';
import { labelUnits } from '../../graphs/labels.ts';
import { cellAt, layoutPositions, positionBitmap, positionMap, type PositionData, type PositionLayout } from '../../graphs/positionMap.ts';
import { tokenIn } from '../../place.ts';
import { positionSight, positionsTold } from '../../positionAnswers.ts';
import { focused, hover, pin, queries, theme, tokensOf } from '../../store.ts';
import { tokenUnits } from '../../units.ts';
import { CanvasBox, type BoxPicture, type Plan, type Point } from '../canvasBox.tsx';

const labels = computed(() => labelUnits(tokenUnits(tokensOf(queries.value)), tokensOf(queries.value)));

const bitmap = computed(() => (positionsTold.value ? positionBitmap(positionsTold.value, positionSight.value, theme.value) : null));

/** The picture's data, without what the pointer is on. */
export const positionData = computed((): PositionData | null => {
  const answer = positionsTold.value;
  if (!answer || !bitmap.value) return null;
  return { answer, sight: positionSight.value, labels: labels.value, focus: tokenIn(queries.value, focused.value), cell: null, bitmap: bitmap.value };
});

export function PositionMap(): JSX.Element {
  const picture = useMemo(() => new PositionsPicture(), []);
  return <CanvasBox picture={picture} />;
}

class PositionsPicture implements BoxPicture {
  private readonly cell = signal<PositionData['cell']>(null);
  private layout: PositionLayout | null = null;

  readonly sideways = (): boolean => false;

  plan(frame: Frame): Plan {
    const data = positionData.value;
    const layout = layoutPositions(data?.bitmap ?? { rows: 1, columns: 1 }, frame);
    this.layout = layout;
    const draw: Plan['draw'] = () =>
      data
        ? positionMap({ ...data, cell: this.cell.value }, layout, theme.value, frame)
        : { width: frame.width, height: frame.height, background: theme.value.background, fontFamily: theme.value.fontFamily, codeFamily: theme.value.codeFamily, marks: [], label: '' };
    return { width: frame.width, height: frame.height, draw };
  }

  point(at: Point | null): void {
    this.cell.value = at && this.layout ? cellAt(this.layout, at) : null;
    const token = this.tokenAt();
    hover(token === null ? null : { sequence: queries.peek(), token });
  }

  click(at: Point): void {
    this.point(at);
    const token = this.tokenAt();
    if (token !== null) pin({ sequence: queries.peek(), token });
  }

  /** The whole map is always seen. */
  zoom(): void {
    return undefined;
  }

  private tokenAt(): number | null {
    const row = this.cell.peek()?.row;
    const answer = positionsTold.peek();
    return row === undefined || answer?.kind === 'relative' || row >= tokensOf(queries.peek()).length ? null : row;
  }
}
