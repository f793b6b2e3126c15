/** Zooming by the wheel. */

const closest = 2;
const widest = 90;

/** The spacing after zooming by `factor`; 0, which fits, once everything fits anyway. */
export function zoomedSpacing(pitch: number, factor: number, fitting: number): number {
  const spacing = Math.max(closest, Math.min(widest, pitch * factor));
  return spacing <= fitting ? 0 : Math.round(spacing * 10) / 10;
}
