/** Patterns of tokenizer.json, as JavaScript's regular expressions. */
import { ReplaceNormalizer } from '@huggingface/tokenizers';
import { badTokenizer, type PatternDefinition } from './definition.ts';

/**
 * Compiles a pattern for matching everywhere. The library translates Oniguruma's syntax; the normaliser that
 * it does this in is not used otherwise.
 * @throws {ProblemError} `model.badTokenizer` where the pattern cannot be expressed.
 */
export function compilePattern(definition: PatternDefinition): RegExp {
  const source = 'String' in definition ? definition.String : definition.Regex;
  if (source === '') throw badTokenizer('pattern: an empty pattern matches nothing');
  try {
    const { pattern } = new ReplaceNormalizer({ type: 'Replace', pattern: definition, content: '' });
    if (pattern) return pattern;
  } catch (error) {
    throw badTokenizer(`pattern: "${source}" is no regular expression (${error instanceof Error ? error.message : String(error)})`, error);
  }
  throw badTokenizer(`pattern: "${source}" is no regular expression`);
}
