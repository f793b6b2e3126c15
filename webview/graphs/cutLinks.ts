/** Links that experiments cut: thin, with a cross where they are severed. */
import type { CurveMark, Mark } from './drawing.ts';
import type { LinkStyle } from './graphLinks.ts';

export interface CutLink {
  readonly query: number;
  readonly key: number;
  /** Counted in the shown heads. */
  readonly head: number;
}

/** Half the side of the cross, pixels. */
const arm = 6;

export function cutMarks(links: readonly CutLink[], style: LinkStyle): Mark[] {
  return links
    .filter(({ query, key }) => style.seen(query, key))
    .flatMap(({ query, key, head }) => {
      const path = style.path(query, key, head);
      const color = style.theme.error;
      const { x, y } = pointOn(path, 0.5);
      const stroke = { mark: 'line', color, width: 2.5 } as const;
      return [
        { mark: 'curve', ...path, color, width: 1, opacity: 0.8 },
        // The link beneath it may be thick.
        { mark: 'dot', x, y, radius: arm + 2, color: style.theme.background, opacity: 1 },
        { ...stroke, x0: x - arm, y0: y - arm, x1: x + arm, y1: y + arm },
        { ...stroke, x0: x - arm, y0: y + arm, x1: x + arm, y1: y - arm },
      ];
    });
}

type Path = Pick<CurveMark, 'x0' | 'y0' | 'cx0' | 'cy0' | 'cx1' | 'cy1' | 'x1' | 'y1'>;

/** A point of a cubic Bézier curve, `t` from 0 to 1. */
export function pointOn({ x0, y0, cx0, cy0, cx1, cy1, x1, y1 }: Path, t: number): { readonly x: number; readonly y: number } {
  const u = 1 - t;
  const at = (a: number, b: number, c: number, d: number): number => u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d;
  return { x: at(x0, cx0, cx1, x1), y: at(y0, cy0, cy1, y1) };
}
