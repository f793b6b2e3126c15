/** What can be switched off in a model, and what stays of a text that tokens are left out of. */
import type { AttentionPart, FeedForwardPart, Intervention, Sequence, Token } from '../protocol.ts';
import type { NetworkAttention } from './architectures/architecture.ts';
import type { Model } from './model.ts';
import { ProblemError } from './problemError.ts';

/** An intervention that stays when tokens have been left out. */
export type Inside = Exclude<Intervention, { readonly kind: 'token' }>;

/** An experiment as the command line has it: `head:3.5`, with the part in front where a model has several. */
export function labelOf(intervention: Intervention, several: boolean): string {
  if (intervention.kind === 'token') return `token:${String(intervention.token)}`;
  if (intervention.kind === 'positions') return 'positions';
  const layer = `${several ? `${intervention.part}.` : ''}${String(intervention.layer)}`;
  switch (intervention.kind) {
    case 'head':
      return `head:${layer}.${String(intervention.head)}`;
    case 'attention':
      return `attn:${layer}`;
    case 'feedForward':
      return `mlp:${layer}`;
    case 'neuron':
      return `neuron:${layer}.${String(intervention.index)}`;
    case 'link':
      return `link:${layer}.${intervention.heads.join('+')}:${String(intervention.query)}>${String(intervention.key)}`;
  }
}

/** Hook points of a layer's attention begin with it: `blocks.3.attn`. */
export const attentionName = ({ pattern }: NetworkAttention, layer: number): string => pattern(layer).replace(/\.hook_pattern$/, '');

/** Hook points of the block that a layer's attention is in begin with it: `blocks.3`. */
export const blockName = (attention: NetworkAttention, layer: number): string => attentionName(attention, layer).replace(/\.(cross_)?attn$/, '');

/** What a layer's attention adds to the residual stream. */
export const attentionOut = (attention: NetworkAttention, layer: number): string => `${blockName(attention, layer)}.hook_${attention.part === 'cross' ? 'cross_' : ''}attn_out`;

/** Hook points of what is added to embeddings for positions. */
export function positionHooks({ network }: Model): string[] {
  return network.stages.flatMap(({ hooks }) => hooks.flatMap(({ name }) => (name.endsWith('hook_pos_embed') ? [name] : [])));
}

/** Shape of a hook point `[1, pos, …]` as if there were one position. */
export function shapeAtOnePosition({ network }: Model, hook: string): number[] {
  const found = network.stages.flatMap(({ hooks }) => hooks).find(({ name }) => name === hook);
  if (!found) throw new Error(`no hook point is named ${hook}`);
  return found.shape.map((dim) => (typeof dim === 'number' ? dim : 1));
}

/**
 * @throws ProblemError `model.exported`, `model.noAttention`, `model.otherAttention`, `intervention.…`: for what is not in
 * the model, or not in sequences of these lengths
 */
export function checkInterventions(model: Model, lengths: Readonly<Record<Sequence, number>>, interventions: readonly Intervention[]): void {
  if (!interventions.length) return;
  if (model.info.door === 'onnx') throw new ProblemError('model.exported', { name: model.info.name });
  for (const intervention of interventions) checkIntervention(model, lengths, intervention);
  const left = new Set(interventions.flatMap((one) => (one.kind === 'token' ? [one.token] : [])));
  if (left.size >= lengths.text) throw new ProblemError('intervention.ownToken');
}

function checkIntervention(model: Model, lengths: Readonly<Record<Sequence, number>>, intervention: Intervention): void {
  const within = (found: number, count: number): void => {
    if (Number.isInteger(found) && found >= 0 && found < count) return;
    const experiment = labelOf(intervention, model.network.attentions.length > 1);
    throw new ProblemError('intervention.beyond', { experiment, found: String(found), last: String(count - 1) });
  };
  if (intervention.kind === 'token') {
    within(intervention.token, lengths.text);
    return;
  }
  const attention = attentionOf(model, intervention.kind === 'positions' ? undefined : intervention.part);
  if (intervention.kind === 'positions') {
    if (!positionHooks(model).length) throw new ProblemError('intervention.noPositions', { name: model.info.name });
    return;
  }
  within(intervention.layer, attention.layers);
  if (intervention.kind === 'head') within(intervention.head, attention.heads);
  if (intervention.kind === 'neuron') within(intervention.index, shapeAtOnePosition(model, `${blockName(attention, intervention.layer)}.mlp.hook_post`)[2] ?? 0);
  if (intervention.kind === 'link') {
    for (const head of intervention.heads) within(head, attention.heads);
    within(intervention.query, lengths[attention.queries]);
    within(intervention.key, lengths[attention.keys]);
  }
}

/** @throws ProblemError `model.noAttention`, `model.otherAttention` */
function attentionOf({ info: { name }, network: { attentions } }: Model, part: AttentionPart | FeedForwardPart | undefined): NetworkAttention {
  const [first] = attentions;
  if (!first) throw new ProblemError('model.noAttention', { name });
  const found = part === undefined ? first : attentions.find((attention) => attention.part === part);
  if (!found) throw new ProblemError('model.otherAttention', { name, part: part ?? '', parts: attentions.map((attention) => attention.part).join(', ') });
  return found;
}

/** Whether any stands for a mean, which takes a run without interventions first. */
export const needsMeans = (interventions: readonly Intervention[]): boolean => interventions.some((one) => 'by' in one && one.by === 'mean');

/** Interventions on what is left of a text. */
export interface Remaining {
  /** Indices of the tokens that stay. */
  readonly kept: readonly number[];
  /** Those that are no tokens, their queries and keys counted in what stays; links of tokens that do not are gone with them. */
  readonly inside: readonly Inside[];
}

export function remaining({ network }: Model, tokens: number, interventions: readonly Intervention[]): Remaining {
  const left = new Set(interventions.flatMap((one) => (one.kind === 'token' ? [one.token] : [])));
  const kept = Array.from({ length: tokens }, (_, index) => index).filter((index) => !left.has(index));
  const now = new Map(kept.map((before, index): [number, number] => [before, index]));
  const inside = interventions.flatMap((one): Inside[] => {
    if (one.kind === 'token') return [];
    if (one.kind !== 'link') return [one];
    const attention = network.attentions.find(({ part }) => part === one.part);
    const moved = (index: number, sequence: Sequence | undefined): number | undefined => (sequence === 'text' ? now.get(index) : index);
    const [query, key] = [moved(one.query, attention?.queries), moved(one.key, attention?.keys)];
    return query === undefined || key === undefined ? [] : [{ ...one, query, key }];
  });
  return { kept, inside };
}

/** The tokens that stay, their words numbered without gaps again. */
export function remainingTokens(tokens: readonly Token[], kept: readonly number[]): Token[] {
  const words = new Map<number, number>();
  return kept.flatMap((index) => {
    const token = tokens[index];
    if (!token) return [];
    const word = words.get(token.word) ?? words.size;
    words.set(token.word, word);
    return [{ ...token, word }];
  });
}
