/** What families share at both ends of the residual stream and between its blocks. */
import type { Checkpoint } from '../safetensors.ts';
import { requireShape, StageBuilder, type Stage, type Value } from '../onnx/stage.ts';
import { project } from './projections.ts';

/**
 * The stage of models that have token embeddings only: rows are looked up in the checkpoint and are the
 * first residual stream, `hook_embed`. Gemma multiplies them by `scale`.
 */
export function tokenEmbedding(checkpoint: Checkpoint, weight: string, vocabulary: number, width: number, scale = 1): Stage {
  requireShape(checkpoint, weight, [vocabulary, width]);
  const g = new StageBuilder('embed', checkpoint);
  const rows = g.input('token_rows', [1, 'pos', width], { from: 'rows', weight, of: 'tokens' });
  g.patchable('hook_embed', scale === 1 ? rows : g.op('Mul', [rows, g.scalar(scale)]), [1, 'pos', width]);
  return g.build();
}

/** `blocks.{layer}.hook_resid_pre` from the stage before; `embedding` is what the first block reads. */
export function residualBefore(g: StageBuilder, layer: number, width: number, embedding = 'hook_embed'): Value {
  const tensor = layer === 0 ? embedding : `blocks.${String(layer - 1)}.hook_resid_post`;
  const x = g.input('residual', [1, 'pos', width], { from: 'stage', tensor });
  return g.patchable(`blocks.${String(layer)}.hook_resid_pre`, x, [1, 'pos', width]);
}

/** What the last block left. */
export function residualAfter(g: StageBuilder, layers: number, width: number): Value {
  return g.input('residual', [1, 'pos', width], { from: 'stage', tensor: `blocks.${String(layers - 1)}.hook_resid_post` });
}

export interface Head {
  readonly width: number;
  readonly vocabulary: number;
  /** Name of the matrix, `[vocabulary, width]`. */
  readonly matrix: string;
  /** Name of the bias, `[vocabulary]`. */
  readonly bias?: string;
  /** Name of a bias that is stored as `[1, vocabulary]`. */
  readonly biasRow?: string;
  /** Bound that logits are squeezed under: c · tanh(logit ÷ c). */
  readonly softcap?: number | null;
}

/** Logits `[1, logit, vocabulary]` at the wanted positions, which are gathered first: they are what costs. */
export function logits(g: StageBuilder, normalized: Value, head: Head): void {
  logitsOf(g, atWanted(g, normalized), head);
}

/** `[1, pos, width]` at the positions whose logits are wanted, `[1, logit, width]`. */
export function atWanted(g: StageBuilder, x: Value): Value {
  const positions = g.input('logit_positions', ['logit'], { from: 'logitPositions' }, 'int64');
  return g.op('Gather', [x, positions], { axis: { int: 1 } });
}

/** Logits `[1, logit, vocabulary]` of what the head reads, `[1, logit, width]`. */
export function logitsOf(g: StageBuilder, wanted: Value, { width, vocabulary, matrix, bias, biasRow, softcap = null }: Head): void {
  const product = project(g, wanted, { weight: matrix, ...(bias === undefined ? {} : { bias }), layout: 'out,in', inputs: width, outputs: vocabulary });
  const shifted = biasRow === undefined ? product : g.op('Add', [product, g.weight(biasRow, [1, vocabulary])]);
  const bounded = softcap === null ? shifted : g.op('Mul', [g.op('Tanh', [g.op('Div', [shifted, g.scalar(softcap)])]), g.scalar(softcap)]);
  g.hook('logits', bounded, [1, 'logit', vocabulary]);
}
