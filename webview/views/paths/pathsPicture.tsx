/** The paths of a prediction in the page: pointing at a node shows what goes in and out of it, a click switches it off. */
import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Intervention, PathNode, PathsAnswer } from '../../../src/protocol.ts';
import { announce } from '../../announce.ts';
import { isOn } from '../../experimentList.ts';
import { experiments, switchOff } from '../../experiments.ts';
import type { Frame } from '../../graphs/drawing.ts';
import { latest } from '../../graphs/latest.ts';
import { layoutPaths, nodeAt, nodeBeside, type PathLayout } from '../../graphs/pathLayout.ts';
import { pathPicture, type PathData } from '../../graphs/pathPicture.ts';
import { pathNodeSentence } from '../../graphs/pathSentences.ts';
import { zoomedSpacing } from '../../graphs/zoom.ts';
import { headLabels } from '../../headTokens.ts';
import { drawnPaths } from '../../pathsAnswers.ts';
import { setView, shown, theme, view } from '../../store.ts';
import { CanvasBox, type BoxPicture, type Plan, type Point } from '../canvasBox.tsx';

export function PathsPicture(): JSX.Element | null {
  const picture = useMemo(() => new PathGraphPicture(), []);
  return drawnPaths.value ? <CanvasBox picture={picture} /> : null;
}

/** What switches a node off; nothing for the logit itself. */
export function interventionOf(node: PathNode): Intervention | null {
  switch (node.part) {
    case 'logit':
      return null;
    case 'head':
      return { kind: 'head', part: 'decoder', layer: node.layer, head: node.head, by: 'zero' };
    case 'feedForward':
      return { kind: 'feedForward', part: 'decoder', layer: node.layer, by: 'zero' };
    case 'embedding':
      return { kind: 'token', token: node.token };
    case 'position':
      return { kind: 'positions', by: 'zero' };
    default:
      return node satisfies never;
  }
}

export function isNodeOff(node: PathNode): boolean {
  const intervention = interventionOf(node);
  return intervention !== null && isOn(experiments.value, intervention);
}

class PathGraphPicture implements BoxPicture {
  readonly grabbed = true;
  private readonly node = signal<number | null>(null);
  private readonly layoutFor = latest(layoutPaths);
  private layout: PathLayout | null = null;
  private frame: Frame | null = null;
  private drawn: PathsAnswer | null = null;
  private toShow: number | null = null;
  private anchor: { readonly share: number; readonly at: Point } | null = null;

  readonly sideways = (): boolean => true;

  plan(frame: Frame, scroll: Point): Plan {
    const answer = drawnPaths.value?.answer;
    if (!answer) return { width: frame.width, height: frame.height, draw: () => ({ ...frame, background: theme.value.background, fontFamily: theme.value.fontFamily, codeFamily: theme.value.codeFamily, label: '', marks: [] }) };
    const layout = this.layoutFor(answer, shown.value?.info.model.layers ?? 0, view.value.spacing, frame);
    this.layout = layout;
    this.frame = frame;
    const { value: node } = this.node;
    const data: PathData = { answer, labels: headLabels.value, node: node !== null && node < answer.nodes.length ? node : null, off: answer.nodes.map(isNodeOff) };
    return { width: layout.contentWidth, height: layout.contentHeight, scrollTo: this.wantedScroll(answer, layout, frame, scroll), draw: (now) => pathPicture(data, layout, now, theme.value, frame) };
  }

  point(at: Point | null, scroll: Point): void {
    this.node.value = at && this.layout ? nodeAt(this.layout, { x: at.x + scroll.x, y: at.y + scroll.y }) : null;
  }

  click(at: Point, scroll: Point): void {
    this.point(at, scroll);
    this.choose();
  }

  zoom(factor: number, at: Point, scroll: Point): void {
    const { layout, frame } = this;
    if (!layout || !frame) return;
    const width = (layout.contentWidth - layout.left) / Math.max(1, layout.columns.length);
    this.anchor = { share: (at.x + scroll.x) / layout.contentWidth, at };
    setView({ spacing: zoomedSpacing(width, factor, fittingColumn(frame.width)) });
  }

  /** Arrows go from node to node, Enter switches the node off. */
  key(key: string): boolean {
    const direction = ({ ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' } as const)[key];
    if (key === 'Enter' || key === ' ') return this.choose();
    if (!direction || !this.layout) return false;
    const now = this.node.peek();
    const next = now === null ? 0 : nodeBeside(this.layout, now, direction);
    this.node.value = next;
    this.toShow = next;
    const node = drawnPaths.peek()?.answer.nodes[next];
    if (node) announce(pathNodeSentence(node, headLabels.peek()));
    return true;
  }

  private choose(): boolean {
    const node = drawnPaths.peek()?.answer.nodes[this.node.peek() ?? -1];
    const intervention = node && interventionOf(node);
    if (intervention) switchOff(intervention);
    return Boolean(intervention);
  }

  /** Another graph is shown from its end, where the prediction is; a node that the keyboard goes to is brought into sight. */
  private wantedScroll(answer: PathsAnswer, layout: PathLayout, frame: Frame, scroll: Point): Point | undefined {
    const isNew = answer.nodes[0]?.token !== this.drawn?.nodes[0]?.token;
    this.drawn = answer;
    const at = this.toShow === null ? undefined : layout.nodes[this.toShow];
    this.toShow = null;
    if (this.anchor) {
      const { share, at: point } = this.anchor;
      this.anchor = null;
      return { x: share * layout.contentWidth - point.x, y: scroll.y };
    }
    if (isNew) return { x: layout.contentWidth, y: 0 };
    const near = (value: number, from: number, room: number): number => Math.max(value + 40 - room, Math.min(from, value - 40));
    return at ? { x: near(at.x, scroll.x, frame.width), y: near(at.y, scroll.y, frame.height) } : undefined;
  }
}

/** The width of a column where all fit. */
export const fittingColumn = (width: number): number => width / Math.max(1, new Set(drawnPaths.peek()?.answer.nodes.map(({ token }) => token)).size);
