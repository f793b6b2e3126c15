/**
 * What recurrent language models share: the embedding, layers that carry a state from token to token, the head.
 * Weights are named as torch.nn.GRU and torch.nn.LSTM name them. `T` positions, `H` units of a state.
 */
import * as v from 'valibot';
import { StageBuilder, type Stage, type Value } from '../onnx/stage.ts';
import type { Checkpoint } from '../safetensors.ts';
import type { Network } from './architecture.ts';
import { parseConfig, size } from './config.ts';
import { project, type Projection } from './projections.ts';
import { atWanted, logitsOf, tokenEmbedding } from './residualStream.ts';

const Config = v.object({
  vocab_size: size.vocabulary,
  embedding_size: size.width,
  hidden_size: size.width,
  num_hidden_layers: size.layers,
  tie_word_embeddings: v.optional(v.boolean(), true),
  /** A recurrent network has no limit of its own: this is how much of a text is shown at once. */
  max_position_embeddings: v.optional(size.positions, 1024),
  bidirectional: v.optional(v.literal(false, 'bidirectional must be false'), false),
});

type Config = v.InferOutput<typeof Config>;

/** One kind of recurrent unit; what it makes of a token are hook points `rnn.{layer}.hook_{name}`, `[1, T, H]`. */
export interface Cell {
  /** What the next token starts from; the first of them is what the next layer reads. */
  readonly carried: readonly string[];
  /** Gates and candidates, in the order of the rows of its weights. */
  readonly gates: readonly string[];
  step(g: StageBuilder, now: Now): ReadonlyMap<string, Value>;
}

/** One position. */
export interface Now {
  /** What the input and what the state before add to all gates, `[1, gates · H]`. */
  readonly fromInput: Value;
  readonly fromState: Value;
  /** A carried value after the token before, `[1, H]`. */
  readonly before: (carried: string) => Value;
  /** A carried value with the interventions on it. */
  readonly patched: (carried: string, value: Value) => Value;
}

/** @throws ProblemError `model.badConfig`, `model.missingTensor`, `model.wrongShape` */
export function recurrentNetwork(raw: unknown, checkpoint: Checkpoint, cell: Cell): Network {
  const config = parseConfig(Config, raw);
  const { num_hidden_layers: layers, hidden_size: width, embedding_size: embedding, vocab_size: vocabulary, max_position_embeddings: positions } = config;
  const recurrent = Array.from({ length: layers }, (_, layer) => recurrentLayer(checkpoint, cell, layer, layer === 0 ? embedding : width, width));
  return {
    kind: 'recurrent',
    dimensions: { layers, heads: 0, keyHeads: 0, width, headWidth: 0, vocabulary, positions },
    stages: [tokenEmbedding(checkpoint, 'embedding.weight', vocabulary, embedding), ...recurrent, head(config, checkpoint)],
    past: Array.from({ length: layers }, (_, layer) => cell.carried.map((name) => hookOf(layer, name))).flat(),
    attentions: [],
    states: { state: (layer) => hookOf(layer, 'state') },
    predicts: 'next',
    logits: 'logits',
  };
}

const hookOf = (layer: number, name: string): string => `rnn.${String(layer)}.hook_${name}`;

/** What the input adds is computed for all positions at once; what the state adds, position by position. */
function recurrentLayer(checkpoint: Checkpoint, cell: Cell, layer: number, inputs: number, H: number): Stage {
  const g = new StageBuilder(`rnn.${String(layer)}`, checkpoint);
  const rows = cell.gates.length * H;
  const weights = (from: 'ih' | 'hh', columns: number): Projection => {
    const [weight, bias] = ['weight', 'bias'].map((what) => `rnn.${what}_${from}_l${String(layer)}`);
    return { weight: weight ?? '', ...(bias !== undefined && checkpoint.has(bias) ? { bias } : {}), layout: 'out,in', inputs: columns, outputs: rows };
  };
  const x = g.input('input', [1, 'pos', inputs], { from: 'stage', tensor: layer === 0 ? 'hook_embed' : hookOf(layer - 1, 'state') });
  const fromInput = g.op('Reshape', [project(g, x, weights('ih', inputs)), g.whole(-1, 1, rows)]); // [T, 1, gates · H]
  const recurrence = weights('hh', H);
  const matrix = g.weight(recurrence.weight, [rows, H]);
  const bias = recurrence.bias === undefined ? [] : [g.weight(recurrence.bias, [rows])];

  const before = cell.carried.map((name): [string, Value] => {
    const state = g.input(`${name}_before`, [1, 1, H], { from: 'state', hook: hookOf(layer, name) });
    return [name, g.op('Reshape', [state, g.whole(1, H)])];
  });
  const patches = cell.carried.flatMap((name) => [patchByPosition(g, layer, name, 'scale', fromInput, H), patchByPosition(g, layer, name, 'add', fromInput, H)]);
  const kept = g.scan(new Map(before), new Map([['input', fromInput], ...patches]), (at) =>
    cell.step(g, {
      fromInput: at('input'),
      fromState: g.op('Gemm', [at('state'), matrix, ...bias], { transB: { int: 1 } }),
      before: at,
      patched: (name, value) => g.op('Add', [g.op('Mul', [value, at(`${name}.scale`)]), at(`${name}.add`)]),
    }),
  );
  for (const [name, value] of kept) g.hook(hookOf(layer, name), g.op('Reshape', [value, g.whole(1, -1, H)]), [1, 'pos', H]);
  return g.build();
}

/** An intervention on what is carried, which later tokens feel: `value · scale + add` at its position, `[T, 1, …]`. */
function patchByPosition(g: StageBuilder, layer: number, carried: string, what: 'scale' | 'add', fromInput: Value, H: number): [string, Value] {
  const patch = g.patch(`${hookOf(layer, carried)}.${what}`, [1, 'pos', H], what === 'scale' ? 1 : 0);
  const positions = g.op('Shape', [fromInput], { start: { int: 0 }, end: { int: 1 } });
  const everywhere = g.op('Concat', [positions, g.whole(1, 1)], { axis: { int: 0 } });
  return [`${carried}.${what}`, g.op('Expand', [g.op('Transpose', [patch], { perm: { ints: [1, 0, 2] } }), everywhere])];
}

/** Back to the width of the embedding where the state has another, then a logit for each token. */
function head({ num_hidden_layers: layers, hidden_size: H, embedding_size: E, vocab_size: vocabulary, tie_word_embeddings: tied }: Config, checkpoint: Checkpoint): Stage {
  const g = new StageBuilder('unembed', checkpoint);
  const state = atWanted(g, g.input('state', [1, 'pos', H], { from: 'stage', tensor: hookOf(layers - 1, 'state') }));
  const projected = H === E && !checkpoint.has('projection.weight') ? state : project(g, state, { weight: 'projection.weight', ...biasOf(checkpoint, 'projection.bias'), layout: 'out,in', inputs: H, outputs: E });
  logitsOf(g, projected, { width: E, vocabulary, matrix: tied ? 'embedding.weight' : 'decoder.weight', ...biasOf(checkpoint, 'decoder.bias') });
  return g.build();
}

const biasOf = (checkpoint: Checkpoint, bias: string): { readonly bias?: string } => (checkpoint.has(bias) ? { bias } : {});
