/** Every picture in every theme on one page that needs nothing but a browser. */
import type { AttentionOf, FocusAnswer, InfluenceAnswer, LayerSummary, LinksAnswer, PatternAnswer, RunInfo, StateSummary, StatesAnswer, Token } from '../../src/protocol.ts';
import { attentionGraph, crossGraph } from '../graphs/attentionGraph.ts';
import { attentionMap, meanOverHeads } from '../graphs/attentionMap.ts';
import { patternBitmap, rampPalette } from '../graphs/bitmaps.ts';
import { layoutCross } from '../graphs/crossLayout.ts';
import type { Drawing, Frame } from '../graphs/drawing.ts';
import { focusFromRow } from '../graphs/focus.ts';
import { layoutGraph } from '../graphs/graphLayout.ts';
import { headGrid, layoutHeadGrid } from '../graphs/headGrid.ts';
import { influenceBars, layoutInfluence, type ModelInfluence } from '../graphs/influenceBars.ts';
import { keyGroups } from '../graphs/keyGroups.ts';
import { labelUnits, shortLabel } from '../graphs/labels.ts';
import { layoutMap } from '../graphs/mapLayout.ts';
import { layoutStates } from '../graphs/stateLayout.ts';
import { stateBitmap, statePicture } from '../graphs/statePicture.ts';
import { svgDocument } from '../graphs/svg.ts';
import type { Theme } from '../theme.ts';
import { tokenUnits } from '../units.ts';
import { galleryTheme, themeKinds } from './themes.ts';
import { typewriter } from './typewriter.ts';

/** What the engine answered about one text. */
export interface GalleryAnswers {
  readonly info: RunInfo;
  readonly of: AttentionOf;
  readonly links: LinksAnswer;
  /** The row of this token, and the column of the same. */
  readonly unit: number;
  readonly row: FocusAnswer;
  readonly column: FocusAnswer;
  /** Of the first head. */
  readonly pattern: PatternAnswer;
  readonly patternRow: FocusAnswer;
  readonly summaries: readonly LayerSummary[];
  /** Of every token up to `unit` on what comes after it. */
  readonly influence: InfluenceAnswer;
  /** A recurrent network on the same text, of the same tokens. */
  readonly recurrent: {
    readonly info: RunInfo;
    readonly changes: readonly StateSummary[];
    /** Of layer 0. */
    readonly states: StatesAnswer;
    readonly influence: InfluenceAnswer;
  };
  /** A translation of a sentence, and how it attends to that. */
  readonly translation: {
    readonly info: RunInfo;
    readonly output: readonly Token[];
    readonly of: AttentionOf;
    readonly links: LinksAnswer;
    /** The row of this output token. */
    readonly unit: number;
    readonly row: FocusAnswer;
  };
}

/** The page, as HTML. */
export function galleryPage(answers: GalleryAnswers): string {
  const themes = themeKinds.map((kind) => {
    const theme = galleryTheme(kind);
    const drawings = pictures(answers, theme).map((drawing, at) => svgDocument(drawing, `${kind}-${at}-`));
    return `<section style="background:${theme.background};color:${theme.foreground}"><h2>${kind}</h2>${drawings.join('')}</section>`;
  });
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Headlight: gallery</title><style>
body { margin: 0; font: 13px sans-serif; } section { display: flex; flex-wrap: wrap; gap: 16px; padding: 16px; align-items: flex-start; } h2 { flex-basis: 100%; margin: 0; font-size: 13px; }
</style>${themes.join('')}</html>`;
}

function pictures(answers: GalleryAnswers, theme: Theme): Drawing[] {
  const { info, of, links, unit, summaries } = answers;
  const labels = labelUnits(tokenUnits(info.tokens), info.tokens);
  const graph = (layout: 'vertical' | 'horizontal', frame: Frame, direction: 'from' | 'to' | null, spacing = 0, scroll = 0): Drawing => {
    const answer = direction === 'to' ? answers.column : answers.row;
    const focus = direction && focusFromRow(answer, of.heads.length, { unit, direction, pinned: direction === 'to' });
    return attentionGraph({ queryLabels: labels, keyLabels: labels, part: null, layer: of.layer, heads: of.heads, average: of.average, sink: 'dim', links, focus }, layoutGraph(labels, { layout, spacing }, theme, frame), scroll, theme, frame);
  };
  const causal = info.model.attentions.find(({ part }) => part === of.part)?.causal ?? false;
  const [head = 0] = of.heads;
  const mapFrame = { width: 520, height: 480, measure: typewriter };
  const map = attentionMap(
    {
      queryLabels: labels,
      keyLabels: labels,
      part: null,
      layer: of.layer,
      heads: [head],
      causal,
      bitmap: patternBitmap(answers.pattern, causal, rampPalette(theme.ramp)),
      focus: { unit, direction: 'from', pinned: false, weights: meanOverHeads(answers.patternRow.weights, 1) },
      cell: { query: unit, key: Math.max(0, unit - 1) },
    },
    layoutMap(labels, labels, 0, theme, mapFrame),
    { x: 0, y: 0 },
    theme,
    mapFrame,
  );
  const grid = (sort: 'layer' | 'previous', width: number): Drawing => {
    const frame = { width, height: 300, measure: typewriter };
    const data = { layers: info.model.layers, heads: info.model.heads, groups: keyGroups(info.model), aspect: 1, summaries, sort, selected: of };
    return headGrid(data, layoutHeadGrid(data, theme, frame), theme, frame);
  };
  return [
    graph('vertical', { width: 420, height: 480, measure: typewriter }, null),
    graph('vertical', { width: 420, height: 480, measure: typewriter }, 'from'),
    graph('vertical', { width: 420, height: 300, measure: typewriter }, 'from', 24, Math.max(0, unit * 24 - 200)),
    graph('horizontal', { width: 900, height: 360, measure: typewriter }, 'to'),
    map,
    grid('layer', 320),
    grid('previous', 640),
    statesOf(answers, theme),
    influenceOf(answers, theme),
    translationOf(answers, 'horizontal', theme),
    translationOf(answers, 'vertical', theme),
  ];
}

function translationOf({ translation: { info, output, of, links, unit, row } }: GalleryAnswers, layout: 'vertical' | 'horizontal', theme: Theme): Drawing {
  const queryLabels = labelUnits(tokenUnits(output), output);
  const keyLabels = labelUnits(tokenUnits(info.tokens), info.tokens);
  const frame = layout === 'vertical' ? { width: 420, height: 480, measure: typewriter } : { width: 900, height: 360, measure: typewriter };
  const focus = layout === 'vertical' ? focusFromRow(row, of.heads.length, { unit, direction: 'from', pinned: false }) : null;
  const data = { queryLabels, keyLabels, part: of.part, layer: of.layer, heads: of.heads, average: of.average, sink: 'dim', links, focus } as const;
  return crossGraph(data, layoutCross(queryLabels, keyLabels, { layout, spacing: 0 }, theme, frame), 0, theme, frame);
}

function statesOf({ recurrent: { info, changes, states }, unit }: GalleryAnswers, theme: Theme): Drawing {
  const labels = labelUnits(tokenUnits(info.tokens), info.tokens);
  const frame = { width: 640, height: 480, measure: typewriter };
  const layout = layoutStates(labels, { layers: info.model.layers, layer: 0, units: states.units.length, spacing: 0 }, theme, frame);
  const data = { labels, changes: new Map(changes.map(({ layer, change }) => [layer, change])), layer: 0, units: { answer: states, bitmap: stateBitmap(states, theme) } };
  return statePicture({ ...data, focus: { token: unit, pinned: false }, place: null }, layout, 0, theme, frame);
}

function influenceOf({ info, influence, recurrent, unit }: GalleryAnswers, theme: Theme): Drawing {
  const labels = labelUnits(tokenUnits(info.tokens), info.tokens).slice(0, unit + 1);
  const frame = { width: 640, height: 480, measure: typewriter };
  const model = (name: string, { likeliest, divergence, loss }: InfluenceAnswer): ModelInfluence => ({ name, likeliest: shortLabel(likeliest.text), divergence, loss });
  const models = [model(recurrent.info.model.type, recurrent.influence), model(info.model.type, influence)];
  return influenceBars({ labels, first: 0, position: unit, models, focus: null, pointed: false }, layoutInfluence(labels, models.length, 0, theme, frame), 0, theme, frame);
}
