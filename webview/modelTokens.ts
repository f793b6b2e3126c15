/** Tokens of two models on one text. */
import type { Token } from '../src/protocol.ts';

/** For each token the index of the other model's token that is the same stretch of the text, or null; what a tokenizer adds stands for no text. */
export function tokensByRange(tokens: readonly Token[], others: readonly Token[]): (number | null)[] {
  const places = new Map(others.flatMap(({ start, end }, index): [string, number][] => (end > start ? [[`${start} ${end}`, index]] : [])));
  return tokens.map(({ start, end }) => (end > start ? (places.get(`${start} ${end}`) ?? null) : null));
}

/** Mean surprisal of a character (UTF-16 unit) of the text, which does not depend on how it is cut; NaN where nothing is known. */
export function bitsPerCharacter(bits: Float32Array, tokens: readonly Token[]): number {
  let sum = 0;
  let characters = 0;
  for (const [index, token] of tokens.entries()) {
    const own = bits[index] ?? NaN;
    if (!Number.isFinite(own)) continue;
    sum += own;
    characters += token.end - token.start;
  }
  return characters > 0 ? sum / characters : NaN;
}
