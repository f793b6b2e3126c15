import { describe, expect, it } from 'vitest';
import { AnswerCache } from '../../../webview/answerCache.ts';
import { focusAsk, linksAsk, patternAsk } from '../../../webview/asks.ts';
import { fitView, headAfter, initialView, shownHeads, suitableArrangement, toggleHead } from '../../../webview/viewState.ts';
import { picturesOf } from '../../../webview/pictures.ts';
import { shadesOf } from '../../../webview/views/stripShade.ts';
import { attention, model, tokensOf } from './fakePage.ts';
import { tokenUnits } from '../../../webview/units.ts';

describe('the choice of heads', () => {
  it('is all of them when nothing was chosen', () => {
    expect(shownHeads({ heads: [] }, 3)).toEqual([0, 1, 2]);
    expect(shownHeads({ heads: [2] }, 3)).toEqual([2]);
  });

  it('picks one out of all, then adds and takes away; the last one away brings all back', () => {
    expect(toggleHead({ heads: [] }, 2, 4)).toEqual([2]);
    expect(toggleHead({ heads: [2] }, 0, 4)).toEqual([0, 2]);
    expect(toggleHead({ heads: [0, 2] }, 2, 4)).toEqual([0]);
    expect(toggleHead({ heads: [0] }, 0, 4)).toEqual([]);
    expect(toggleHead({ heads: [0, 1, 2] }, 3, 4)).toEqual([]);
  });

  it('steps through single heads with all between last and first', () => {
    expect(headAfter([], 1, 3)).toEqual([0]);
    expect(headAfter([0], 1, 3)).toEqual([1]);
    expect(headAfter([2], 1, 3)).toEqual([]);
    expect(headAfter([], -1, 3)).toEqual([2]);
    expect(headAfter([0], -1, 3)).toEqual([]);
    expect(headAfter([0, 2], 1, 3)).toEqual([0]);
  });
});

describe('a view', () => {
  it('is cut to a smaller model and a shorter text', () => {
    const view = { ...initialView, layer: 11, heads: [1, 8], pinned: { sequence: 'text', token: 5 } } as const;
    expect(fitView(view, model, 4)).toMatchObject({ layer: 1, heads: [1], pinned: null });
  });

  it('shows only what there is of a model, and keeps influence from one to the next', () => {
    const recurrent = { ...model, kind: 'recurrent', attentions: [], heads: 0 } as const;
    const encoder = { ...model, kind: 'encoder', predicts: 'masked' } as const;
    const writer = { ...model, kind: 'encoder-decoder' } as const;
    const all = [model, recurrent, encoder, writer];
    expect(all.map((each) => picturesOf(each, 'attention'))).toEqual([['graph', 'map', 'head'], ['states'], ['graph', 'map', 'head'], ['graph', 'map', 'head']]);
    expect(all.map((each) => picturesOf(each, 'vectors'))).toEqual([['embeddings', 'positions', 'neurons', 'way'], ['embeddings'], ['embeddings', 'positions', 'way'], ['embeddings', 'positions', 'way']]);
    expect(all.map((each) => picturesOf(each, 'prediction'))).toEqual([['lens', 'sources', 'paths', 'sweep', 'patching', 'models', 'influence'], ['sweep', 'models', 'influence'], ['lens', 'sources', 'paths', 'sweep', 'patching'], ['lens', 'sources', 'paths', 'sweep', 'patching']]);
    expect(fitView({ ...initialView, picture: 'map', layer: 7 }, recurrent, 4)).toMatchObject({ picture: 'states', layer: 1 });
    expect(fitView({ ...initialView, picture: 'influence' }, recurrent, 4).picture).toBe('influence');
    expect(fitView({ ...initialView, picture: 'influence' }, encoder, 4).picture).toBe('graph');
    expect(fitView({ ...initialView, picture: 'states' }, model, 4).picture).toBe('graph');
  });

  it('asks for all heads by number, and never for a dimmed first token', () => {
    expect(linksAsk({ ...initialView, sink: 'dim' }, attention)).toMatchObject({ heads: [0, 1, 2], sink: 'show', percent: 70 });
    expect(focusAsk({ ...initialView, direction: 'to' }, attention, 4, 'to')).toMatchObject({ unitIndex: 4, direction: 'to' });
  });

  it('shows several heads as their average in the map', () => {
    expect(focusAsk({ ...initialView, picture: 'map' }, attention, 4, 'from').average).toBe(true);
    expect(patternAsk(initialView, attention).average).toBe(true);
    expect(patternAsk({ ...initialView, heads: [1] }, attention)).toMatchObject({ heads: [1], average: false });
  });
});

describe('shades of the text strip', () => {
  const units = tokenUnits(tokensOf(['a', 'b', 'c']));
  const ask = focusAsk({ ...initialView, heads: [0, 2] }, attention, 2, 'from');
  // weights[head, unit]
  const weights = new Float32Array([0.64, 0.25, 0.11, 0.49, 0.36, 0.15]);
  const kept = new Uint8Array([1, 0, 0, 1, 1, 0]);

  it('take the strongest drawn head of each unit', () => {
    const shades = shadesOf({ weights, kept, sinkShare: new Float32Array(2) }, ask, 'show', units);
    expect(shades.map(({ firstToken, head }) => [firstToken, head])).toEqual([[0, 0], [1, 1]]);
    expect(shades[0]?.strength).toBeCloseTo(0.8);
    expect(shades[1]?.strength).toBeCloseTo(0.6);
  });

  it('hint at a first token that is to be dim', () => {
    const [first] = shadesOf({ weights, kept, sinkShare: new Float32Array(2) }, ask, 'dim', units);
    expect(first?.strength).toBeLessThan(0.4);
  });
});

describe('the answer cache', () => {
  it('forgets what was used longest ago', () => {
    const cache = new AnswerCache<number>(2);
    cache.set('a', 1);
    cache.set('b', 2);
    cache.get('a');
    cache.set('c', 3);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
  });
});

describe('the arrangement that nobody chose', () => {
  it('is a fitted line for a sentence, a column for a narrow panel, and a column to scroll for a long text', () => {
    expect(suitableArrangement(900, 20)).toEqual({ layout: 'horizontal', spacing: 0 });
    expect(suitableArrangement(300, 20)).toEqual({ layout: 'vertical', spacing: 0 });
    expect(suitableArrangement(900, 400)).toMatchObject({ layout: 'vertical' });
    expect(suitableArrangement(900, 400).spacing).toBeGreaterThan(0);
  });
});
