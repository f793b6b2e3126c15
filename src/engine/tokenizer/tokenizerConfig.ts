/** What tokenizer_config.json changes in tokenizer.json, as `transformers` reads the two together. */
import * as v from 'valibot';
import { ProblemError } from '../problemError.ts';
import type { TokenizerDefinition } from './definition.ts';

const config = v.object({ add_prefix_space: v.optional(v.nullable(v.boolean()), null), tokenizer_class: v.optional(v.string()) });

/** Classes that take tokenizer.json as it is. The others, named after a model, build it anew with the settings. */
const GENERIC = ['PreTrainedTokenizerFast', 'TokenizersBackend'];

/**
 * `add_prefix_space`, where it is set, goes before what a byte-level pre-tokenizer says of it.
 * @throws {ProblemError} `model.notJson` for a file that is not.
 */
export function applyConfig(definition: TokenizerDefinition, configJson: string): TokenizerDefinition {
  const prefix = readPrefixSpace(configJson);
  const { pre_tokenizer } = definition;
  if (prefix === null || pre_tokenizer?.type !== 'ByteLevel') return definition;
  return { ...definition, pre_tokenizer: { ...pre_tokenizer, add_prefix_space: prefix } };
}

function readPrefixSpace(configJson: string): boolean | null {
  let value: unknown;
  try {
    value = JSON.parse(configJson);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new ProblemError('model.notJson', { file: 'tokenizer_config.json', detail }, { cause: error });
  }
  const read = v.safeParse(config, value);
  if (!read.success || GENERIC.includes(read.output.tokenizer_class ?? '')) return null;
  return read.output.add_prefix_space;
}
