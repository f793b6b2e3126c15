/** A decoder's attention to what the encoder made of the text. Shapes: `H` heads, `D` head width, `I` width of what is read. */
import { StageBuilder, type Stage, type Value } from '../onnx/stage.ts';
import type { Checkpoint } from '../safetensors.ts';
import { ENCODED } from '../streams.ts';
import { attend, type AttentionShape } from './attention.ts';
import { linear } from './projections.ts';

export type CrossShape = Pick<AttentionShape, 'heads' | 'headWidth' | 'scale'>;

/** Names of a layer's projections in the checkpoint. */
export interface KeysAndValues {
  readonly key: string;
  readonly value: string;
  readonly bias: boolean;
}

/**
 * Keys and values of the text for one layer, `[1, pos, H, D]`: they do not depend on what is written, so they are a
 * stage on the text and computed once. `tensor` is the encoder's result, `[1, pos, I]`.
 */
export function crossKeys(checkpoint: Checkpoint, name: string, { tensor, width }: { readonly tensor: string; readonly width: number }, { heads: H, headWidth: D }: CrossShape, { key, value, bias }: KeysAndValues): Stage {
  const g = new StageBuilder(name, checkpoint, 'text');
  const x = g.input(ENCODED, [1, 'pos', width], { from: 'stage', tensor });
  for (const [hook, weights] of [['hook_k', key], ['hook_v', value]] as const) {
    g.hook(`${name}.${hook}`, g.op('Reshape', [linear(g, x, weights, width, H * D, bias), g.whole(1, -1, H, D)]), [1, 'pos', H, D]);
  }
  return g.build();
}

/** From queries `[1, pos, H·D]` to the joined heads `[1, pos, H·D]`, with the keys and values that `crossKeys` made. */
export function crossAttention(g: StageBuilder, name: string, queries: Value, { heads: H, headWidth: D, scale }: CrossShape): Value {
  const q = g.hook(`${name}.hook_q`, g.op('Reshape', [queries, g.whole(1, -1, H, D)]), [1, 'pos', H, D]);
  const k = g.input('text_keys', [1, 'text', H, D], { from: 'stage', tensor: `${name}.hook_k` });
  const v = g.input('text_values', [1, 'text', H, D], { from: 'stage', tensor: `${name}.hook_v` });
  return attend(g, name, [q, k, v], 'text', null, { heads: H, keyHeads: H, headWidth: D, scale });
}
