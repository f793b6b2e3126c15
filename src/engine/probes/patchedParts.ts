/**
 * Interventions as linear parts of a run: a hook point is `own + add` with `own = computed · scale`. What is switched
 * off has nothing of its own, and the mean that stands in its place depends on no input of the run: a constant.
 */
import { shapeAtOnePosition } from '../interventions.ts';
import { at, type FloatTensor } from '../tensor.ts';
import type { Trace } from '../trace.ts';
import { dot } from './attributionWeights.ts';

/** What a hook point `[1, pos, …]` holds at a position without what was put there: `[…]`. */
export function ownAt(trace: Trace, hook: string, tensor: FloatTensor, position: number): Float32Array {
  const held = at(tensor, position);
  const add = patchAt(trace, hook, 'add', position);
  return add ? held.map((value, i) => value - (add[i] ?? 0)) : held;
}

/** What a direction reads off what was put in place of something switched off. */
export function readsOfAdded(trace: Trace, hook: string, position: number, direction: Float64Array): number {
  const add = patchAt(trace, hook, 'add', position);
  return add ? dot(direction, add) : 0;
}

/** A direction of what a hook point holds becomes one of what was computed there: nothing where that is switched off. */
export function beforePatch(trace: Trace, hook: string, position: number, direction: Float64Array): Float64Array {
  const scale = patchAt(trace, hook, 'scale', position);
  return scale ? direction.map((value, i) => value * (scale[i] ?? 1)) : direction;
}

/** A patch at one position, broadcast to the hook point's own dimensions. */
function patchAt(trace: Trace, hook: string, how: 'scale' | 'add', position: number): Float32Array | null {
  const patch = trace.patchOn(hook, how);
  if (!patch) return null;
  const dims = shapeAtOnePosition(trace.model, hook).slice(2);
  const row = at(patch, (patch.shape[1] ?? 1) > 1 ? position : 0);
  const own = patch.shape.slice(2);
  return Float32Array.from({ length: dims.reduce((size, dim) => size * dim, 1) }, (_, index) => {
    let rest = index;
    let [place, step] = [0, 1];
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      const [dim = 1, held = 1] = [dims[axis], own[axis]];
      if (held > 1) place += (rest % dim) * step;
      rest = Math.floor(rest / dim);
      step *= held;
    }
    return row[place] ?? NaN;
  });
}
