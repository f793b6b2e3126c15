/** Keys of the view that lessons say as they are. */
import type { ViewState } from '../protocol.ts';

export const plainViewKeys = ['picture', 'part', 'layer', 'heads', 'average', 'percent', 'sink', 'unit', 'direction', 'layout', 'spacing', 'gridSort', 'navigator', 'top', 'candidates', 'showing', 'seed'] as const satisfies readonly (keyof ViewState)[];
