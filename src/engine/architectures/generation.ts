/** What config.json and generation_config.json say about how the decoder of an encoder–decoder writes. */
import * as v from 'valibot';
import type { OutputRules } from './architecture.ts';
import { parseConfig, size } from './config.ts';
import { ProblemError } from '../problemError.ts';

const id = v.pipe(v.number(), v.integer(), v.minValue(0));
const ids = v.union([id, v.array(id)]);
const amount = v.pipe(v.number(), v.integer(), v.minValue(0));

const Settings = v.object({
  decoder_start_token_id: v.nullish(id),
  bos_token_id: v.nullish(id),
  eos_token_id: v.nullish(ids),
  pad_token_id: v.nullish(id),
  forced_bos_token_id: v.nullish(id),
  forced_eos_token_id: v.nullish(ids),
  bad_words_ids: v.nullish(v.array(v.pipe(v.array(id), v.minLength(1)))),
  suppress_tokens: v.nullish(v.array(id)),
  min_length: v.nullish(amount),
  max_length: v.nullish(size.positions),
  no_repeat_ngram_size: v.nullish(amount),
});

type Settings = v.InferOutput<typeof Settings>;

/** What a family takes where neither file says it. */
export interface Defaults {
  readonly decoder_start_token_id?: number;
  readonly eos_token_id?: number;
  readonly pad_token_id?: number;
  readonly forced_eos_token_id?: number;
  /** Its padding is never written, though the decoder starts from it. */
  readonly neverPads?: true;
}

/**
 * Settings of generation_config.json come before those of config.json, where older versions of transformers kept them.
 * Of its many settings those are read that models are published with; search with several beams is not done.
 * @throws ProblemError `model.badConfig`
 */
export function outputRules(config: unknown, generation: unknown, { vocabulary, positions }: Pick<OutputRules, 'vocabulary' | 'positions'>, defaults: Defaults): OutputRules {
  const { neverPads = false, ...otherwise } = defaults;
  const general = said(parseConfig(Settings, config), otherwise);
  const settings = generation === null ? general : said(parseConfig(Settings, generation, 'generation_config.json'), general);
  const { decoder_start_token_id, bos_token_id, eos_token_id, pad_token_id, forced_bos_token_id, forced_eos_token_id } = settings;
  const { bad_words_ids, suppress_tokens, min_length, max_length, no_repeat_ngram_size } = settings;
  const start = decoder_start_token_id ?? bos_token_id ?? null;
  if (start === null) throw new ProblemError('model.badConfig', { detail: 'decoder_start_token_id is missing' });
  const rules: OutputRules = {
    vocabulary,
    positions,
    start,
    ends: listed(eos_token_id),
    first: forced_bos_token_id ?? null,
    last: listed(forced_eos_token_id)[0] ?? null,
    banned: [...(bad_words_ids ?? []), ...[...(suppress_tokens ?? []), ...(neverPads ? listed(pad_token_id) : [])].map((token) => [token])],
    least: min_length ?? 0,
    most: max_length ?? null,
    unrepeated: no_repeat_ngram_size ?? 0,
  };
  const beyond = [start, ...rules.ends, rules.first ?? 0, rules.last ?? 0].find((token) => token >= vocabulary);
  if (beyond !== undefined) throw new ProblemError('model.badConfig', { detail: `token ${String(beyond)} is not one of the ${String(vocabulary)} that the decoder has` });
  return rules;
}

/** `otherwise` where a setting is null or missing. */
function said(settings: Settings, otherwise: Settings): Settings {
  return { ...otherwise, ...Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null && value !== undefined)) };
}

const listed = (token: number | readonly number[] | null | undefined): readonly number[] => (typeof token === 'number' ? [token] : (token ?? []));
