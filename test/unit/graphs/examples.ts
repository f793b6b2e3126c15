/** Small patterns written by hand, and what the engine's own probes answer about them. */
import type { Answer, Token } from '../../../src/protocol.ts';
import { rowThresholds, type AttentionView } from '../../../src/engine/probes/attention.ts';
import { focus } from '../../../src/engine/probes/focus.ts';
import { summarizeLayer } from '../../../src/engine/probes/layerSummary.ts';
import { links } from '../../../src/engine/probes/links.ts';
import { pattern } from '../../../src/engine/probes/pattern.ts';
import { focusFromRow, type Focus } from '../../../webview/graphs/focus.ts';
import { typewriter } from '../../../webview/gallery/typewriter.ts';
import type { Frame, Mark } from '../../../webview/graphs/drawing.ts';
import { labelUnits, type UnitLabel } from '../../../webview/graphs/labels.ts';
import { tokenUnits } from '../../../webview/units.ts';

/** `[head][query][key]` */
export type Heads = readonly (readonly (readonly number[])[])[];

/** Five tokens, two heads: one looks at the token before, the other mostly at the first. */
export const fiveTokens = tokensOf(['Once', ' upon', ' a', ' time', '\n']);
export const twoHeads: Heads = [
  [
    [1, 0, 0, 0, 0],
    [0.9, 0.1, 0, 0, 0],
    [0.05, 0.85, 0.1, 0, 0],
    [0.1, 0.1, 0.7, 0.1, 0],
    [0.02, 0.08, 0.2, 0.6, 0.1],
  ],
  [
    [1, 0, 0, 0, 0],
    [0.7, 0.3, 0, 0, 0],
    [0.6, 0.1, 0.3, 0, 0],
    [0.8, 0.05, 0.05, 0.1, 0],
    [0.5, 0.3, 0.1, 0.05, 0.05],
  ],
];

export function tokensOf(texts: readonly string[]): Token[] {
  let start = 0;
  return texts.map((text, word) => {
    const token: Token = { id: word, text, bytes: [...new TextEncoder().encode(text)], start, end: start + text.length, origin: 'text', partial: false, word };
    start = token.end;
    return token;
  });
}

export function labelsOf(tokens: readonly Token[]): UnitLabel[] {
  return labelUnits(tokenUnits(tokens), tokens);
}

/** The probes' answers about hand-written heads. */
export class Example {
  private readonly view: AttentionView;

  constructor(
    readonly heads: Heads,
    readonly percent = 70,
  ) {
    this.view = {
      queries: heads[0]?.length ?? 0,
      keys: heads[0]?.[0]?.length ?? 0,
      heads: heads.map((rows) => ({ weights: Float32Array.from(rows.flat()), sinkShare: Float32Array.from(rows, ([first]) => first ?? 0) })),
    };
  }

  links(limit = 10_000): Answer<'links'> {
    return links(this.view, this.thresholds(), { part: 'decoder', layer: 0, heads: [...this.heads.keys()], average: false, sink: 'show', unit: 'token', percent: this.percent, limit });
  }

  row(unitIndex: number, direction: 'from' | 'to'): Answer<'focus'> {
    return focus(this.view, this.thresholds(), { part: 'decoder', layer: 0, heads: [...this.heads.keys()], average: false, sink: 'show', unit: 'token', percent: this.percent, unitIndex, direction });
  }

  focus(unit: number, direction: 'from' | 'to', pinned = false): Focus {
    return focusFromRow(this.row(unit, direction), this.heads.length, { unit, direction, pinned });
  }

  /** Of the first head. */
  pattern(): Answer<'pattern'> {
    return pattern(this.view);
  }

  summary(layer: number): ReturnType<typeof summarizeLayer> {
    const { queries, keys } = this.view;
    const seen = { part: 'decoder', causal: true, queryIds: [...Array(queries).keys()], keyIds: [...Array(keys).keys()], window: null, punctuation: new Uint8Array(keys), followers: [] } as const;
    return summarizeLayer(layer, { type: 'float32', shape: [1, this.heads.length, queries, keys], data: Float32Array.from(this.heads.flat(2)) }, seen);
  }

  private thresholds(): Float32Array[] {
    return this.view.heads.map(({ weights }) => rowThresholds(weights, this.view.keys, this.percent));
  }
}

export function frameOf(width: number, height: number): Frame {
  return { width, height, measure: typewriter };
}

/** All marks, those inside clips too. */
export function flat(marks: readonly Mark[]): Mark[] {
  return marks.flatMap((mark) => (mark.mark === 'clip' ? [mark, ...flat(mark.marks)] : [mark]));
}

export function textsOf(marks: readonly Mark[]): string[] {
  return flat(marks).flatMap((mark) => (mark.mark === 'text' ? [mark.text] : []));
}
