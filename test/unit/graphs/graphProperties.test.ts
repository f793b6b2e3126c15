import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { galleryTheme } from '../../../webview/gallery/themes.ts';
import { attentionGraph } from '../../../webview/graphs/attentionGraph.ts';
import type { CurveMark } from '../../../webview/graphs/drawing.ts';
import { layoutGraph } from '../../../webview/graphs/graphLayout.ts';
import { arcPath } from '../../../webview/graphs/graphLinks.ts';
import { placeLabels } from '../../../webview/graphs/labelPlacement.ts';
import { Example, frameOf, labelsOf, tokensOf, type Heads } from './examples.ts';

const theme = galleryTheme('dark');

/** Causal heads whose rows sum to 1. */
const heads: fc.Arbitrary<Heads> = fc.tuple(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 1, max: 4 })).chain(([size, count]) =>
  fc.array(fc.array(fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: size, maxLength: size }), { minLength: size, maxLength: size }), { minLength: count, maxLength: count }).map((all) =>
    all.map((rows) =>
      rows.map((row, query) => {
        const seen = row.map((weight, key) => (key <= query ? weight ** 3 : 0));
        const total = seen.reduce((sum, weight) => sum + weight, 0);
        return seen.map((weight) => weight / total);
      }),
    ),
  ),
);
const layouts = fc.constantFrom('vertical' as const, 'horizontal' as const);
const sizes = fc.record({ width: fc.integer({ min: 280, max: 1600 }), height: fc.integer({ min: 180, max: 1000 }) });
const words = (count: number): string[] => Array.from({ length: count }, (_, at) => ' ' + 'abcdefghij'.slice(0, 1 + ((at * 7) % 10)));

/** Points of a Bézier curve. */
function points(curve: CurveMark): { x: number; y: number }[] {
  return [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1].map((t) => {
    const s = 1 - t;
    const at = (p0: number, p1: number, p2: number, p3: number): number => s ** 3 * p0 + 3 * s * s * t * p1 + 3 * s * t * t * p2 + t ** 3 * p3;
    return { x: at(curve.x0, curve.cx0, curve.cx1, curve.x1), y: at(curve.y0, curve.cy0, curve.cy1, curve.y1) };
  });
}

describe('links', () => {
  it('never leave the frame that they are fitted into', () => {
    fc.assert(
      fc.property(heads, layouts, sizes, (all, layout, { width, height }) => {
        const example = new Example(all);
        const labels = labelsOf(tokensOf(words(all[0]?.length ?? 0)));
        const frame = frameOf(width, height);
        const drawing = attentionGraph(
          { queryLabels: labels, keyLabels: labels, part: null, layer: 0, heads: [...all.keys()], average: false, sink: 'show', links: example.links(), focus: null },
          layoutGraph(labels, { layout, spacing: 0 }, theme, frame),
          0,
          theme,
          frame,
        );
        for (const mark of drawing.marks) {
          if (mark.mark !== 'curve') continue;
          for (const { x, y } of points(mark)) {
            expect(x).toBeGreaterThanOrEqual(0);
            expect(x).toBeLessThanOrEqual(width);
            expect(y).toBeGreaterThanOrEqual(0);
            expect(y).toBeLessThanOrEqual(height);
          }
        }
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('that are kept carry the percentage, with the rest stated', () => {
    fc.assert(
      fc.property(heads, fc.integer({ min: 5, max: 100 }), (all, percent) => {
        const example = new Example(all, percent);
        const unit = (all[0]?.length ?? 1) - 1;
        const focus = example.focus(unit, 'from');
        const kept = focus.links.reduce((sum, { weight }) => sum + weight, 0) / all.length;
        expect(kept).toBeGreaterThanOrEqual(percent / 100 - 1e-5);
        expect(kept + (focus.exact?.hiddenShare ?? 0)).toBeCloseTo(1, 4);
        expect(focus.links.length + (focus.exact?.hidden ?? 0)).toBe(all.length * (unit + 1));
      }),
      { seed: 2, numRuns: 60 },
    );
  });

  it('are the same ones whether taken from the exact row or from all links', () => {
    fc.assert(
      fc.property(heads, (all) => {
        const example = new Example(all);
        const unit = Math.floor((all[0]?.length ?? 1) / 2);
        const { query, key, head } = example.links();
        const fromAll = [...query.keys()].filter((link) => query[link] === unit).map((link) => `${key[link]}/${head[link]}`);
        expect(example.focus(unit, 'from').links.map((link) => `${link.unit}/${link.head}`).sort()).toEqual(fromAll.sort());
      }),
      { seed: 3, numRuns: 40 },
    );
  });

  it('are drawn weakest first, so that strong ones lie on top', () => {
    fc.assert(
      fc.property(heads, (all) => {
        const weights = new Example(all).focus((all[0]?.length ?? 1) - 1, 'from').links.map(({ weight }) => weight);
        expect(weights).toEqual([...weights].sort((a, b) => a - b));
      }),
      { seed: 4, numRuns: 40 },
    );
  });

  it('bulge more the longer they are, and those of several heads lie within one another', () => {
    const layout = layoutGraph(labelsOf(tokensOf(words(40))), { layout: 'vertical', spacing: 0 }, theme, frameOf(500, 700));
    const depths = Array.from({ length: 39 }, (_, key) => arcPath(layout, 39, key, 0, 1).depth);
    expect(depths).toEqual([...depths].sort((a, b) => b - a));
    const nest = [0, 1, 2, 3].map((head) => arcPath(layout, 39, 3, head, 4));
    for (const [inner, outer] of [[nest[0], nest[1]], [nest[1], nest[2]], [nest[2], nest[3]]]) {
      if (!inner || !outer) throw new Error('Four heads make three pairs.');
      expect(outer.depth).toBeGreaterThan(inner.depth);
      expect(outer.start).toBeGreaterThan(inner.start);
      expect(outer.end).toBeLessThan(inner.end);
    }
  });
});

describe('labels', () => {
  it('never overlap and stay near their units', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0, max: 399 }), layouts, sizes, (count, at, layout, { width, height }) => {
        const focused = Math.min(at, count - 1);
        const row = Array.from({ length: count }, (_, key) => (key <= focused ? 1 / (1 + ((key * 13) % 17)) : 0));
        const total = row.reduce((sum, weight) => sum + weight, 0);
        const rows = Array.from({ length: count }, () => row.map((weight) => weight / total));
        const graph = layoutGraph(labelsOf(tokensOf(words(count))), { layout, spacing: 0 }, theme, frameOf(width, height));
        const placed = placeLabels(graph, 0, new Example([rows]).focus(focused, 'from'));
        expect(placed.has(focused)).toBe(true);
        const spans = [...placed].map(([unit, middle]) => ({ middle, half: (graph.labelRoom[unit] ?? 0) / 2 })).sort((a, b) => a.middle - b.middle);
        spans.forEach((span, place) => {
          const before = spans[place - 1];
          if (before) expect(span.middle - span.half).toBeGreaterThan(before.middle + before.half - 2.01);
        });
      }),
      { seed: 5, numRuns: 80 },
    );
  });
});
