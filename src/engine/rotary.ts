/**
 * Rotary position embedding (Su et al. 2021): pairs of components of each query and key are turned by
 * an angle that grows with the position, so that q·k depends on the distance only. The graphs only
 * multiply; the angles are computed here, in single precision as models are trained.
 */

export interface Rotary {
  /** Pairs of components that are turned; what is left of a head carries no position. */
  readonly pairs: number;
  /**
   * What the frequencies depend on besides the position, for a text of so many tokens. Runs on texts of
   * one regime turn each position alike, so one can go on from the other.
   */
  readonly regime: (tokens: number) => number;
  /** Radians per position, `[pairs]`. */
  readonly frequencies: (regime: number) => Float32Array;
  /** Factor on both cosine and sine. */
  readonly scale: number;
}

/** Cosines and sines of positions 0, 1, …, each `[tokens, pairs]`. */
export interface RotaryTable {
  readonly cos: Float32Array;
  readonly sin: Float32Array;
}

export function rotaryTable({ pairs, regime, frequencies, scale }: Rotary, tokens: number): RotaryTable {
  const cos = new Float32Array(tokens * pairs);
  const sin = new Float32Array(tokens * pairs);
  for (const [pair, frequency] of frequencies(regime(tokens)).entries()) {
    for (let position = 0; position < tokens; position++) {
      const angle = Math.fround(position * frequency);
      cos[position * pairs + pair] = Math.fround(Math.cos(angle)) * scale;
      sin[position * pairs + pair] = Math.fround(Math.sin(angle)) * scale;
    }
  }
  return { cos, sin };
}
