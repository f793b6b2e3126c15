/** Models: where they are, and what is known of them once they are loaded. */
export type ModelKind = 'decoder' | 'encoder' | 'encoder-decoder' | 'recurrent';

/** Where a model's files are: a folder in Hugging Face layout. */
export interface ModelSource {
  /** What the user calls it: `storyteller`, or a folder's name. Unique among the listed models. */
  readonly name: string;
  /** Absolute folder path (Node) or base URL ending in `/` (browser). */
  readonly location: string;
  /** Where this is left out: float32 if that fits into memory, else 8-bit. */
  readonly precision?: Precision;
}

/**
 * The sequences of tokens a model works on: `text` is what the user gave; `output` is what the decoder of an
 * encoder–decoder has written so far, from its start token on.
 */
export type Sequence = 'text' | 'output';

/** Whose attention it is: an encoder–decoder has all three, a decoder or an encoder one, a recurrent network none. */
export type AttentionPart = 'encoder' | 'decoder' | 'cross';

export interface AttentionInfo {
  readonly part: AttentionPart;
  readonly layers: number;
  readonly heads: number;
  /** Heads of keys and values: `heads ÷ keyHeads` consecutive query heads share one. */
  readonly keyHeads: number;
  /** Which tokens look, and which are looked at. They differ for `cross` only. */
  readonly queries: Sequence;
  readonly keys: Sequence;
  /** Queries see themselves and what is before them only. */
  readonly causal: boolean;
}

/** What a model's scores are for: the token after a position, the token at a position that is masked, or nothing. */
export type Predicts = 'next' | 'masked' | 'nothing';

/**
 * How a model computes: in float32, or with the weights of its linear layers as 8-bit numbers, which takes a
 * quarter of the memory and half the time and costs some exactness (question `fidelity`).
 */
export type Precision = 'float32' | '8-bit';

/** What a model takes, computed from its configuration and the header of its weights. */
export interface ModelMemory {
  /** Bytes of weights once every session is made. */
  readonly weights: number;
  /** Bytes at most, while sessions are made or on a run of the most tokens that are shown. */
  readonly peak: number;
}

/** What is known of a loaded model, for captions and status lines. */
export interface ModelInfo {
  readonly name: string;
  readonly kind: ModelKind;
  /**
   * How it came in. `weights`: graphs are written for its checkpoint, and every hook point can be intervened on.
   * `onnx`: an exported graph runs as it is; it has patterns and logits, and nothing in it can be changed.
   */
  readonly door: 'weights' | 'onnx';
  /** `model_type` of config.json; `onnx` where an exported graph has none beside it. */
  readonly type: string;
  /** In the order they are computed; empty for a recurrent network. */
  readonly attentions: readonly AttentionInfo[];
  readonly predicts: Predicts;
  /** The tokenizer's mask, as it is written in a text; null where there is none. */
  readonly mask: string | null;
  /** Codes of the languages a translating model can be told to write, as its tokenizer has them: `>>fra<<`. */
  readonly targets: readonly string[];
  /** Layers of the part that predicts: an encoder–decoder's decoder. So are heads. */
  readonly layers: number;
  /** 0 for a recurrent network. */
  readonly heads: number;
  /** Heads of keys and values: `heads ÷ keyHeads` consecutive query heads share one. */
  readonly keyHeads: number;
  /** Width of the residual stream (d_model). */
  readonly width: number;
  readonly headWidth: number;
  readonly vocabulary: number;
  /** The most tokens the model can see at once. */
  readonly positions: number;
  readonly parameters: number;
  /** How the weights are stored in the folder. */
  readonly weights: string;
  readonly precision: Precision;
  readonly memory: ModelMemory;
  /** Threads the runtime uses. */
  readonly threads: number;
}
