/** How strongly the text strip shades each token while one is in focus. */
import type { Ask, FocusAnswer, Sink } from '../../src/protocol.ts';
import { strength } from '../graphs/weights.ts';
import type { Theme } from '../theme.ts';
import type { Unit } from '../units.ts';

export interface Shade {
  readonly firstToken: number;
  readonly lastToken: number;
  /** 0–1, the square root of the weight as in the other pictures. */
  readonly strength: number;
  /** The head that gives the most, counted in the asked-for heads. */
  readonly head: number;
}

/** Bits below which nothing has a full shade, however little the others have. */
const fullShade = 0.05;

/**
 * The shades of influence, `divergence[token]` up to the position, to the scale of what comes before the
 * position: the last token nearly always moves the prediction most.
 */
export function influenceShades(divergence: Float32Array): Shade[] {
  const most = divergence.subarray(0, -1).reduce((largest, bits) => (bits > largest ? bits : largest), fullShade);
  return Array.from(divergence.keys(), (token) => ({ firstToken: token, lastToken: token, strength: strength((divergence[token] ?? 0) / most), head: 0 })).filter((shade) => shade.strength > 0);
}

/** Bits of surprisal, and bits that it changes by, from which on a shade is full. */
export const fullBits = 12;
export const fullChange = 4;

/** What has become more surprising is warm, what less is cold. */
export const surpriseHue = (theme: Pick<Theme, 'diverging'>, change: number): string => theme.diverging(change < 0 ? 1 : -1);

/** The shades of surprisal; of changes `head` is 0 for more surprising and 1 for less. */
export function surprisalShades(bits: Float32Array, signed: boolean): Shade[] {
  return Array.from(bits.keys(), (token): Shade => {
    const own = bits[token] ?? NaN;
    const size = Math.min(1, Math.abs(own) / (signed ? fullChange : fullBits));
    return { firstToken: token, lastToken: token, strength: signed ? strength(size) : size, head: signed && own < 0 ? 1 : 0 };
  }).filter((shade) => shade.strength > 0);
}

/** A first token that is only to be hinted at keeps this much of its shade. */
const dimmed = 0.35;

/** The shades of one row or column, `answer.weights[head, unit]`: the links that are drawn, of each unit the strongest. */
export function shadesOf(answer: FocusAnswer, ask: Ask<'focus'>, sink: Sink, units: readonly Unit[]): Shade[] {
  const rows = ask.average ? 1 : ask.heads.length;
  const size = answer.weights.length / rows;
  return units.slice(0, size).flatMap((unit, index) => {
    let weight = 0;
    let head = 0;
    for (let row = 0; row < rows; row++) {
      const own = answer.weights[row * size + index] ?? 0;
      if (answer.kept[row * size + index] === 1 && own > weight) [weight, head] = [own, row];
    }
    if (weight === 0) return [];
    const isSink = index === 0 && (ask.part !== 'cross' || ask.direction === 'from');
    const share = sink === 'dim' && isSink ? dimmed : 1;
    return [{ firstToken: unit.firstToken, lastToken: unit.lastToken, strength: strength(weight) * share, head }];
  });
}
