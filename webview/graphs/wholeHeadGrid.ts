/** The head grid as an exported picture: every thumbnail at its full size, and below them what the colours mean. */
import type { Theme } from '../theme.ts';
import { changeLegend } from './differenceLegend.ts';
import type { Drawing, Frame } from './drawing.ts';
import { headGrid, largestThumbnail, layoutHeadGrid, type HeadGridData } from './headGrid.ts';
import { legendRoom } from './mapLayout.ts';
import { legendMarks } from './mapLegend.ts';

/** Heads in lines are not set narrower than this, pixels; neither is the legend. */
const leastWidth = 640;

/** However little room the page had. */
export function wholeHeadGrid(data: HeadGridData, theme: Theme, measure: Frame['measure']): Drawing {
  const roomy = { width: Math.max(leastWidth, (data.heads + 1) * 1.1 * largestThumbnail), height: Infinity, measure };
  const layout = layoutHeadGrid(data, theme, roomy);
  const grid = headGrid(data, layout, theme, roomy);
  const width = Math.max(leastWidth, grid.width);
  const legend = data.changes ? changeLegend(layout.left, grid.height, null, theme, { ...roomy, width }) : legendMarks(layout.left, grid.height, false, theme, { ...roomy, width });
  return { ...grid, width, height: grid.height + legendRoom, marks: [...grid.marks, ...legend] };
}
