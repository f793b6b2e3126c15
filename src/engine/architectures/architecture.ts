import type { AttentionInfo, ModelKind, Predicts } from '../../protocol.ts';
import type { Checkpoint } from '../safetensors.ts';
import type { Stage } from '../onnx/stage.ts';
import type { Projection } from './projections.ts';
import type { Head } from './residualStream.ts';

/** The sizes every model has, whatever its family; of an encoder–decoder, layers and heads are the decoder's. */
export interface Dimensions {
  readonly layers: number;
  readonly heads: number;
  /** Heads of keys and values; consecutive query heads share one where there are fewer. */
  readonly keyHeads: number;
  readonly width: number;
  readonly headWidth: number;
  readonly vocabulary: number;
  readonly positions: number;
}

/** One kind of attention of a network and where its patterns are. */
export interface NetworkAttention extends AttentionInfo {
  /** Hook point of layer `l` that holds its pattern, `[1, head, query, key]`. */
  readonly pattern: (layer: number) => string;
}

/** How the decoder of an encoder–decoder writes: it begins with `start` and takes the likeliest allowed token each time. */
export interface OutputRules {
  /** Tokens that it can write: ids below this. */
  readonly vocabulary: number;
  /** Positions the decoder has. */
  readonly positions: number;
  readonly start: number;
  /** Tokens that end it. */
  readonly ends: readonly number[];
  /** The token that must come first after `start`, where the model was trained so. */
  readonly first: number | null;
  /** The token that must come last where `most` is reached. */
  readonly last: number | null;
  /** Runs of tokens that are never written. */
  readonly banned: readonly (readonly number[])[];
  /** Tokens before it may end, `start` among them. */
  readonly least: number;
  /** Tokens at most, `start` among them, or null where the model does not say. */
  readonly most: number | null;
  /** No run of so many tokens is written twice; 0 allows all. */
  readonly unrepeated: number;
}

/** Layers of a recurrent network and where their states are. */
export interface NetworkStates {
  /** Hook point of layer `l` that holds its state after each token, `[1, pos, unit]`. */
  readonly state: (layer: number) => string;
}

/** A norm over the width, by what the run tells of it and by its weights. */
export interface NormWeights {
  /** Its hook points begin with it; `{hook}.hook_scale` is what it divided by, `[1, pos, 1]`. */
  readonly hook: string;
  /** LayerNorm takes the mean out first, RMSNorm does not. */
  readonly centred: boolean;
  /** Name of the weight, `[width]`, and what is added to what is stored. */
  readonly weight: string;
  readonly offset?: number;
  /** Name of the bias, `[width]`. */
  readonly bias?: string;
}

/** A part of a layer that adds to the residual stream: `out = norm(from · W + b)`. */
export interface ResidualPart {
  /** Hook point of what it projects: heads `[1, pos, H, D]` or neurons `[1, pos, F]`. */
  readonly from: string;
  /** Hook point of what it adds, `[1, pos, width]`; of the same stage. */
  readonly out: string;
  readonly projection: Projection;
  /** Gemma 2 and 3 normalise what a part gives before it is added. */
  readonly norm?: NormWeights;
}

/** How a layer's heads get their values from the residual stream before the layer: `v = projection(norm(resid_pre))`. */
export interface ValuePath {
  /** Hook point of the values, `[1, key, K, D]`, which the heads mix by their pattern. */
  readonly hook: string;
  readonly norm: NormWeights;
  /** May give queries and keys as well. */
  readonly projection: Projection;
  /** Which of its outputs is a channel of the values, counted over the key heads: `k · D + d`. */
  readonly output: (channel: number) => number;
}

/**
 * How all that is added to the residual stream reaches the logits: `logits = head(norm(Σ embeddings + Σ parts))`.
 * There in decoders with the norm before each part; with one after each sum, nothing stays as it was added.
 */
export interface ResidualPaths {
  /** Hook points that are summed to the first residual stream: tokens, then positions where they are added. */
  readonly embeddings: readonly string[];
  readonly attention: (layer: number) => ResidualPart;
  readonly values: (layer: number) => ValuePath;
  readonly feedForward: (layer: number) => ResidualPart;
  readonly norm: NormWeights;
  readonly head: Head;
}

/** A model of some family, written as stages in the order they run. */
export interface Network {
  readonly kind: ModelKind;
  readonly dimensions: Dimensions;
  readonly stages: readonly Stage[];
  /** Hook points whose value at earlier positions can be handed to a later run: keys and values, states. */
  readonly past: readonly string[];
  /** In the order they are computed; none in a recurrent network. */
  readonly attentions: readonly NetworkAttention[];
  /** A recurrent network's. */
  readonly states?: NetworkStates;
  /** An encoder–decoder's. */
  readonly output?: OutputRules;
  /** Of an encoder–decoder whose encoder has a vocabulary, and embeddings, of its own. */
  readonly separate?: true;
  readonly predicts: Predicts;
  /** Hook point that holds the logits, `[1, logit, vocabulary]`; not there where nothing is predicted. */
  readonly logits: string;
  /** For the attribution of logits to parts; not there where parts cannot be told apart in them. */
  readonly paths?: ResidualPaths;
}

/** One family: how its config.json and tensors become a network. */
export interface Architecture {
  /** `model_type` values it serves. */
  readonly types: readonly string[];
  /**
   * Checks the configuration and every tensor's shape, and writes the graphs. `generation` is what
   * generation_config.json holds, or null where there is none.
   * @throws ProblemError `model.badConfig`, `model.missingTensor`, `model.wrongShape`
   */
  build(config: unknown, checkpoint: Checkpoint, generation: unknown): Network;
}

/** The only attention of a decoder, where each token looks at itself and back, or of an encoder, where each looks at all. */
export function onlyAttention(part: 'decoder' | 'encoder', { layers, heads, keyHeads }: Dimensions): NetworkAttention[] {
  const pattern = (layer: number): string => `blocks.${String(layer)}.attn.hook_pattern`;
  return [{ part, layers, heads, keyHeads, queries: 'text', keys: 'text', causal: part === 'decoder', pattern }];
}
