/** The parts of a logit as rows of a tree: layers open to their parts, a head to the tokens it looked at. */
import * as l10n from '@vscode/l10n';
import type { AttributionAnswer, LogitShare, SourcesAnswer } from '../../src/protocol.ts';
import type { UnitLabel } from './labels.ts';

export interface SourceRow {
  readonly key: string;
  readonly depth: number;
  readonly label: string;
  /** Text of a token, in the tokens' font. */
  readonly code?: boolean;
  readonly value: number;
  /** Where its bar begins: at what all before it come to, or at zero. */
  readonly start: number;
  /** What a click opens or closes. */
  readonly opens?: { readonly layer: number; readonly head: number | null; readonly open: boolean };
  readonly sum?: boolean;
}

export interface TreeOf {
  readonly answer: AttributionAnswer;
  readonly order: 'computed' | 'size';
  readonly layers: ReadonlySet<number>;
  readonly head: { readonly layer: number; readonly head: number } | null;
  /** Of that head; null while they are not known. */
  readonly sources: SourcesAnswer | null;
  readonly labels: readonly UnitLabel[];
}

/** More tokens than these are told together. */
const mostTokens = 16;

/** What a part is called. */
export function shareName(share: LogitShare): string {
  switch (share.part) {
    case 'embedding':
      return l10n.t('embedding of the token');
    case 'position':
      return l10n.t('embedding of its position');
    case 'head':
      return l10n.t('layer {0}, head {1}', share.layer, share.head);
    case 'attentionBias':
      return l10n.t('layer {0}, bias of attention', share.layer);
    case 'feedForward':
      return l10n.t('layer {0}, feed-forward part', share.layer);
    case 'layerMean':
      return l10n.t('layer {0}, means in place of what is off', share.layer);
    case 'positionMean':
      return l10n.t('mean in place of the position');
    case 'normBias':
      return l10n.t('bias of the last norm');
    case 'unembeddingBias':
      return l10n.t('bias of the unembedding');
    default:
      return share satisfies never;
  }
}

export function sourceRows(of: TreeOf): SourceRow[] {
  const { answer, order } = of;
  const rows = order === 'computed' ? inOrder(of) : bySize(of);
  return [
    ...rows,
    { key: 'remainder', depth: 0, label: l10n.t('remainder'), value: answer.remainder, start: order === 'computed' ? answer.logit - answer.remainder : 0 },
    { key: 'logit', depth: 0, label: answer.rival ? l10n.t('logit difference') : l10n.t('logit'), value: answer.logit, start: 0, sum: true },
  ];
}

function inOrder(of: TreeOf): SourceRow[] {
  const { shares } = of.answer;
  const rows: SourceRow[] = [];
  let sum = 0;
  for (const [at, share] of shares.entries()) {
    if (!('layer' in share)) {
      rows.push({ key: share.part, depth: 0, label: shareName(share), value: share.value, start: sum });
      sum += share.value;
      continue;
    }
    const { layer } = share;
    const before = shares[at - 1];
    if (!before || !('layer' in before) || before.layer !== layer) {
      const all = shares.filter((other) => 'layer' in other && other.layer === layer);
      rows.push({ key: `layer ${layer}`, depth: 0, label: l10n.t('layer {0}', layer), value: all.reduce((whole, { value }) => whole + value, 0), start: sum, opens: { layer, head: null, open: of.layers.has(layer) } });
    }
    if (of.layers.has(layer)) rows.push(...partRows(share, 1, sum, of));
    sum += share.value;
  }
  return rows;
}

function bySize(of: TreeOf): SourceRow[] {
  return [...of.answer.shares].sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).flatMap((share) => partRows(share, 0, 0, of));
}

/** A part, and of the open head its tokens. */
function partRows(share: LogitShare, depth: number, start: number, of: TreeOf): SourceRow[] {
  if (share.part !== 'head') return [{ key: keyOf(share), depth, label: shareName(share), value: share.value, start }];
  const { layer, head } = share;
  const open = of.head?.layer === layer && of.head.head === head;
  const row: SourceRow = { key: keyOf(share), depth, label: shareName(share), value: share.value, start, opens: { layer, head, open } };
  return open && of.sources ? [row, ...tokenRows(of.sources, of.labels, depth + 1, start, of.order === 'computed')] : [row];
}

const keyOf = (share: LogitShare): string => `${share.part} ${'layer' in share ? share.layer : ''} ${'head' in share ? share.head : ''}`;

/** The strongest tokens as they come in the text, and what the others have together. */
function tokenRows({ shares }: SourcesAnswer, labels: readonly UnitLabel[], depth: number, start: number, running: boolean): SourceRow[] {
  const looked = [...shares.keys()].filter((token) => shares[token] !== 0);
  const strongest = new Set([...looked].sort((a, b) => Math.abs(shares[b] ?? 0) - Math.abs(shares[a] ?? 0)).slice(0, mostTokens));
  let sum = start;
  const row = (key: string, label: string, value: number): SourceRow => {
    const made: SourceRow = { key, depth, label, code: true, value, start: running ? sum : 0 };
    sum += value;
    return made;
  };
  const rows = looked.filter((token) => strongest.has(token)).map((token) => row(`token ${token}`, l10n.t('“{0}” ({1})', labels[token]?.text ?? '', token), shares[token] ?? 0));
  const others = looked.filter((token) => !strongest.has(token));
  if (others.length === 0) return rows;
  const rest = row('others', l10n.t('{0} other tokens', others.length), others.reduce((whole, token) => whole + (shares[token] ?? 0), 0));
  return [...rows, { ...rest, code: false }];
}
