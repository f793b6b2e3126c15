import { print, printJson, share, table, tokenText } from './print.ts';
import type { Session } from './session.ts';
import { describeWindow } from './tokens.ts';

/** How surprising each token of the text is after those before it, and what that comes to. */
export async function surprisal({ info, ask }: Session, { json }: { readonly json?: boolean }): Promise<void> {
  const { tokens, model } = info;
  const { bits, rank } = await ask('surprisal', { from: 0, to: tokens.length });
  const known = [...bits].filter((value) => !Number.isNaN(value));
  const sum = known.reduce((total, value) => total + value, 0);
  const characters = tokens.slice(bits.length - known.length).reduce((total, { start, end }) => total + end - start, 0);
  const figures = { bits: sum, bitsPerToken: sum / known.length, perplexity: 2 ** (sum / known.length), bitsPerCharacter: sum / characters };
  if (json) return printJson({ model, window: info.window, tokens: tokens.map((token, i) => ({ ...token, bits: Number.isNaN(bits[i] ?? NaN) ? null : bits[i], rank: rank[i] || null })), ...figures });
  const row = (i: number): string[] => {
    const value = bits[i] ?? NaN;
    return [String(i), tokenText(tokens[i]), ...(Number.isNaN(value) ? ['', '', ''] : [share(2 ** -value), value.toFixed(2), String(rank[i])])];
  };
  table([['#', 'token', 'probability', 'bits', 'rank'], ...tokens.map((_, i) => row(i))], [0, 2, 3, 4]);
  if (known.length) print(`\n${sum.toFixed(1)} bits in ${String(known.length)} tokens: ${figures.bitsPerToken.toFixed(2)} bits a token, perplexity ${figures.perplexity.toFixed(1)}, ${figures.bitsPerCharacter.toFixed(2)} bits a UTF-16 unit.`);
  describeWindow({ info });
}
