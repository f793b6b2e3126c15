/** Interventions as a trace takes them: tensors by input name, `{hook}.scale` and `{hook}.add`. */
import type { Sequence } from '../protocol.ts';
import type { Dim, Stage } from './onnx/stage.ts';
import { floats, sizeOf, type FloatTensor } from './tensor.ts';

type Patches = ReadonlyMap<string, FloatTensor>;

/** What a patch does not reach stays as it is. */
const NEUTRAL = { scale: 1, add: 0 } as const;

/**
 * Patches for sequences of other lengths: along axes of positions, the token `without` is left out of the text, what
 * is too long is cut off at the end, and what comes new is not intervened on. Axes of length 1 broadcast and stay.
 */
export function refitted(stages: readonly Stage[], patches: Patches, lengths: Readonly<Record<Sequence, number>>, without?: number): Map<string, FloatTensor> {
  const fitted = new Map<string, FloatTensor>();
  for (const { reads, hooks } of stages) {
    for (const { name, shape } of hooks) {
      for (const how of ['scale', 'add'] as const) {
        let patch = patches.get(`${name}.${how}`);
        if (!patch) continue;
        for (const [axis, dim] of shape.entries()) {
          const sequence = sequenceOf(dim, reads);
          if (sequence && (patch.shape[axis] ?? 1) > 1) patch = along(patch, axis, indices(lengths[sequence], sequence === 'text' ? without : undefined), NEUTRAL[how]);
        }
        fitted.set(`${name}.${how}`, patch);
      }
    }
  }
  return fitted;
}

const sequenceOf = (dim: Dim, reads: Sequence): Sequence | null => (dim === 'text' ? 'text' : dim === 'pos' || dim === 'key' ? reads : null);

/** Where each position was before one was left out. */
const indices = (length: number, without: number | undefined): number[] => Array.from({ length }, (_, i) => (without !== undefined && i >= without ? i + 1 : i));

/** The given slices of an axis; `neutral` where there is none. */
function along({ shape, data }: FloatTensor, axis: number, from: readonly number[], neutral: number): FloatTensor {
  const outer = sizeOf(shape.slice(0, axis));
  const inner = sizeOf(shape.slice(axis + 1));
  const length = shape[axis] ?? 0;
  const taken = floats(shape.map((dim, i) => (i === axis ? from.length : dim)));
  taken.data.fill(neutral);
  for (let row = 0; row < outer; row++) {
    for (const [to, index] of from.entries()) {
      if (index < length) taken.data.set(data.subarray((row * length + index) * inner, (row * length + index + 1) * inner), (row * from.length + to) * inner);
    }
  }
  return taken;
}
