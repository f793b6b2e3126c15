import type { AttentionOf } from '../../protocol.ts';
import type { RunTokens } from '../run.ts';
import type { FloatTensor } from '../tensor.ts';
import type { Trace } from '../trace.ts';
import { Rollout, valueWeighted } from './measures.ts';
import { rowThresholds, viewAttention, type AttentionView } from './attention.ts';

interface Held {
  readonly view: AttentionView;
  readonly thresholds: Map<number, readonly Float32Array[]>;
}

/** The last few ways attention was looked at: hovering asks about the same one many times. */
const MOST_HELD = 4;

export class AttentionViews {
  private readonly held = new Map<string, Promise<Held>>();
  private readonly rollout: Rollout;

  constructor(
    private readonly trace: Trace,
    private readonly tokens: RunTokens,
  ) {
    this.rollout = new Rollout(trace);
  }

  async view(of: AttentionOf): Promise<AttentionView> {
    return (await this.hold(of)).view;
  }

  /** The view, and for each of its heads the weight from which on a link is among the fewest that carry `percent` of its row. */
  async withThresholds(of: AttentionOf, percent: number): Promise<{ readonly view: AttentionView; readonly thresholds: readonly Float32Array[] }> {
    const { view, thresholds } = await this.hold(of);
    const known = thresholds.get(percent) ?? view.heads.map(({ weights }) => rowThresholds(weights, view.keys, percent));
    thresholds.clear(); // a slider passes many values and comes back to few
    thresholds.set(percent, known);
    return { view, thresholds: known };
  }

  private hold(of: AttentionOf): Promise<Held> {
    const key = JSON.stringify([of.part, of.layer, of.heads, of.average, of.sink === 'remove', of.unit, of.measure ?? 'weight']);
    const known = this.held.get(key) ?? this.make(of);
    this.held.delete(key);
    this.held.set(key, known);
    known.catch(() => this.held.delete(key));
    for (const oldest of this.held.keys()) {
      if (this.held.size <= MOST_HELD) break;
      this.held.delete(oldest);
    }
    return known;
  }

  private async make(of: AttentionOf): Promise<Held> {
    const { queries, keys } = this.trace.model.attention(of.part);
    const heads = of.measure === 'rollout' ? { heads: [0], average: true } : {};
    return { view: viewAttention(await this.weights(of), this.tokens[queries], this.tokens[keys], { ...of, ...heads }), thresholds: new Map() };
  }

  /** `[1, head, query, key]`, rolled out with one head for all. */
  private weights({ part, layer, measure = 'weight' }: AttentionOf): Promise<FloatTensor> {
    switch (measure) {
      case 'weight':
        return this.trace.pattern(part, layer);
      case 'valueNorm':
        return valueWeighted(this.trace, part, layer);
      case 'rollout':
        return this.rollout.upTo(part, layer);
    }
  }
}
