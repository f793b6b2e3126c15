/** The paths of a prediction as a graph: layers upwards, tokens along, the thicker an edge the more it adds. */
import * as l10n from '@vscode/l10n';
import type { PathNode, PathsAnswer } from '../../src/protocol.ts';
import { signedText } from '../numbers.ts';
import type { Theme } from '../theme.ts';
import type { Drawing, Frame, Mark } from './drawing.ts';
import { inkOn } from './ink.ts';
import { fitText, shortLabel, type UnitLabel } from './labels.ts';
import { nodeSize, type PathLayout } from './pathLayout.ts';
import { pathNodeSentence, pathSentence } from './pathSentences.ts';
import { readout } from './tokenRows.ts';

export interface PathData {
  readonly answer: PathsAnswer;
  readonly labels: readonly UnitLabel[];
  /** Under the pointer or the keyboard's focus. */
  readonly node: number | null;
  /** Switched off already, `[node]`. */
  readonly off: readonly boolean[];
}

type Scroll = { readonly x: number; readonly y: number };

const widestEdge = 9;

export function pathPicture(data: PathData, layout: PathLayout, scroll: Scroll, theme: Theme, frame: Frame): Drawing {
  const { answer, labels, node } = data;
  const at = node === null ? undefined : layout.nodes[node];
  const pointed = node === null ? undefined : answer.nodes[node];
  return {
    width: frame.width,
    height: frame.height,
    background: theme.background,
    fontFamily: theme.fontFamily,
    codeFamily: theme.codeFamily,
    label: pathSentence(answer, labels, node),
    marks: [
      ...bands(layout, scroll, theme, frame),
      ...columnMarks(data, layout, scroll, theme, frame),
      ...edgeMarks(data, layout, scroll, theme),
      ...answer.nodes.flatMap((one, index) => nodeMarks(one, index, data, layout, scroll, theme)),
      ...layerLabels(layout, scroll, theme),
      ...legend(answer, layout, scroll, theme, frame),
      ...(at && pointed ? readout(pathNodeSentence(pointed, labels), { x: at.x - scroll.x, y: at.y - scroll.y }, theme, frame) : []),
    ],
  };
}

/** Every second layer lies on a tint. */
function bands({ layers }: PathLayout, scroll: Scroll, theme: Theme, frame: Frame): Mark[] {
  return layers.map(({ y }): Mark => ({ mark: 'line', x0: 0, y0: y - scroll.y, x1: frame.width, y1: y - scroll.y, color: theme.border, width: 1 }));
}

function layerLabels({ layers, left }: PathLayout, scroll: Scroll, theme: Theme): Mark[] {
  const size = Math.max(10, theme.fontSize - 2);
  return [
    { mark: 'rect', x: 0, y: 0, width: left - 8, height: (layers[0]?.y ?? 0) + (layers[0]?.height ?? 0) - scroll.y, fill: theme.background, opacity: 0.85 },
    ...layers.map(({ layer, y, height }): Mark => ({ mark: 'text', x: 8, y: y + height / 2 - scroll.y, text: l10n.t('L{0}', layer), size, color: theme.muted, anchor: 'start' })),
  ];
}

function columnMarks({ labels, answer, node }: PathData, { columns, labelsY }: PathLayout, scroll: Scroll, theme: Theme, frame: Frame): Mark[] {
  const size = Math.min(theme.codeSize, 12);
  const looked = node === null ? null : answer.nodes[node]?.token;
  return columns.flatMap(({ token, x, width, afterGap }): Mark[] => {
    const strong = token === looked || token === answer.nodes[0]?.token;
    return [
      ...(afterGap ? [{ mark: 'text', x: x - scroll.x, y: labelsY - scroll.y, text: '⋯', size, color: theme.muted, anchor: 'middle' } as const] : []),
      { mark: 'text', x: x + width / 2 - scroll.x, y: labelsY - scroll.y, text: fitText(labels[token]?.text ?? '', size, width - 10, frame.measure), size, color: strong ? theme.foreground : theme.muted, anchor: 'middle', code: true, bold: strong },
    ];
  });
}

const mostOf = ({ edges }: PathsAnswer): number => edges.reduce((most, { value }) => Math.max(most, Math.abs(value)), 1e-6);

function edgeMarks({ answer, node }: PathData, layout: PathLayout, scroll: Scroll, theme: Theme): Mark[] {
  const most = mostOf(answer);
  const least = theme.kind === 'hc-dark' || theme.kind === 'hc-light' ? 0.7 : 0.45;
  return [...answer.edges].sort((a, b) => Math.abs(a.value) - Math.abs(b.value)).flatMap(({ from, to, value }): Mark[] => {
    const [lower, upper] = [layout.nodes[from], layout.nodes[to]];
    if (!lower || !upper) return [];
    const [x0, y0, x1, y1] = [lower.x - scroll.x, lower.y - nodeSize / 2 - scroll.y, upper.x - scroll.x, upper.y + nodeSize / 2 - scroll.y];
    const bend = Math.max(8, (y0 - y1) * 0.45);
    // Within a column an edge goes around the nodes between, the further the longer it is.
    const around = Math.abs(x0 - x1) < nodeSize && upper.level - lower.level > 1 ? nodeSize + 5 * (upper.level - lower.level) : 0;
    const aside = node !== null && from !== node && to !== node;
    const share = Math.abs(value) / most;
    return [{ mark: 'curve', x0, y0, cx0: x0 - around, cy0: y0 - bend / (around > 0 ? 2 : 1), cx1: x1 - around, cy1: y1 + bend / (around > 0 ? 2 : 1), x1, y1, color: theme.diverging(value < 0 ? -1 : 1), width: 1 + (widestEdge - 1) * share, opacity: aside ? 0.12 : least + (1 - least) * Math.sqrt(share) }];
  });
}

function nodeMarks(of: PathNode, index: number, { answer, node, off }: PathData, layout: PathLayout, scroll: Scroll, theme: Theme): Mark[] {
  const at = layout.nodes[index];
  if (!at) return [];
  const [x, y] = [at.x - scroll.x, at.y - scroll.y];
  const most = Math.max(1e-6, ...answer.nodes.slice(1).map(({ value }) => Math.abs(value)));
  const t = of.part === 'logit' ? 0 : Math.sign(of.value) * (0.35 + 0.65 * Math.sqrt(Math.abs(of.value) / most));
  const fill = of.part === 'logit' ? theme.foreground : theme.diverging(Math.max(-1, Math.min(1, t)));
  const ink = of.part === 'logit' ? theme.background : inkOn(fill);
  const half = nodeSize / 2;
  const looked = index === node;
  return [
    of.part === 'head'
      ? { mark: 'dot', x, y, radius: half, color: fill, opacity: 1 }
      : { mark: 'rect', x: x - half, y: y - half, width: nodeSize, height: nodeSize, fill },
    { mark: 'text', x, y: y + 0.5, text: faceOf(of), size: 10, color: ink, anchor: 'middle', bold: true },
    ...(off[index] === true ? [{ mark: 'line', x0: x - half, y0: y + half, x1: x + half, y1: y - half, color: theme.error, width: 2.5 } as const] : []),
    ...(looked ? [{ mark: 'rect', x: x - half - 3, y: y - half - 3, width: nodeSize + 6, height: nodeSize + 6, stroke: theme.focus, strokeWidth: 2 } as const] : []),
  ];
}

/** What stands in a node: a head's number, or a letter for the part. */
function faceOf(node: PathNode): string {
  switch (node.part) {
    case 'logit':
      return '=';
    case 'head':
      return String(node.head);
    case 'feedForward':
      return 'F';
    case 'embedding':
      return 'E';
    case 'position':
      return 'P';
    default:
      return node satisfies never;
  }
}

function legend(answer: PathsAnswer, { contentHeight }: PathLayout, scroll: Scroll, theme: Theme, frame: Frame): Mark[] {
  const size = Math.max(9, theme.fontSize - 2);
  const y = contentHeight - 28 - scroll.y;
  const most = mostOf(answer);
  const target = shortLabel(answer.target.text);
  const words = { mark: 'text', size, color: theme.muted, anchor: 'start' } as const;
  const meaning = l10n.t('number: head · F: feed-forward · E: embedding · P: position');
  const sample = (x: number, sign: 1 | -1): Mark => ({ mark: 'line', x0: x, y0: y, x1: x + 24, y1: y, color: theme.diverging(sign), width: widestEdge });
  const [up, down] = [l10n.t('{0} for “{1}”', signedText(most, 2), target), l10n.t('{0} against it', signedText(-most, 2))];
  const second = 12 + 30 + frame.measure(up, size) + 16;
  return [
    sample(12, 1),
    { ...words, x: 42, y: y + 0.5, text: up },
    sample(second, -1),
    { ...words, x: second + 30, y: y + 0.5, text: down },
    { ...words, x: 12, y: y + 17, text: fitText(meaning, size, frame.width - 24, frame.measure) },
  ];
}
