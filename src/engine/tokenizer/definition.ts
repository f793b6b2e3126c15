/** What tokenizer.json may say, checked before anything is built from it. */
import * as v from 'valibot';
import { ProblemError } from '../problemError.ts';
import type { SentencePieceModel } from './sentencePiece.ts';

/** A pattern as tokenizer.json writes it: plain, or a regular expression in Oniguruma's syntax. */
export type PatternDefinition = { readonly String: string } | { readonly Regex: string };

const pattern: v.GenericSchema<PatternDefinition> = v.union([v.object({ String: v.string() }), v.object({ Regex: v.string() })]);
const flag = (value: boolean) => v.optional(v.nullable(v.boolean(), value), value);
const optionalText = v.optional(v.nullable(v.string()), null);

const addedToken = v.object({
  id: v.pipe(v.number(), v.integer(), v.minValue(0)),
  content: v.string(),
  single_word: flag(false),
  lstrip: flag(false),
  rstrip: flag(false),
  normalized: v.optional(v.boolean()),
  special: flag(false),
});
/** `leading`: only where a text, or what follows another added token, begins; tokenizer.json knows no such. */
export type AddedTokenDefinition = v.InferOutput<typeof addedToken> & { readonly leading?: boolean };

export type NormalizerDefinition =
  | { readonly type: 'Sequence'; readonly normalizers: readonly NormalizerDefinition[] }
  | v.InferOutput<(typeof normalizerKinds)[number]>;

const normalizerKinds = [
  v.object({
    type: v.literal('BertNormalizer'),
    clean_text: flag(true),
    handle_chinese_chars: flag(true),
    strip_accents: v.optional(v.nullable(v.boolean()), null),
    lowercase: flag(true),
  }),
  v.object({ type: v.literal('Precompiled'), precompiled_charsmap: optionalText }),
  v.object({ type: v.literal('Replace'), pattern, content: v.string() }),
  v.object({ type: v.picklist(['NFC', 'NFD', 'NFKC', 'NFKD']) }),
  v.object({ type: v.literal('Strip'), strip_left: flag(true), strip_right: flag(true) }),
  v.object({ type: v.literal('StripAccents') }),
  v.object({ type: v.literal('Lowercase') }),
  v.object({ type: v.literal('Prepend'), prepend: v.string() }),
] as const;

const normalizer: v.GenericSchema<unknown, NormalizerDefinition> = v.lazy(() =>
  v.variant('type', [v.object({ type: v.literal('Sequence'), normalizers: v.array(normalizer) }), ...normalizerKinds]),
);

const behavior = v.picklist(['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous']);
/** What becomes of the matches of a pattern that splits. */
export type SplitBehavior = v.InferOutput<typeof behavior>;

export type PreTokenizerDefinition =
  | { readonly type: 'Sequence'; readonly pretokenizers: readonly PreTokenizerDefinition[] }
  | v.InferOutput<(typeof preTokenizerKinds)[number]>
  /** What stands for it in files that have no tokenizer.json. */
  | { readonly type: 'Marian'; readonly model: SentencePieceModel };

const preTokenizerKinds = [
  v.object({ type: v.literal('ByteLevel'), add_prefix_space: flag(true), use_regex: flag(true) }),
  v.object({
    type: v.literal('Metaspace'),
    replacement: v.optional(v.pipe(v.string(), v.length(1)), '\u2581'),
    prepend_scheme: v.optional(v.picklist(['always', 'first', 'never'])),
    add_prefix_space: flag(true),
    split: flag(true),
  }),
  v.object({ type: v.literal('Split'), pattern, behavior, invert: flag(false) }),
  v.object({ type: v.literal('Punctuation'), behavior: v.optional(behavior, 'Isolated') }),
  v.object({ type: v.literal('Digits'), individual_digits: flag(false) }),
  v.object({ type: v.literal('CharDelimiterSplit'), delimiter: v.pipe(v.string(), v.minLength(1)) }),
  v.object({ type: v.literal('FixedLength'), length: v.pipe(v.number(), v.integer(), v.minValue(1)) }),
  v.object({ type: v.picklist(['Whitespace', 'WhitespaceSplit', 'BertPreTokenizer']) }),
] as const;

const preTokenizer: v.GenericSchema<unknown, PreTokenizerDefinition> = v.lazy(() =>
  v.variant('type', [v.object({ type: v.literal('Sequence'), pretokenizers: v.array(preTokenizer) }), ...preTokenizerKinds]),
);

const templatePiece = v.union([
  v.object({ SpecialToken: v.object({ id: v.string() }) }),
  v.object({ Sequence: v.object({ id: v.string() }) }),
]);
const namedToken = v.tuple([v.string(), v.number()]);

export type PostProcessorDefinition =
  | { readonly type: 'Sequence'; readonly processors: readonly PostProcessorDefinition[] }
  | v.InferOutput<(typeof postProcessorKinds)[number]>;

const postProcessorKinds = [
  v.object({
    type: v.literal('TemplateProcessing'),
    single: v.array(templatePiece),
    special_tokens: v.optional(v.record(v.string(), v.object({ ids: v.array(v.number()) })), {}),
  }),
  v.object({ type: v.picklist(['BertProcessing', 'RobertaProcessing']), cls: namedToken, sep: namedToken }),
  v.object({ type: v.literal('ByteLevel') }),
] as const;

const postProcessor: v.GenericSchema<unknown, PostProcessorDefinition> = v.lazy(() =>
  v.variant('type', [v.object({ type: v.literal('Sequence'), processors: v.array(postProcessor) }), ...postProcessorKinds]),
);

export type DecoderDefinition =
  | { readonly type: 'Sequence'; readonly decoders: readonly DecoderDefinition[] }
  | v.InferOutput<(typeof decoderKinds)[number]>;

const decoderKinds = [
  v.object({ type: v.picklist(['ByteLevel', 'ByteFallback', 'Fuse']) }),
  v.object({ type: v.literal('WordPiece'), prefix: v.optional(v.string(), '##'), cleanup: flag(true) }),
  v.object({
    type: v.literal('Metaspace'),
    replacement: v.optional(v.string(), '\u2581'),
    prepend_scheme: v.optional(v.picklist(['always', 'first', 'never'])),
    add_prefix_space: flag(true),
  }),
  v.object({ type: v.literal('BPEDecoder'), suffix: v.optional(v.string(), '</w>') }),
  v.object({ type: v.literal('Replace'), pattern: v.object({ String: v.string() }), content: v.string() }),
  v.object({ type: v.literal('Strip'), content: v.string(), start: v.number(), stop: v.number() }),
] as const;

const decoder: v.GenericSchema<unknown, DecoderDefinition> = v.lazy(() =>
  v.variant('type', [v.object({ type: v.literal('Sequence'), decoders: v.array(decoder) }), ...decoderKinds]),
);

/** A table of pieces and their ids. */
export const wordIds = v.custom<Record<string, number>>(isWordIds, 'a table of pieces and their ids (whole numbers from 0)');
const scoredPieces = v.custom<[string, number][]>(isScoredPieces, 'a list of pieces and their scores');
const merges = v.custom<string[] | [string, string][]>(isMerges, 'a list of pairs of pieces');

const modelKinds = [
  v.object({
    type: v.literal('BPE'),
    vocab: wordIds,
    merges,
    unk_token: optionalText,
    continuing_subword_prefix: v.optional(v.nullable(v.literal('')), null),
    end_of_word_suffix: optionalText,
    fuse_unk: flag(false),
    byte_fallback: flag(false),
    ignore_merges: flag(false),
  }),
  v.object({
    type: v.literal('WordPiece'),
    vocab: wordIds,
    unk_token: v.optional(v.string(), '[UNK]'),
    continuing_subword_prefix: v.optional(v.string(), '##'),
    max_input_chars_per_word: v.optional(v.number(), 100),
  }),
  v.object({ type: v.literal('Unigram'), vocab: scoredPieces, unk_id: v.optional(v.nullable(v.number()), null), byte_fallback: flag(false) }),
  v.object({ type: v.literal('WordLevel'), vocab: wordIds, unk_token: v.optional(v.string(), '<unk>') }),
] as const;
const model = v.variant('type', modelKinds);
export type ModelDefinition =
  | v.InferOutput<typeof model>
  /** Files that have no tokenizer.json: SentencePiece cuts, `ids` says which id each piece has. */
  | { readonly type: 'SentencePiece'; readonly pieces: SentencePieceModel; readonly ids: Readonly<Record<string, number>>; readonly unk_token: string };
export type DefinitionOf<K extends ModelDefinition['type']> = Extract<ModelDefinition, { type: K }>;

const definition = v.object({
  added_tokens: v.optional(v.nullable(v.array(addedToken), []), []),
  normalizer: v.optional(v.nullable(normalizer), null),
  pre_tokenizer: v.optional(v.nullable(preTokenizer), null),
  post_processor: v.optional(v.nullable(postProcessor), null),
  decoder: v.optional(v.nullable(decoder), null),
  model: v.pipe(v.unknown(), v.transform(nameModelKind), model),
});

/** How a tokenizer works: what tokenizer.json says, or what the files of a folder without one come to. */
export interface TokenizerDefinition {
  readonly added_tokens: readonly AddedTokenDefinition[];
  readonly normalizer: NormalizerDefinition | null;
  readonly pre_tokenizer: PreTokenizerDefinition | null;
  readonly post_processor: PostProcessorDefinition | null;
  readonly decoder: DecoderDefinition | null;
  readonly model: ModelDefinition;
}

function isWordIds(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  for (const id of Object.values(value)) if (!Number.isInteger(id) || id < 0) return false;
  return true;
}

function isScoredPieces(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((entry) => Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string' && typeof entry[1] === 'number')
  );
}

function isMerges(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  const asText = typeof value[0] === 'string';
  return value.every((merge) =>
    asText
      ? typeof merge === 'string' && merge.split(' ').length === 2
      : Array.isArray(merge) && merge.length === 2 && merge.every((piece) => typeof piece === 'string'),
  );
}

/** Early files do not name the kind of their model; what it holds tells it. */
function nameModelKind(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || 'type' in value) return value;
  if ('merges' in value) return { ...value, type: 'BPE' };
  if ('vocab' in value && Array.isArray(value.vocab)) return { ...value, type: 'Unigram' };
  return { ...value, type: 'continuing_subword_prefix' in value ? 'WordPiece' : 'WordLevel' };
}

/** A tokenizer.json that cannot be used, and why. */
export function badTokenizer(detail: string, cause?: unknown): ProblemError {
  return new ProblemError('model.badTokenizer', { detail }, { cause });
}

/**
 * Reads tokenizer.json.
 * @throws {ProblemError} `model.badTokenizer`, which names the place in the file and what is wrong there.
 */
export function readDefinition(json: string): TokenizerDefinition {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw badTokenizer(`not valid JSON (${error instanceof Error ? error.message : String(error)})`, error);
  }
  const result = parseDefinition(value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const place = v.getDotPath(issue) ?? '';
  throw badTokenizer(`${place === '' ? '' : `${place}: `}${describeIssue(issue)}`, result.issues);
}

function parseDefinition(value: unknown) {
  try {
    return v.safeParse(definition, value);
  } catch (error) {
    if (error instanceof RangeError) throw badTokenizer('it is nested too deep', error);
    throw error;
  }
}

function describeIssue(issue: v.BaseIssue<unknown>): string {
  if (issue.kind === 'schema' && issue.type === 'custom') return `expected ${issue.message}`;
  return `expected ${issue.expected ?? 'something else'}, found ${issue.received}`;
}
