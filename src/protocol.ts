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
}

/** What is known of a loaded model, for captions and status lines. */
export interface ModelInfo {
  readonly name: string;
  readonly kind: ModelKind;
  /** `model_type` of config.json. */
  readonly type: string;
  readonly layers: number;
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
  /** How the weights are stored: all computation is in float32. */
  readonly weights: string;
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
  /** First token of the window when the text holds more than the model can see. Default 0. */
  readonly windowStart?: number;
}

export interface RunInfo {
  readonly run: RunId;
  readonly model: ModelInfo;
  /** The tokens of the window; every index in questions and answers refers to this list. */
  readonly tokens: readonly Token[];
  readonly window: Window;
}

/** What happened to a run, in this order: started, layer × n, then finished or failed. */
export type RunEvent =
  | { readonly type: 'started'; readonly run: RunId; readonly info: RunInfo }
  | { readonly type: 'layer'; readonly run: RunId; readonly summary: LayerSummary }
  | { readonly type: 'finished'; readonly run: RunId; readonly milliseconds: number }
  | { readonly type: 'failed'; readonly run: RunId; readonly problem: Problem };

/** One layer at a glance: what the head grid shows. */
export interface LayerSummary {
  readonly layer: number;
  readonly heads: readonly HeadSummary[];
}

export interface HeadSummary {
  /**
   * `[size, size]` thumbnail of the pattern, rows are queries; each cell is the largest weight in it,
   * written as `round(255 · √weight)`.
   */
  readonly thumbnail: Uint8Array;
  readonly size: number;
  readonly scores: HeadScores;
}

/** Means over all queries that have more than one key to choose from. */
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

/** Whose attention: one layer, some of its heads. */
export interface AttentionOf {
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
  /** One unit's complete row (`from`: what it attends to) or column (`to`: what attends to it), per head. */
  readonly focus: {
    readonly ask: AttentionOf & { readonly percent: number; readonly unitIndex: number; readonly direction: 'from' | 'to' };
    readonly answer: FocusAnswer;
  };
  /** A whole pattern, one head or the average of some. */
  readonly pattern: { readonly ask: AttentionOf; readonly answer: PatternAnswer };
  /** What the model expects after the token at `position`. */
  readonly next: { readonly ask: { readonly position: number; readonly top: number }; readonly answer: NextAnswer };
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
  /** `[head, unit]` weights, head counted in the asked-for heads; one row when averaged. */
  readonly weights: Float32Array;
  /** `[head, unit]` 1 where the link is among the fewest that carry `percent` of its query's row. */
  readonly kept: Uint8Array;
  /** Share of this unit's row on the first token, before any removal, `[head]`. */
  readonly sinkShare: Float32Array;
}

export interface PatternAnswer {
  /** Units on each axis. */
  readonly size: number;
  /** `[query, key]`, `round(255 · √weight)`. */
  readonly weights: Uint8Array;
  /** Mean share of a row on the first token, before any removal. */
  readonly sinkShare: number;
}

export interface NextAnswer {
  readonly position: number;
  /** Likeliest first. */
  readonly top: readonly Candidate[];
  /** Probability that lies outside `top`. */
  readonly rest: number;
  /** Entropy of the whole distribution, bits. */
  readonly entropy: number;
  /** The token that really follows in the text, where one does. */
  readonly actual?: Candidate;
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
  | 'engine.died'
  | 'engine.outOfMemory'
  | 'engine.failed'
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
  readonly picture: 'graph' | 'map';
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
  /** Pinned token index, not unit. */
  readonly pinned: number | null;
  readonly gridSort: 'layer' | keyof HeadScores;
  readonly navigator: boolean;
  /** Candidates shown as bars. */
  readonly top: number;
}

export interface PanelState {
  readonly subject: Subject;
  readonly view: ViewState;
}

/** A token under attention in the page, and its strongest partners: lit up in the editor. */
export interface Highlight {
  readonly token: number;
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
  | { readonly type: 'model'; readonly name: string }
  | { readonly type: 'command'; readonly command: 'openModel' | 'retry' | 'reveal' | 'refresh' | 'toggleFollow' };

export type HostMessage =
  /** First message: strings of the display language (`@vscode/l10n` bundle), models to choose from, view to start with. */
  | { readonly type: 'hello'; readonly strings: Readonly<Record<string, string>>; readonly locale: string; readonly models: readonly string[]; readonly view: ViewState | null }
  | { readonly type: 'subject'; readonly subject: Subject }
  | { readonly type: 'run'; readonly event: HostRunEvent }
  | { readonly [Q in Question]: { readonly type: 'answer'; readonly id: number; readonly question: Q; readonly outcome: PageOutcome<Answer<Q>> } }[Question]
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
