/** Where the model is asked what it expects. */
import type { Place, RunInfo, Token } from '../src/protocol.ts';
import { tokenIn } from './place.ts';

/**
 * The focused token, where the model predicts in its sequence. Else, of a text with masks the first of them,
 * of another text the last token; of an output the last token but the one that ends it.
 */
export function nextPosition({ model, tokens }: Pick<RunInfo, 'model' | 'tokens'>, output: { readonly tokens: readonly Token[]; readonly complete: boolean } | null, focused: Place | null): number {
  if (output) return tokenIn('output', focused) ?? Math.max(0, output.tokens.length - (output.complete && output.tokens.length > 1 ? 2 : 1));
  const own = tokenIn('text', focused);
  if (own !== null) return own;
  if (model.predicts !== 'masked') return tokens.length - 1;
  const mask = tokens.findIndex(({ text, origin }) => origin === 'special' && text.trim() === model.mask);
  if (mask >= 0) return mask;
  const last = lastWord(tokens);
  return Math.max(0, last >= 0 ? last : tokens.findLastIndex(({ origin }) => origin === 'text'));
}

/** The last token of the text with a letter or a figure in it; −1 where there is none. */
export const lastWord = (tokens: readonly Token[]): number => tokens.findLastIndex(({ origin, text }) => origin === 'text' && /[\p{L}\p{N}]/u.test(text));
