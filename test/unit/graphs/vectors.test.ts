/** Pictures of embeddings and of positions, on numbers written by hand. */
import { describe, expect, it } from 'vitest';
import type { PositionsAnswer, PositionVectors, ProjectionAnswer } from '../../../src/protocol.ts';
import { galleryTheme } from '../../../webview/gallery/themes.ts';
import type { Drawing } from '../../../webview/graphs/drawing.ts';
import { closest, layoutPlane, planeDrawing, planeSentence, pointAt, type PlaneData } from '../../../webview/graphs/embeddingPlane.ts';
import { cellAt, layoutPositions, meanSimilarity, positionBitmap, positionMap, positionSentence, type PositionSight } from '../../../webview/graphs/positionMap.ts';
import { svgDocument } from '../../../webview/graphs/svg.ts';
import type { ThemeKind } from '../../../webview/palette.ts';
import { fiveTokens, frameOf, labelsOf } from './examples.ts';

const point = (id: number, text: string, x: number, y: number, inText: boolean, cosine: number | null): ProjectionAnswer['points'][number] => ({ id, text, x, y, length: 2, inText, cosine });

/** Three tokens of the text, of which one occurs twice, and two neighbours of the second. */
const projected: ProjectionAnswer = {
  width: 8,
  variance: [0.4, 0.25],
  points: [point(1, ' the', 3, 0, true, 0.1), point(2, ' cat', -1, 1, true, 1), point(3, ' dog', -1.5, 1.2, true, 0.7), point(4, ' kitten', -1.1, 0.8, false, 0.8), point(5, '小猫', -0.5, -1.5, false, 0.6)],
};

const data: PlaneData = { answer: projected, inText: new Map([[1, { label: 'the', count: 2 }], [2, { label: 'cat', count: 1 }], [3, { label: 'dog', count: 1 }]]), chosen: 2, focus: null, pointed: null };

function drawPlane(kind: ThemeKind, more: Partial<PlaneData> = {}, width = 420, height = 260): Drawing {
  const frame = frameOf(width, height);
  return planeDrawing({ ...data, ...more }, layoutPlane(projected, 1, frame), { x: 0, y: 0 }, galleryTheme(kind), frame);
}

const vectors: PositionVectors = {
  kind: 'learned',
  count: 3,
  width: 4,
  values: Int16Array.of(1000, 0, -500, 250, 0, 500, -1000, 0, 250, 250, 0, 1000),
  largest: 0.5,
  similarity: Int16Array.of(1000, 500, -200, 500, 1000, 300, -200, 300, 1000),
  frequencies: null,
};
const rotary: PositionVectors = { ...vectors, kind: 'rotary', largest: 1, frequencies: Float32Array.of(1, 0.1) };
const relative: PositionsAnswer = { kind: 'relative', heads: 2, first: -2, distances: 3, bias: Float32Array.of(1, 0, -0.5, 0.25, 0.5, -1), largest: 1 };

function drawPositions(kind: ThemeKind, answer: PositionsAnswer, sight: PositionSight, cell: { row: number; column: number } | null = null, focus: number | null = null): Drawing {
  const theme = galleryTheme(kind);
  const frame = frameOf(420, 220);
  const bitmap = positionBitmap(answer, sight, theme);
  return positionMap({ answer, sight, labels: labelsOf(fiveTokens).slice(0, 2), focus, cell, bitmap }, layoutPositions(bitmap, frame), theme, frame);
}

describe('embeddings and positions as committed pictures', () => {
  it.each([
    ['plane-light', drawPlane('light', { chosen: null })],
    ['plane-chosen-dark', drawPlane('dark', { focus: 3, pointed: 2 })],
    ['plane-narrow-hc-dark', drawPlane('hc-dark', {}, 220, 180)],
    ['positions-light', drawPositions('light', vectors, 'vectors', { row: 1, column: 2 }, 1)],
    ['positions-similarity-hc-light', drawPositions('hc-light', vectors, 'similarity', { row: 0, column: 2 })],
    ['positions-rotary-dark', drawPositions('dark', rotary, 'vectors', { row: 2, column: 3 })],
    ['positions-relative-hc-dark', drawPositions('hc-dark', relative, 'vectors', { row: 0, column: 0 })],
  ])('%s', async (name, drawing) => {
    await expect(svgDocument(drawing)).toMatchFileSnapshot(`pictures/${name}.svg`);
  });
});

describe('the plane of embeddings', () => {
  it('has one scale both ways, and everything in sight', () => {
    const frame = frameOf(420, 260);
    const { points, origin } = layoutPlane(projected, 1, frame);
    const [the, cat] = [points[0], points[1]];
    if (!the || !cat) throw new Error('there are no points');
    expect((the.x - origin.x) / 3).toBeCloseTo(origin.x - cat.x, 9);
    expect(origin.y - cat.y).toBeCloseTo(origin.x - cat.x, 9);
    expect(points.every(({ x, y }) => x >= 0 && x <= 420 && y >= 0 && y <= 260)).toBe(true);
    expect(layoutPlane(projected, 4, frame)).toMatchObject({ width: 1680, height: 1040 });
    expect(pointAt({ points, origin, width: 420, height: 260 }, { x: the.x + 3, y: the.y }, { x: 0, y: 0 })).toBe(0);
    expect(pointAt({ points, origin, width: 420, height: 260 }, { x: the.x - 40, y: the.y + 40 }, { x: 0, y: 0 })).toBeNull();
  });

  it('says what is nearest: neighbours, and tokens of the text that are as near', () => {
    expect(closest(projected.points, 2).map(({ id }) => id)).toEqual([4, 3, 5]);
    expect(planeSentence(data)).toContain('of the neighbours of “cat” on a plane that holds 65 % of their variance; nearest to it are “kitten” (0.80), “dog” (0.70), “小猫” (0.60).');
    expect(planeSentence({ ...data, chosen: null })).toBe('Embeddings of 3 different tokens on a plane that holds 65 % of their variance.');
  });
});

describe('the map of positions', () => {
  it('knows its cells', () => {
    const layout = layoutPositions({ rows: 3, columns: 4 }, frameOf(420, 220));
    const { x, y, width, height } = layout.area;
    expect(cellAt(layout, { x: x + 1, y: y + 1 })).toEqual({ row: 0, column: 0 });
    expect(cellAt(layout, { x: x + width - 1, y: y + height - 1 })).toEqual({ row: 2, column: 3 });
    expect(cellAt(layout, { x: x - 1, y })).toBeNull();
  });

  it('says how alike positions are', () => {
    expect(meanSimilarity(vectors, 1)).toBeCloseTo(0.4, 9);
    expect(meanSimilarity(vectors, 2)).toBeCloseTo(-0.2, 9);
    expect(positionSentence({ answer: vectors, sight: 'similarity' })).toBe('How alike 3 positions are: one apart the cosine is +0.40 on average, 2 apart −0.20.');
    expect(positionSentence({ answer: relative, sight: 'vectors' })).toBe('Biases of 2 heads by distance, 3 distances.');
  });
});
