/** What stands beside a tokenizer's own file: tokenizer_config.json and, in older folders, special_tokens_map.json and added_tokens.json. */
import * as v from 'valibot';
import { ProblemError } from '../problemError.ts';
import type { AddedTokenDefinition, TokenizerDefinition } from './definition.ts';

/** A field that is not as expected counts as not there: other tools write what they like into these files. */
const lenient = <T>(schema: v.GenericSchema<unknown, T>): v.GenericSchema<unknown, T | null> => v.fallback(v.nullish(schema, null), null);

const flag = v.optional(v.boolean(), false);
const tokenObject = v.object({ content: v.string(), lstrip: flag, rstrip: flag, single_word: flag, normalized: v.optional(v.boolean()), special: v.optional(v.boolean()) });
const token = v.union([v.pipe(v.string(), v.transform((content) => v.parse(tokenObject, { content }))), tokenObject]);
const tokens = lenient(
  v.union([
    v.array(token),
    v.pipe(
      v.record(v.string(), token),
      v.transform((named) => Object.values(named)),
    ),
  ]),
);

/** A special token as configurations write it: its text, and how it takes spaces around it. */
export type ConfiguredToken = v.InferOutput<typeof tokenObject>;

/** Roles that special tokens have, in `transformers`' order. */
export const TOKEN_NAMES = ['bos_token', 'eos_token', 'unk_token', 'sep_token', 'pad_token', 'cls_token', 'mask_token'] as const;
export type TokenName = (typeof TOKEN_NAMES)[number];

const config = v.object({
  ...v.entriesFromList(TOKEN_NAMES, lenient(token)),
  additional_special_tokens: tokens,
  extra_special_tokens: tokens,
  added_tokens_decoder: lenient(v.record(v.pipe(v.string(), v.digits()), tokenObject)),
  tokenizer_class: lenient(v.string()),
  add_prefix_space: lenient(v.boolean()),
  add_bos_token: lenient(v.boolean()),
  add_eos_token: lenient(v.boolean()),
  do_lower_case: lenient(v.boolean()),
  strip_accents: lenient(v.boolean()),
  tokenize_chinese_chars: lenient(v.boolean()),
  extra_ids: lenient(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000))),
  legacy: lenient(v.boolean()),
  separate_vocabs: lenient(v.boolean()),
});
export type TokenizerConfig = v.InferOutput<typeof config>;

/** No file, nothing said. */
export const NO_CONFIG: TokenizerConfig = v.parse(config, {});

/** @throws {ProblemError} `model.notJson` naming the file */
export function parseJson(file: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new ProblemError('model.notJson', { file, detail: cause instanceof Error ? cause.message : String(cause) }, { cause });
  }
}

/** Reads tokenizer_config.json, or special_tokens_map.json, which says some of the same. @throws {ProblemError} `model.notJson` */
export function readConfig(file: string, json: string): TokenizerConfig {
  const read = v.safeParse(config, parseJson(file, json));
  return read.success ? read.output : NO_CONFIG;
}

/** What the first says, and what only the second does. */
export function mergeConfigs(first: TokenizerConfig, second: TokenizerConfig): TokenizerConfig {
  const said = Object.fromEntries(Object.entries(first).filter(([, value]) => value !== null));
  return v.parse(config, { ...second, ...said });
}

/** Classes that take tokenizer.json as it is. The others, named after a model, build it anew with the settings. */
const GENERIC = ['PreTrainedTokenizerFast', 'TokenizersBackend'];

/** `add_prefix_space`, where it is set, goes before what a byte-level pre-tokenizer of tokenizer.json says of it, as in `transformers`. */
export function applyConfig(definition: TokenizerDefinition, { add_prefix_space: prefix, tokenizer_class }: TokenizerConfig): TokenizerDefinition {
  const { pre_tokenizer } = definition;
  if (prefix === null || GENERIC.includes(tokenizer_class ?? '') || pre_tokenizer?.type !== 'ByteLevel') return definition;
  return { ...definition, pre_tokenizer: { ...pre_tokenizer, add_prefix_space: prefix } };
}

const MASKS = ['[MASK]', '<mask>'];

/** What a masked place is written as: the token that is named so, or one of the usual two among the special tokens. */
export function maskTokenOf({ mask_token }: TokenizerConfig, added: readonly AddedTokenDefinition[]): string | null {
  return mask_token?.content ?? added.find(({ content, special }) => special && MASKS.includes(content))?.content ?? null;
}
