/** Logits of the last few positions asked about: a slider asks about one many times. */
import type { Trace } from '../trace.ts';

export interface PositionLogits {
  /** `[vocabulary]` */
  readonly logits: Float32Array;
  /** Token ids, likeliest first; of equal ones the smaller id first. Sorted at the first use. */
  readonly order: Uint32Array;
}

const MOST_HELD = 8;

export class HeldLogits {
  private readonly held = new Map<number, Promise<PositionLogits>>();

  constructor(private readonly trace: Trace) {}

  /** Logits at a position; an encoder's with the mask in place of the token there, unless `asIs`. */
  at(position: number, asIs: boolean): Promise<PositionLogits> {
    const known = this.held.get(position) ?? (asIs ? this.read(position) : this.readMasked(position));
    this.held.delete(position);
    this.held.set(position, known);
    known.catch(() => this.held.delete(position));
    for (const oldest of this.held.keys()) {
      if (this.held.size <= MOST_HELD) break;
      this.held.delete(oldest);
    }
    return known;
  }

  private async read(position: number): Promise<PositionLogits> {
    return positionLogits((await this.trace.logits([position])).data);
  }

  /** The mask itself is asked about as it is. */
  private async readMasked(position: number): Promise<PositionLogits> {
    const { maskId } = this.trace.model;
    const text = this.trace.ids('text');
    if (maskId === null || text[position] === maskId) return this.read(position);
    const variant = this.trace.variant({ text: text.map((id, index) => (index === position ? maskId : id)) });
    try {
      await variant.run(new AbortController().signal);
      return positionLogits((await variant.logits([position])).data);
    } finally {
      variant.release();
    }
  }
}

export function positionLogits(logits: Float32Array): PositionLogits {
  let order: Uint32Array | undefined;
  return {
    logits,
    get order() {
      order ??= Uint32Array.from(logits.keys()).sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0) || a - b);
      return order;
    },
  };
}
