/**
 * Every message between Headlight's three sides, and nothing else: types only, no imports.
 *
 *   page (webview)  ⇄  host (extension host, or the command line)  ⇄  worker (engine)
 *
 * The trace of a run stays in the worker. The host starts runs; the page asks questions about
 * them and gets slices no bigger than its picture.
 *
 * Shapes are written `[layer, head, query, key]`. "Unit" is a token, or a word where the
 * question merges pieces to words. All text offsets are UTF-16 code units.
 */

// ── Models ────────────────────────────────────────────────────────────────────────────────

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

// ── Tokens ────────────────────────────────────────────────────────────────────────────────

export interface Token {
  readonly id: number;
  /** The token as text. For a part of a character: the whole character it belongs to. */
  readonly text: string;
  /** UTF-8 bytes that the token stands for; empty for a token the tokenizer added. */
  readonly bytes: readonly number[];
  /** Range in the text that was given, UTF-16; `start === end` for an added token. */
  readonly start: number;
  readonly end: number;
  /** `text`: from the text. `added`: put there by the tokenizer. `special`: a special token written out in the text. */
  readonly origin: 'text' | 'added' | 'special';
  /** The token holds only some bytes of its first or last character. */
  readonly partial: boolean;
  /** What the tokenizer turned the text of this range into, where that differs (lower-cased, U+FFFD, …). */
  readonly changed?: string;
  /** Index of the word this token belongs to; words are numbered from 0 without gaps. */
  readonly word: number;
}

/** A token of one of the sequences. */
export interface Place {
  readonly sequence: Sequence;
  readonly token: number;
}

/** Which part of the text the model sees. */
export interface Window {
  /** First and one-past-last token shown, among all tokens of the text. */
  readonly start: number;
  readonly end: number;
  /** Tokens in the text as far as it was read. */
  readonly total: number;
  /** UTF-16 length of the given text, and how much of it was read at all. */
  readonly textLength: number;
  readonly textRead: number;
}

// ── Runs ──────────────────────────────────────────────────────────────────────────────────

/** One run of one model on one text; given out by the host's engine client. */
export type RunId = number;

export interface RunRequest {
  readonly model: ModelSource;
  readonly text: string;
  /** Token ids instead of text (command line); `text` is then ignored. */
  readonly ids?: readonly number[];
  /** Every hook point is wanted (for an export): fetch them in the same pass. */
  readonly capture?: boolean;
  /** Only predictions will be asked about: nothing is told of layers, and patterns are computed when asked for. */
  readonly predictionsOnly?: boolean;
  /** First token of the window when the text holds more than the model can see. Default 0. */
  readonly windowStart?: number;
  /** Codes of target languages, the one wanted most first: the first one that the model knows is put in front of the text. */
  readonly targets?: readonly string[];
  /** Encoder–decoder: the decoder's input instead of what it would write itself, start token included. */
  readonly outputIds?: readonly number[];
  /** What is switched off, all of it at once. The tokens of the run are those that are not left out. */
  readonly interventions?: readonly Intervention[];
}

/** What stands in place of what is switched off: nothing, or its mean over all positions of the run of the same tokens without interventions. */
export type Replacement = 'zero' | 'mean';

/** Something that is switched off. Tokens, queries and keys count in the window of the text (or the output) before any are left out. */
export type Intervention =
  /** What one head hands on (`hook_z`). */
  | { readonly kind: 'head'; readonly part: AttentionPart; readonly layer: number; readonly head: number; readonly by: Replacement }
  /** What a layer's attention adds to the residual stream. */
  | { readonly kind: 'attention'; readonly part: AttentionPart; readonly layer: number; readonly by: Replacement }
  /** What a layer's feed-forward part adds to the residual stream. */
  | { readonly kind: 'feedForward'; readonly part: FeedForwardPart; readonly layer: number; readonly by: Replacement }
  /** One neuron of a feed-forward part, after its activation (`mlp.hook_post`). */
  | { readonly kind: 'neuron'; readonly part: FeedForwardPart; readonly layer: number; readonly index: number; readonly by: Replacement }
  /** A token of the text is left out, and those after it move up. */
  | { readonly kind: 'token'; readonly token: number }
  /** One query does not look at one key; the weights of its other keys grow to 1 again, or stay what they are. */
  | { readonly kind: 'link'; readonly part: AttentionPart; readonly layer: number; readonly heads: readonly number[]; readonly query: number; readonly key: number; readonly renormalise: boolean }
  /** What is added to the embeddings for the positions of tokens. */
  | { readonly kind: 'positions'; readonly by: Replacement };

/** Where feed-forward parts are. */
export type FeedForwardPart = Exclude<AttentionPart, 'cross'>;

export interface RunInfo {
  readonly run: RunId;
  readonly model: ModelInfo;
  /** The tokens of the window; every index in questions and answers refers to this list, or to the output's. */
  readonly tokens: readonly Token[];
  readonly window: Window;
  /** The target language's code in front of the text, put there or written in it; null where there is none. */
  readonly target: string | null;
}

/** What happened to a run, in this order: started, then layers, states and output as they come, then finished or failed. */
export type RunEvent =
  | { readonly type: 'started'; readonly run: RunId; readonly info: RunInfo }
  | { readonly type: 'layer'; readonly run: RunId; readonly summary: LayerSummary }
  | { readonly type: 'state'; readonly run: RunId; readonly summary: StateSummary }
  /** All that the decoder has written so far; ranges are in the text they spell. Questions see the same. */
  | { readonly type: 'output'; readonly run: RunId; readonly tokens: readonly Token[]; readonly complete: boolean }
  | { readonly type: 'finished'; readonly run: RunId; readonly milliseconds: number }
  | { readonly type: 'failed'; readonly run: RunId; readonly problem: Problem };

/** One layer at a glance: what the head grid shows. */
export interface LayerSummary {
  readonly part: AttentionPart;
  readonly layer: number;
  readonly heads: readonly HeadSummary[];
}

export interface HeadSummary {
  /**
   * `[rows, columns]` thumbnail of the pattern, rows are queries; each cell is the largest weight in it,
   * written as `round(255 · √weight)`.
   */
  readonly thumbnail: Uint8Array;
  readonly rows: number;
  readonly columns: number;
  readonly scores: HeadScores;
}

/** One layer of a recurrent network at a glance. */
export interface StateSummary {
  readonly layer: number;
  /** How much each token moved the state, `‖h_t − h_{t−1}‖ ÷ √units`, from a state of zeros: `[token]`. */
  readonly change: Float32Array;
}

/** Means over all queries that have more than one key to choose from; places are compared for self-attention only, else they are 0. */
export interface HeadScores {
  /** Shannon entropy of the row in bits ÷ log2(number of keys it may see): 0 one key, 1 uniform. */
  readonly entropy: number;
  /** Share of attention on the first token. */
  readonly first: number;
  /** Share on the token just before. */
  readonly previous: number;
  /** Share on the token itself. */
  readonly self: number;
  /** Share on other occurrences of the same token id. */
  readonly same: number;
}

// ── Questions about a run ─────────────────────────────────────────────────────────────────

/** The first token draws most of the attention in most heads: shown, drawn faintly, or taken out and the rest renormalised. */
export type Sink = 'show' | 'dim' | 'remove';

/** Whose attention: one layer of a part, some of its heads. */
export interface AttentionOf {
  readonly part: AttentionPart;
  readonly layer: number;
  /** Non-empty, ascending. */
  readonly heads: readonly number[];
  /** Average the heads into one pattern. */
  readonly average: boolean;
  /** Only `remove` changes numbers; `dim` is drawing. */
  readonly sink: Sink;
  /** Words: weights to a word's pieces add up, rows of a word's pieces are averaged. */
  readonly unit: 'token' | 'word';
}

export interface Questions {
  /** The fewest links that carry `percent` of each row, strongest first, at most `limit` of them. */
  readonly links: {
    readonly ask: AttentionOf & { readonly percent: number; readonly limit: number };
    readonly answer: LinksAnswer;
  };
  /**
   * One unit's complete row (`from`: what it attends to, the unit being a query) or column (`to`: what attends
   * to it, the unit being a key), per head.
   */
  readonly focus: {
    readonly ask: AttentionOf & { readonly percent: number; readonly unitIndex: number; readonly direction: 'from' | 'to' };
    readonly answer: FocusAnswer;
  };
  /** A whole pattern, one head or the average of some. */
  readonly pattern: { readonly ask: AttentionOf; readonly answer: PatternAnswer };
  /**
   * What the model expects after the token at `position` (of the output, where there is one); of an encoder,
   * what it puts in place of that token when it is masked.
   */
  readonly next: { readonly ask: NextAsk; readonly answer: NextAnswer };
  /** Some candidates continued to the end of their word, the likeliest token each time. For models that go on with the text itself. */
  readonly words: { readonly ask: { readonly position: number; readonly ids: readonly number[] }; readonly answer: { readonly words: readonly WordCandidate[] } };
  /** How surprising the tokens of the text are, each after those before it. For models that predict what is next. */
  readonly surprisal: { readonly ask: { readonly from: number; readonly to: number }; readonly answer: SurprisalAnswer };
  /** A recurrent network's state, the `units` that change most over the text. */
  readonly states: { readonly ask: { readonly layer: number; readonly units: number }; readonly answer: StatesAnswer };
  /**
   * How much each of some earlier tokens moves the prediction at `position`: the model is run again without it.
   * For models that predict what is next from the text itself.
   */
  readonly influence: { readonly ask: { readonly position: number; readonly tokens: readonly number[] }; readonly answer: InfluenceAnswer };
  /**
   * The logit lens: what the head would predict from the residual stream after the embedding and after each layer, at
   * some positions (of the output, where there is one). An encoder is read as it is: the text holds the masks. Of a
   * recurrent network there is the last layer only. Costs the head for each layer and position.
   */
  readonly lens: { readonly ask: LensAsk; readonly answer: LensAnswer };
  /**
   * What each part of a decoder adds to the logit of a token after `position`, or to its difference from a rival's. The
   * scale of the last norm is that of the run. Costs about a run.
   */
  readonly attribution: { readonly ask: AttributionAsk; readonly answer: AttributionAnswer };
  /** One head's share in that by the tokens it looked at. */
  readonly attributionSources: { readonly ask: AttributionAsk & { readonly layer: number; readonly head: number }; readonly answer: SourcesAnswer };
  /** The neurons that are strongest at a token, and what each adds to which logits most there. For the same models as attribution. */
  readonly neurons: { readonly ask: NeuronsAsk; readonly answer: NeuronsAnswer };
  /** The tokens whose embeddings point in the direction closest to that of one token of the text's vocabulary. */
  readonly neighbours: { readonly ask: { readonly id: number; readonly top: number }; readonly answer: NeighboursAnswer };
  /** The tokens that a text is in the vocabulary which the model predicts, with none put around it: for choosing one by its text. */
  readonly spelling: { readonly ask: { readonly text: string }; readonly answer: { readonly tokens: readonly SpelledToken[] } };
  /**
   * How a prediction changes when things are switched off: of a run without interventions, whose position counts before
   * any token is left out. It is run again from where it differs.
   */
  readonly effect: { readonly ask: EffectAsk; readonly answer: EffectAnswer };
  /** The effect of switching off each head, each part of each layer, or each token: some of them at a time, `from` up to `to`. */
  readonly sweep: { readonly ask: SweepAsk; readonly answer: SweepAnswer };
  /**
   * What 8-bit weights cost on this very text: it is run through float32 as well, stage by stage. Of a run in
   * float32 the answer is that nothing differs. Ends as `run.cancelled` when the run is released meanwhile.
   */
  readonly fidelity: { readonly ask: Record<string, never>; readonly answer: FidelityAnswer };
  /** The hook points of the model with their shapes in this run, by stage, in the order they are computed. */
  readonly stages: { readonly ask: Record<string, never>; readonly answer: { readonly stages: readonly StageInfo[] } };
  /** Every hook point of one stage in full: for exports, never for pictures. */
  readonly capture: { readonly ask: { readonly stage: string }; readonly answer: { readonly tensors: readonly CapturedTensor[] } };
}

export type Question = keyof Questions;
export type Ask<Q extends Question> = Questions[Q]['ask'];
export type Answer<Q extends Question> = Questions[Q]['answer'];

export interface LinksAnswer {
  /** Links in parallel arrays, `[link]`; `head` counts in the asked-for heads (0 when averaged). */
  readonly query: Uint16Array;
  readonly key: Uint16Array;
  readonly head: Uint8Array;
  readonly weight: Float32Array;
  /** Links with any weight that are not among these, and the share of all attention that they carry. */
  readonly hidden: number;
  readonly hiddenShare: number;
  /** Mean share of each row on the first token, before any removal, `[unit]`. */
  readonly sinkShare: Float32Array;
}

export interface FocusAnswer {
  /** `[head, unit]` weights over the units of the other axis, head counted in the asked-for heads; one row when averaged. */
  readonly weights: Float32Array;
  /** `[head, unit]` 1 where the link is among the fewest that carry `percent` of its query's row. */
  readonly kept: Uint8Array;
  /** Share of this unit's row on the first token, before any removal, `[head]`; 0 where the unit is a key of another sequence. */
  readonly sinkShare: Float32Array;
}

export interface PatternAnswer {
  /** Units on each axis. */
  readonly queries: number;
  readonly keys: number;
  /** `[query, key]`, `round(255 · √weight)`. */
  readonly weights: Uint8Array;
  /** Mean share of a row on the first token, before any removal. */
  readonly sinkShare: number;
}

export interface NextAsk {
  readonly position: number;
  readonly top: number;
  /** How a token would be drawn; absent: from the softmax as it is. */
  readonly sampling?: Sampling;
  /** A number of 0 up to 1 that draws a token: the one in whose part of the kept probability it falls, likeliest first. */
  readonly draw?: number;
}

/** What is done to the scores before a token is drawn, in this order. */
export interface Sampling {
  /** Scores are divided by it. */
  readonly temperature: number;
  /** So many tokens are kept; 0 keeps all. */
  readonly topK: number;
  /** The fewest tokens that carry this share are kept (nucleus sampling, Holtzman et al. 2020); 1 keeps all. */
  readonly topP: number;
  /** Tokens of at least this share of the likeliest one's probability are kept; 0 keeps all. */
  readonly minP: number;
}

export interface NextAnswer {
  readonly position: number;
  /** After the position, or in its place. */
  readonly predicts: Predicts;
  /** Likeliest first. */
  readonly top: readonly Candidate[];
  /** Probability that lies outside `top`. */
  readonly rest: number;
  /** Entropy of the whole distribution, bits. */
  readonly entropy: number;
  /** The token that is really there in the text, where one is. */
  readonly actual?: Candidate;
  /** What sampling leaves, where it was asked for. */
  readonly sampled?: Sampled;
}

export interface Sampled {
  /** Probability of the top candidates at the temperature, before any is left out, `[candidate]`. */
  readonly tempered: Float32Array;
  /** Probability with which they are drawn, 0 for one that is left out, `[candidate]`. */
  readonly drawn: Float32Array;
  /** Which rule leaves them out, `[candidate]`. */
  readonly rule: readonly (SamplingRule | null)[];
  /** Tokens that are kept. */
  readonly kept: number;
  /** What each rule leaves out, at the temperature: tokens of the vocabulary and their share of the probability. */
  readonly excluded: Readonly<Record<SamplingRule, { readonly tokens: number; readonly share: number }>>;
  /** The token that was drawn, its probability, and where its part begins. */
  readonly choice?: { readonly candidate: Candidate; readonly probability: number; readonly from: number };
}

export type SamplingRule = 'topK' | 'topP' | 'minP';

export interface WordCandidate {
  /** The candidate and what follows it. */
  readonly ids: readonly number[];
  /** What they spell, exactly. */
  readonly text: string;
  /** Natural logarithm of the probability of all of them. */
  readonly logProbability: number;
  /** Whether the word has come to its end, as far as it was followed. */
  readonly complete: boolean;
}

/** Of the tokens `from` up to `to`. */
export interface SurprisalAnswer {
  /** −log₂ of the probability of each token, bits, `[token]`; NaN for the text's first token, before which there is nothing. */
  readonly bits: Float32Array;
  /** Its rank among all tokens, 1 is the likeliest, `[token]`; 0 for the first token. */
  readonly rank: Uint32Array;
}

export interface StatesAnswer {
  /** Units of the whole state. */
  readonly width: number;
  /** Which units are here, the one that changes most first (mean of |h_t − h_{t−1}|), `[unit]`. */
  readonly units: Uint16Array;
  /** `[token, unit]`, in thousandths of the largest absolute value of the whole state: −1000…1000. */
  readonly values: Int16Array;
  readonly largest: number;
}

export interface InfluenceAnswer {
  /** Kullback–Leibler divergence of the prediction without the token from that with it, bits, `[token]` as asked. */
  readonly divergence: Float32Array;
  /** Log₂-probability that the likeliest next token loses when the token is left out, bits, `[token]` as asked. */
  readonly loss: Float32Array;
  /** The likeliest next token of the whole text. */
  readonly likeliest: Candidate;
}

export interface LensAsk {
  readonly positions: readonly number[];
  /** Candidates in each cell. */
  readonly top: number;
  /** A token whose place is told of each cell. */
  readonly id?: number;
}

/** Cells are row by row: `[layer, position]`, layers in the order of `layers`, positions as they were asked. */
export interface LensAnswer {
  readonly predicts: Predicts;
  /** After which layer each row is read; −1 is the embedding. */
  readonly layers: readonly number[];
  /** Likeliest first. */
  readonly top: readonly (readonly Candidate[])[];
  /** Kullback–Leibler divergence of the cell's distribution from that of the last layer, bits. */
  readonly divergence: Float32Array;
  /** The chosen token. */
  readonly followed?: {
    readonly id: number;
    readonly text: string;
    /** Natural logarithm. */
    readonly logProbability: Float32Array;
    /** 1 is the likeliest. */
    readonly rank: Uint32Array;
  };
}

export interface AttributionAsk {
  readonly position: number;
  readonly id: number;
  /** Its logit is taken away. */
  readonly rival?: number;
}

/** What a part adds to the logit, or to the difference. */
export type LogitShare =
  /** The token's embedding, and that of its position where it has one. */
  | { readonly part: 'embedding' | 'position'; readonly value: number }
  | { readonly part: 'head'; readonly layer: number; readonly head: number; readonly value: number }
  /** `attentionBias`: the bias behind the heads, which no head has alone. */
  | { readonly part: 'attentionBias' | 'feedForward'; readonly layer: number; readonly value: number }
  /** The bias of the last norm, and that of the head. */
  | { readonly part: 'normBias' | 'unembeddingBias'; readonly value: number };

export interface AttributionAnswer {
  readonly target: Candidate;
  readonly rival?: Candidate;
  /** The target's logit less the rival's, before logits are squeezed under a bound where the model does that (Gemma 2). */
  readonly logit: number;
  /** In the order they are computed. */
  readonly shares: readonly LogitShare[];
  /** `logit` less the sum of the shares: rounding, and with 8-bit weights what they differ. */
  readonly remainder: number;
}

export interface SourcesAnswer {
  /** The head's share. */
  readonly value: number;
  /** `[token]`; together, `value`. */
  readonly shares: Float32Array;
  /** `value` less the sum of the shares. */
  readonly remainder: number;
}

export interface NeuronsAsk {
  readonly layer: number;
  readonly position: number;
  /** How many neurons, and how many tokens of each. */
  readonly top: number;
  readonly tokens: number;
}

export interface NeuronsAnswer {
  /** Neurons of the layer. */
  readonly count: number;
  /** The largest activation first, whatever its sign. */
  readonly neurons: readonly NeuronAnswer[];
}

export interface NeuronAnswer {
  readonly neuron: number;
  readonly activation: number;
  /** To whose logits it adds most here, and from whose it takes most. */
  readonly promotes: readonly PushedToken[];
  readonly suppresses: readonly PushedToken[];
}

export interface PushedToken {
  readonly id: number;
  readonly text: string;
  /** What the neuron adds to its logit at this position, directly. */
  readonly logit: number;
}

export interface NeighboursAnswer extends EmbeddedToken {
  /** Closest first, the token itself not among them. */
  readonly neighbours: readonly (EmbeddedToken & { readonly cosine: number })[];
}

export interface EmbeddedToken {
  readonly id: number;
  readonly text: string;
  /** Euclidean length of its embedding, as it is stored. */
  readonly length: number;
}

export interface SpelledToken {
  readonly id: number;
  readonly text: string;
}

export interface Candidate {
  readonly id: number;
  /** The token as text, exactly (may be blank, a part of a character shows as U+FFFD). */
  readonly text: string;
  readonly logit: number;
  /** Natural logarithm of the full-vocabulary softmax. */
  readonly logProbability: number;
  /** 1 is the likeliest. */
  readonly rank: number;
  /** It stands for no text: the end of a text, a padding, a mask. */
  readonly special: boolean;
}

/** Which prediction is looked at, and by which tokens. */
export interface Aim {
  /** As in the question `next`. */
  readonly position: number;
  /** Token id; default: the likeliest before. */
  readonly target?: number;
  /** Token id that the target is held against. */
  readonly rival?: number;
}

export interface EffectAsk extends Aim {
  readonly interventions: readonly Intervention[];
  readonly top: number;
}

/** A candidate without and with the interventions. */
export interface Change {
  readonly before: Candidate;
  readonly after: Candidate;
}

export interface EffectAnswer {
  readonly predicts: Predicts;
  readonly target: Change;
  readonly rival: Change | null;
  /** Natural log-probability of the target, after − before. */
  readonly logProbability: number;
  /** Logit of the target − logit of the rival, after − before; null without a rival. */
  readonly logitDifference: number | null;
  /** D(before ‖ after) of the whole prediction, bits (Kullback & Leibler 1951). */
  readonly divergence: number;
  /** Likeliest after, and likeliest before: first is likeliest. */
  readonly top: readonly Change[];
  readonly topBefore: readonly Change[];
  /** Entropy of the whole prediction, bits. */
  readonly entropyBefore: number;
  readonly entropyAfter: number;
}

export interface SweepAsk extends Aim {
  readonly over: 'heads' | 'parts' | 'tokens';
  /** Of one part of an encoder–decoder only; default: all. Not for tokens. */
  readonly part?: AttentionPart;
  readonly by: Replacement;
  /** Items of this answer: a page takes few at a time, and stops by asking no more. */
  readonly from: number;
  readonly to: number;
}

export interface SweepAnswer {
  /** All items there are: heads and parts layer by layer, tokens of the text as they come (up to `position`, where that is of the text). */
  readonly total: number;
  /** What was switched off, alone each time; the arrays below are `[item]` of these, and mean the same as in `EffectAnswer`. */
  readonly items: readonly Intervention[];
  readonly logProbability: Float32Array;
  readonly logitDifference: Float32Array | null;
  readonly divergence: Float32Array;
  /** Before anything is switched off. */
  readonly target: Candidate;
  readonly rival: Candidate | null;
}

/** 8-bit beside float32 on the same tokens. What a model does not have (patterns, predictions) is null. */
export interface FidelityAnswer {
  /** Positions that were compared. */
  readonly positions: number;
  /** Share of positions where the likeliest token is the same. */
  readonly top1: number | null;
  /** Largest absolute difference of a weight in any pattern. */
  readonly patternError: number | null;
  /** Largest absolute difference of a logit. */
  readonly logitError: number | null;
  /** Mean Kullback–Leibler divergence of the 8-bit prediction from that in float32, bits. */
  readonly klMean: number | null;
}

export interface StageInfo {
  readonly name: string;
  readonly hooks: readonly { readonly name: string; readonly shape: readonly number[] }[];
}

export interface CapturedTensor {
  /** TransformerLens's name of the hook point. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

// ── Problems ──────────────────────────────────────────────────────────────────────────────

/** Every way something can fail that a user may see; sentences are in problems.ts. */
export type ProblemCode =
  | 'text.empty'
  | 'text.binary'
  | 'ids.invalid'
  | 'ids.tooMany'
  | 'model.missingFile'
  | 'model.notJson'
  | 'model.badConfig'
  | 'model.unknownArchitecture'
  | 'model.badWeights'
  | 'model.missingTensor'
  | 'model.wrongShape'
  | 'model.badTokenizer'
  | 'model.tooLarge'
  | 'model.unknownName'
  | 'model.predictsNothing'
  | 'model.noOutput'
  | 'model.noTarget'
  | 'model.otherTarget'
  | 'model.otherAttention'
  | 'model.noAttention'
  | 'model.exported'
  | 'model.noPaths'
  | 'token.none'
  | 'token.beyond'
  | 'head.beyond'
  | 'folder.unreadable'
  | 'folder.notOnDisk'
  | 'folder.otherWeights'
  | 'folder.missingShards'
  | 'download.badRepo'
  | 'download.badEndpoint'
  | 'download.notFound'
  | 'download.needsToken'
  | 'download.forbidden'
  | 'download.busy'
  | 'download.refused'
  | 'download.unreachable'
  | 'download.brokenOff'
  | 'download.unsafeRedirect'
  | 'download.unsafeName'
  | 'download.badListing'
  | 'download.noWeights'
  | 'download.notAModel'
  | 'download.incomplete'
  | 'download.wrongSize'
  | 'download.wrongHash'
  | 'download.noSpace'
  | 'download.disk'
  | 'download.running'
  | 'onnx.damaged'
  | 'onnx.unfit'
  | 'onnx.input'
  | 'onnx.fused'
  | 'onnx.noAttention'
  | 'engine.died'
  | 'engine.outOfMemory'
  | 'engine.failed'
  | 'intervention.noPositions'
  | 'intervention.beyond'
  | 'intervention.ownToken'
  | 'intervention.twice'
  | 'intervention.unreadable'
  | 'run.gone'
  | 'run.cancelled';

export interface Problem {
  readonly code: ProblemCode;
  /** Facts for the sentence: file, tensor, expected, found, … */
  readonly facts: Readonly<Record<string, string>>;
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

// ── Host ⇄ worker (through comlink) ───────────────────────────────────────────────────────

export interface EngineOptions {
  /** Where the runtime's own files are: folder URL ending in `/`. */
  readonly runtime: string;
  /** 0: decide from the machine. */
  readonly threads: number;
}

export interface EngineApi {
  /** `onEvent` hears of every run's steps until the worker ends. */
  start(options: EngineOptions, onEvent: (event: RunEvent) => void): Promise<Outcome<null>>;
  load(model: ModelSource): Promise<Outcome<ModelInfo>>;
  /** Begins a run; how it goes is told by events, of which `finished` or `failed` is always the last. */
  run(run: RunId, request: RunRequest): void;
  ask<Q extends Question>(run: RunId, question: Q, ask: Ask<Q>): Promise<Outcome<Answer<Q>>>;
  /** Stops a run at the next block; it then ends as `run.cancelled`. */
  cancel(run: RunId): void;
  /** Forgets a run and its tensors. */
  release(run: RunId): void;
  /** What is alive, for tests and the status line. */
  inventory(): Promise<Inventory>;
}

export interface Inventory {
  readonly models: readonly string[];
  readonly runs: number;
  /** Bytes of tensors that traces hold. */
  readonly traceBytes: number;
}

// ── Host ⇄ page (postMessage) ─────────────────────────────────────────────────────────────

/** What a panel is about. Survives a reload with the view state; tensors do not. */
export interface Subject {
  readonly text: string;
  /** UTF-16 length of the chosen text, where `text` holds only its beginning. */
  readonly textLength?: number;
  /** Name of the model that shows it. */
  readonly model: string;
  readonly windowStart: number;
  /** Code of the target language that was chosen, for models that translate. */
  readonly target?: string;
  /** Where the text came from, if from a document. */
  readonly source?: SubjectSource;
}

export interface SubjectSource {
  readonly uri: string;
  /** File name for the status line. */
  readonly label: string;
  readonly languageId: string;
  /** Offset of the text in the document, UTF-16, with the document's own line ends. */
  readonly start: number;
}

/** How a panel is looked at: everything the user chose. */
export interface ViewState {
  /** `states` is a recurrent network's in place of attention's pictures. */
  readonly picture: 'graph' | 'map' | 'states' | 'influence';
  readonly part: AttentionPart;
  readonly layer: number;
  /** Heads shown, ascending; empty means all. */
  readonly heads: readonly number[];
  readonly average: boolean;
  /** Links shown carry this share of each row: 5–100. */
  readonly percent: number;
  readonly sink: Sink;
  readonly unit: 'token' | 'word';
  readonly direction: 'from' | 'to';
  readonly layout: 'vertical' | 'horizontal';
  /** Zoom of the graph, pixels from token to token; 0 fits. */
  readonly spacing: number;
  readonly pinned: Place | null;
  readonly gridSort: 'layer' | keyof HeadScores;
  readonly navigator: boolean;
  /** Candidates shown as bars. */
  readonly top: number;
  /** Each candidate alone, or with the pieces that complete its word. */
  readonly candidates: 'token' | 'word';
  /** How a token would be drawn; null while that is not looked at. */
  readonly sampling: Sampling | null;
  /** Where the numbers that draw begin: the same seed draws the same. */
  readonly seed: number;
}

export interface PanelState {
  readonly subject: Subject;
  readonly view: ViewState;
}

/** Two ways to say something, each scored after the same text: shown in place of attention until that is wanted back. */
export type Phrasings =
  | { readonly state: 'reading'; readonly model: string }
  /** `before`: tokens that the model saw before either of them. */
  | { readonly state: 'ready'; readonly model: string; readonly before: number; readonly both: readonly [Phrasing, Phrasing] }
  | { readonly state: 'failed'; readonly model: string; readonly trouble: Trouble };

export interface Phrasing {
  readonly from: 'selection' | 'clipboard';
  readonly tokens: readonly PhrasedToken[];
  /** Sum over all tokens that have bits. */
  readonly bits: number;
  readonly words: number;
  /** 2 to the mean bits of a token; null where no token has bits. */
  readonly perplexity: number | null;
}

export interface PhrasedToken {
  readonly text: string;
  /** −log₂ of its probability; null for the first token of all, before which there is nothing. */
  readonly bits: number | null;
  /** 1 is the likeliest; 0 where there are no bits. */
  readonly rank: number;
  /** Bucket of the rank, 0 the least surprising. */
  readonly bucket: number;
  /** It holds more bytes of the character that the token before it shows. */
  readonly goesOn: boolean;
}

/** A token under attention in the page, and its strongest partners: lit up in the editor. */
export interface Highlight {
  /** Of the text; null where the token is one that the model has written, which only has partners there. */
  readonly token: number | null;
  readonly pinned: boolean;
  readonly partners: readonly { readonly token: number; readonly weight: number }[];
}

export type PageMessage =
  /** The page has loaded and listens. */
  | { readonly type: 'ready' }
  | { readonly [Q in Question]: { readonly type: 'ask'; readonly id: number; readonly run: RunId; readonly question: Q; readonly ask: Ask<Q> } }[Question]
  /** The answer is no longer wanted. */
  | { readonly type: 'drop'; readonly id: number }
  | { readonly type: 'highlight'; readonly highlight: Highlight | null }
  /** View state to keep with the panel. */
  | { readonly type: 'view'; readonly view: ViewState }
  /** Another part of a long text. */
  | { readonly type: 'window'; readonly start: number }
  /** Text that goes into the document after a token of the text, or in its place. */
  | { readonly type: 'insert'; readonly text: string; readonly token: number; readonly instead: boolean }
  /** One step back or forward through what was put in. */
  | { readonly type: 'walk'; readonly by: -1 | 1 }
  /** Away from the compared phrasings: back to attention, or to that of one of them. */
  | { readonly type: 'phrasings'; readonly action: 'close' }
  | { readonly type: 'phrasings'; readonly action: 'attend'; readonly which: 0 | 1 }
  | { readonly type: 'model'; readonly name: string }
  /** Another model is to be run on the same text, to be asked the same; null: none any more. */
  | { readonly type: 'compare'; readonly name: string | null }
  /** Another language to translate into. */
  | { readonly type: 'target'; readonly target: string }
  | { readonly type: 'command'; readonly command: 'openModel' | 'retry' | 'reveal' | 'refresh' | 'toggleFollow' };

/** A model to choose from; its kind where that is known before it is loaded. */
export interface OfferedModel {
  readonly name: string;
  readonly kind: ModelKind | null;
}

export type HostMessage =
  /** First message: strings of the display language (`@vscode/l10n` bundle), models to choose from, view to start with. */
  | { readonly type: 'hello'; readonly strings: Readonly<Record<string, string>>; readonly locale: string; readonly models: readonly OfferedModel[]; readonly view: ViewState | null }
  | { readonly type: 'subject'; readonly subject: Subject }
  | { readonly type: 'run'; readonly event: HostRunEvent }
  /** How the run of the model that is compared goes. */
  | { readonly type: 'compared'; readonly event: HostRunEvent }
  | { readonly [Q in Question]: { readonly type: 'answer'; readonly id: number; readonly question: Q; readonly outcome: PageOutcome<Answer<Q>> } }[Question]
  /** How many texts were tried one after another, and which of them is shown. */
  | { readonly type: 'trail'; readonly length: number; readonly at: number }
  /** Phrasings that are compared; null: none any more. */
  | { readonly type: 'phrasings'; readonly phrasings: Phrasings | null }
  /** The cursor in the editor is in this token. */
  | { readonly type: 'caret'; readonly token: number | null }
  /** The document has changed under the picture (`stale`), and whether the panel follows the selection. */
  | { readonly type: 'link'; readonly stale: boolean; readonly following: boolean };

/** As `RunEvent`, with the sentence of a problem already made by the host. */
export type HostRunEvent = Exclude<RunEvent, { type: 'failed' }> | { readonly type: 'failed'; readonly run: RunId; readonly trouble: Trouble };

/** A problem in words: what happened, and what helps. */
export interface Trouble {
  readonly code: ProblemCode;
  readonly message: string;
  readonly help: string;
}

export type PageOutcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly trouble: Trouble };
