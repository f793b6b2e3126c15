/**
 * What Marian, BART and their descendants share: the transformer of Vaswani et al. (2017) with biases everywhere,
 * LayerNorm after each sum or before each part. `E` width, `H` heads, `F` neurons, `V` vocabulary, `P` positions.
 */
import type { Checkpoint } from '../safetensors.ts';
import { UNEMBEDDED } from '../streams.ts';
import { requireShape, StageBuilder, type Stage, type Value } from '../onnx/stage.ts';
import { attention } from './attention.ts';
import { crossAttention, crossKeys } from './crossAttention.ts';
import { residualBefore, residualInto, residualOutOf, sublayer, type Side, type Stack, type Stages, type Sublayers } from './encoderDecoder.ts';
import { feedForward } from './feedForward.ts';
import { layerNorm } from './norms.ts';
import { linear } from './projections.ts';
import { logits } from './residualStream.ts';

/** Not in config.json: torch's own. */
const EPSILON = 1e-5;

export interface SideShape extends Stack {
  readonly inner: number;
  /** Name of its matrix of tokens, `[V, E]`. */
  readonly tokens: string;
  readonly vocabulary: number;
}

export interface BartShape {
  readonly checkpoint: Checkpoint;
  /** Names of tensors as this checkpoint has them. */
  readonly weights: (name: string) => string;
  readonly width: number;
  readonly act: string;
  /** Factor on token embeddings. */
  readonly scale: number;
  /** Rows of the stored positions `[P, E]`, of which the first position has row `first`; null for sinusoids that are not stored. */
  readonly positions: { readonly rows: number; readonly first: number } | null;
  /** LayerNorm on the embeddings. */
  readonly embeddingNorm: boolean;
  /** LayerNorm before each part and once at the end, or after each sum. */
  readonly normFirst: boolean;
  readonly encoder: SideShape;
  readonly decoder: SideShape;
  /** Names of the head's matrix `[V, E]` and its bias `[1, V]`. */
  readonly head: { readonly matrix: string; readonly biasRow?: string };
}

export function bartStages(shape: BartShape): Stages {
  const of = (side: Side, make: (layer: number) => Stage): Stage[] => Array.from({ length: shape[side].layers }, (_, layer) => make(layer));
  return {
    encoder: [embed(shape, 'encoder'), ...of('encoder', (layer) => encoderBlock(shape, layer)), ...(shape.normFirst ? [encoderEnd(shape)] : [])],
    crossKeys: of('decoder', (layer) => keysOfText(shape, layer)),
    decoder: [embed(shape, 'decoder'), ...of('decoder', (layer) => decoderBlock(shape, layer)), unembed(shape)],
  };
}

const sequenceOf = (side: Side): 'text' | 'output' => (side === 'encoder' ? 'text' : 'output');
const blockName = (side: Side, layer: number): string => `${side}.${String(layer)}`;
const embeddingOf = (side: Side): string => `${side}.hook_full_embed`;

/** Tokens, scaled, and positions are summed and, in some families, normalised. */
function embed(shape: BartShape, side: Side): Stage {
  const { checkpoint, weights, width: E, scale, positions, embeddingNorm } = shape;
  const { tokens, vocabulary } = shape[side];
  requireShape(checkpoint, tokens, [vocabulary, E]);
  const g = new StageBuilder(`${side}.embed`, checkpoint, sequenceOf(side));
  const rows = g.input('token_rows', [1, 'pos', E], { from: 'rows', weight: tokens, of: 'tokens' });
  const token = g.patchable(`${side}.hook_embed`, scale === 1 ? rows : g.op('Mul', [rows, g.scalar(scale)]), [1, 'pos', E]);
  const position = g.patchable(`${side}.hook_pos_embed`, positionsInto(g, shape, weights(`${side}.embed_positions.weight`), positions), [1, 'pos', E]);
  const sum = g.op('Add', [token, position]);
  const normalized = embeddingNorm ? layerNorm(g, sum, `${side}.embed.ln`, weights(`${side}.layernorm_embedding`), E, EPSILON) : sum;
  g.patchable(embeddingOf(side), normalized, [1, 'pos', E]);
  return g.build();
}

function positionsInto(g: StageBuilder, { checkpoint, width: E }: BartShape, weight: string, positions: BartShape['positions']): Value {
  if (!positions) return g.input('position_rows', [1, 'pos', E], { from: 'sinusoids', width: E });
  requireShape(checkpoint, weight, [positions.rows, E]);
  return g.input('position_rows', [1, 'pos', E], { from: 'rows', weight, of: 'positions', first: positions.first });
}

function blockOf({ checkpoint, width, normFirst }: BartShape, side: Side, layer: number): Sublayers {
  const g = new StageBuilder(blockName(side, layer), checkpoint, sequenceOf(side));
  return { g, name: blockName(side, layer), width, normFirst, norm: (x, name, weights) => layerNorm(g, x, name, weights, width, EPSILON) };
}

/** resid_pre → attention → + → resid_mid → feed-forward → + → resid_post, all `[1, pos, E]`, with a norm before each part or after each sum. */
function encoderBlock(shape: BartShape, layer: number): Stage {
  const block = blockOf(shape, 'encoder', layer);
  const x = residualInto(block.g, block.name, residualBefore('encoder', layer, embeddingOf('encoder'), shape.normFirst), shape.width);
  residualOutOf(block, neurons(shape, block, 'encoder', layer, selfAttention(shape, block, 'encoder', layer, x), 'ln2'));
  return block.g.build();
}

/** As the encoder's, with the attention to the text in between: resid_mid → cross-attention → + → resid_mid_cross. */
function decoderBlock(shape: BartShape, layer: number): Stage {
  const block = blockOf(shape, 'decoder', layer);
  const { g, name } = block;
  const { weights, width: E } = shape;
  const w = (part: string): string => weights(`decoder.layers.${String(layer)}.${part}`);
  const before = residualInto(g, name, residualBefore('decoder', layer, embeddingOf('decoder'), shape.normFirst), E);
  const x = selfAttention(shape, block, 'decoder', layer, before);
  const read = (normalized: Value): Value => {
    const queries = linear(g, normalized, w('encoder_attn.q_proj'), E, E, true);
    return linear(g, crossAttention(g, `${name}.cross_attn`, queries, headsOf(shape, 'decoder')), w('encoder_attn.out_proj'), E, E, true);
  };
  const crossed = sublayer(block, x, read, { norm: 'ln2', weights: w('encoder_attn_layer_norm'), out: 'hook_cross_attn_out', sum: 'hook_resid_mid_cross' });
  residualOutOf(block, neurons(shape, block, 'decoder', layer, crossed, 'ln3'));
  return g.build();
}

function selfAttention(shape: BartShape, block: Sublayers, side: Side, layer: number, x: Value): Value {
  const { g, name } = block;
  const { weights, width: E } = shape;
  const w = (part: string): string => weights(`${side}.layers.${String(layer)}.${part}`);
  const look = (normalized: Value): Value => {
    const project = (of: string): Value => linear(g, normalized, w(`self_attn.${of}_proj`), E, E, true);
    const { heads, headWidth, scale } = headsOf(shape, side);
    const z = attention(g, `${name}.attn`, [project('q'), project('k'), project('v')], { heads, keyHeads: heads, headWidth, scale, causal: side === 'decoder', window: null, rotary: null });
    return linear(g, z, w('self_attn.out_proj'), E, E, true);
  };
  return sublayer(block, x, look, { norm: 'ln1', weights: w('self_attn_layer_norm'), out: 'hook_attn_out', sum: 'hook_resid_mid' });
}

function neurons({ weights, width, act, ...shape }: BartShape, block: Sublayers, side: Side, layer: number, x: Value, norm: string): Value {
  const w = (part: string): string => weights(`${side}.layers.${String(layer)}.${part}`);
  const compute = (normalized: Value): Value => feedForward(block.g, `${block.name}.mlp`, normalized, { up: w('fc1'), down: w('fc2') }, { width, inner: shape[side].inner, act, bias: true });
  return sublayer(block, x, compute, { norm, weights: w('final_layer_norm'), out: 'hook_mlp_out', sum: 'hook_resid_post' });
}

function headsOf({ width, ...shape }: BartShape, side: Side): { readonly heads: number; readonly headWidth: number; readonly scale: number } {
  const { heads } = shape[side];
  return { heads, headWidth: width / heads, scale: 1 / Math.sqrt(width / heads) };
}

/** With norms before each part, what the blocks leave is normalised once more. */
function encoderEnd(shape: BartShape): Stage {
  const g = new StageBuilder('encoder.end', shape.checkpoint, 'text');
  endOf(g, shape, 'encoder');
  return g.build();
}

function endOf(g: StageBuilder, { weights, width: E, normFirst, ...shape }: BartShape, side: Side): Value {
  const x = g.input('residual', [1, 'pos', E], { from: 'stage', tensor: residualBefore(side, shape[side].layers, embeddingOf(side), normFirst) });
  return normFirst ? layerNorm(g, x, `${side}_final_ln`, weights(`${side}.layer_norm`), E, EPSILON) : x;
}

function keysOfText(shape: BartShape, layer: number): Stage {
  const { checkpoint, weights, width, normFirst, encoder } = shape;
  const tensor = normFirst ? 'encoder_final_ln.hook_normalized' : residualBefore('encoder', encoder.layers, embeddingOf('encoder'), normFirst);
  const w = (part: string): string => weights(`decoder.layers.${String(layer)}.encoder_attn.${part}`);
  return crossKeys(checkpoint, `decoder.${String(layer)}.cross_attn`, { tensor, width }, headsOf(shape, 'decoder'), { key: w('k_proj'), value: w('v_proj'), bias: true });
}

/** Logits `[1, logit, V]` of what is written. */
function unembed(shape: BartShape): Stage {
  const g = new StageBuilder('unembed', shape.checkpoint, 'output');
  const end = endOf(g, shape, 'decoder');
  logits(g, shape.normFirst ? g.patchable(UNEMBEDDED, end, [1, 'pos', shape.width]) : end, { width: shape.width, vocabulary: shape.decoder.vocabulary, ...shape.head });
  return g.build();
}
