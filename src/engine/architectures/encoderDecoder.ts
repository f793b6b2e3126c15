/**
 * What encoder–decoders share (Vaswani et al. 2017): the order of their stages, their three kinds of attention, and
 * sublayers with a norm before or after. Hook points are those of TransformerLens's HookedEncoderDecoder.
 */
import type { StageBuilder, Stage, Value } from '../onnx/stage.ts';
import type { Dimensions, Network, NetworkAttention, OutputRules } from './architecture.ts';
import { pastOf } from './attention.ts';

export type Side = 'encoder' | 'decoder';

/** Layers and heads of one side. */
export interface Stack {
  readonly layers: number;
  readonly heads: number;
}

export interface Stages {
  /** On the text. */
  readonly encoder: readonly Stage[];
  /** Keys and values of the encoder's result for each layer of the decoder, on the text. */
  readonly crossKeys: readonly Stage[];
  /** On the output, head included. */
  readonly decoder: readonly Stage[];
}

export function encoderDecoder(encoder: Stack, { width, headWidth, vocabulary, positions, ...decoder }: Omit<Dimensions, 'keyHeads'>, stages: Stages, output: OutputRules): Network {
  const attentions = [
    { part: 'encoder', ...sizes(encoder), queries: 'text', keys: 'text', causal: false, pattern: (layer) => `encoder.${String(layer)}.attn.hook_pattern` },
    { part: 'decoder', ...sizes(decoder), queries: 'output', keys: 'output', causal: true, pattern: (layer) => `decoder.${String(layer)}.attn.hook_pattern` },
    { part: 'cross', ...sizes(decoder), queries: 'output', keys: 'text', causal: false, pattern: (layer) => `decoder.${String(layer)}.cross_attn.hook_pattern` },
  ] as const satisfies readonly NetworkAttention[];
  return {
    kind: 'encoder-decoder',
    dimensions: { ...sizes(decoder), width, headWidth, vocabulary, positions },
    stages: [...stages.encoder, ...stages.crossKeys, ...stages.decoder],
    past: pastOf(decoder.layers, false, 'decoder'),
    attentions,
    output,
    predicts: 'next',
    logits: 'logits',
  };
}

const sizes = ({ layers, heads }: Stack): Pick<Dimensions, 'layers' | 'heads' | 'keyHeads'> => ({ layers, heads, keyHeads: heads });

/** A norm by the names of its hook points and of its weights. */
export type Norm = (x: Value, name: string, weights: string) => Value;

export interface Sublayers {
  readonly g: StageBuilder;
  /** Hook points of the block begin with it: `encoder.0`. */
  readonly name: string;
  readonly width: number;
  readonly norm: Norm;
  /** x + part(norm(x)), or norm(x + part(x)) as the first transformer had it. */
  readonly normFirst: boolean;
}

/** One part of a block with its residual connection; `out` and `sum` name the hook points of what it gives and what comes of it. */
export interface Sublayer {
  readonly norm: string;
  readonly weights: string;
  readonly out: string;
  readonly sum: string;
}

/** `[1, pos, E]` → `[1, pos, E]`. */
export function sublayer({ g, name, width, norm, normFirst }: Sublayers, x: Value, part: (x: Value) => Value, names: Sublayer): Value {
  const normalized = (value: Value): Value => norm(value, `${name}.${names.norm}`, names.weights);
  const out = g.patchable(`${name}.${names.out}`, part(normFirst ? normalized(x) : x), [1, 'pos', width]);
  const sum = g.hook(`${name}.${names.sum}`, g.op('Add', [x, out]), [1, 'pos', width]);
  return normFirst ? sum : normalized(sum);
}

/** Beginning of a block: what the stage before left. */
export function residualInto(g: StageBuilder, name: string, tensor: string, width: number): Value {
  return g.patchable(`${name}.hook_resid_pre`, g.input('residual', [1, 'pos', width], { from: 'stage', tensor }), [1, 'pos', width]);
}

/** End of a block. With a norm after each sum the stream between blocks is the normalised one, and can be changed there. */
export function residualOutOf({ g, name, width, normFirst }: Sublayers, x: Value): void {
  if (!normFirst) g.patchable(`${name}.hook_normalized_resid_post`, x, [1, 'pos', width]);
}

/** What a block reads, and what comes after the last one: the result of block `layer − 1`, or of the embedding. */
export function residualBefore(side: Side, layer: number, embedding: string, normFirst: boolean): string {
  if (layer === 0) return embedding;
  return `${side}.${String(layer - 1)}.${normFirst ? 'hook_resid_post' : 'hook_normalized_resid_post'}`;
}
