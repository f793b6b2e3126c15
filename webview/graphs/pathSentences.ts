/** The paths of a prediction in words. */
import * as l10n from '@vscode/l10n';
import type { PathNode, PathsAnswer } from '../../src/protocol.ts';
import { signedText } from '../numbers.ts';
import { shortLabel, type UnitLabel } from './labels.ts';

/** What a node is, and where. */
export function pathNodeName(node: PathNode, labels: readonly UnitLabel[]): string {
  const at = labels[node.token]?.text ?? '';
  switch (node.part) {
    case 'logit':
      return l10n.t('the logit after “{0}” ({1})', at, node.token);
    case 'head':
      return l10n.t('head {0}.{1} at “{2}” ({3})', node.layer, node.head, at, node.token);
    case 'feedForward':
      return l10n.t('feed-forward part {0} at “{1}” ({2})', node.layer, at, node.token);
    case 'embedding':
      return l10n.t('embedding of “{0}” ({1})', at, node.token);
    case 'position':
      return l10n.t('position of “{0}” ({1})', at, node.token);
    default:
      return node satisfies never;
  }
}

/** A node with its value and what of its inputs is not drawn. */
export function pathNodeSentence(node: PathNode, labels: readonly UnitLabel[]): string {
  const name = pathNodeName(node, labels);
  const value = signedText(node.value, 2);
  if (!('rest' in node)) return l10n.t('{0}: {1}', name, value);
  const { hidden, hiddenValue, biases, means } = node.rest;
  if (means !== 0) return l10n.t('{0}: {1}; hidden are {2} inputs with {3}, biases add {4}, means of what is switched off {5}', name, value, hidden, signedText(hiddenValue, 2), signedText(biases, 2), signedText(means, 2));
  return l10n.t('{0}: {1}; hidden are {2} inputs with {3}, biases add {4}', name, value, hidden, signedText(hiddenValue, 2), signedText(biases, 2));
}

/** The path with the strongest edges, from the logit down to where it begins. */
export function strongestPath({ nodes, edges }: PathsAnswer): number[] {
  const path = [0];
  for (let at = 0; path.length <= nodes.length; ) {
    const [strongest] = edges.filter(({ to }) => to === at).sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
    if (!strongest) break;
    at = strongest.from;
    path.push(at);
  }
  return path;
}

export function pathSentence(answer: PathsAnswer, labels: readonly UnitLabel[], pointed: number | null): string {
  const node = pointed === null ? undefined : answer.nodes[pointed];
  if (node) return l10n.t('Paths: {0}.', pathNodeSentence(node, labels));
  const target = shortLabel(answer.target.text);
  const path = strongestPath(answer).slice(1).flatMap((at) => {
    const one = answer.nodes[at];
    return one ? [pathNodeName(one, labels)] : [];
  });
  if (path.length === 0) return l10n.t('Paths to “{0}”: nothing adds enough.', target);
  return l10n.t('Paths to “{0}”: {1} nodes, {2} edges; the strongest comes from {3}.', target, answer.nodes.length - 1, answer.edges.length, path.join(l10n.t(' ← ')));
}
