/** Keys of the view that lessons say as they are. */
import type { ViewState } from '../protocol.ts';

export const plainViewKeys = ['picture', 'part', 'layer', 'heads', 'average', 'percent', 'sink', 'unit', 'direction', 'layout', 'spacing', 'gridSort', 'headFilter', 'repeatedTokens', 'navigator', 'top', 'candidates', 'showing', 'seed', 'sweepOver', 'sweepBy', 'sweepMeasure', 'otherText', 'patchOver'] as const satisfies readonly (keyof ViewState)[];
