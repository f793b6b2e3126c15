/** The list of experiments as a value: what is added, switched and taken out, and what of it fits a model and a text. */
import type { AttentionPart, Experiment, Intervention, ModelInfo, Replacement } from '../src/protocol.ts';

export type Experiments = readonly Experiment[];

/** What an intervention is about, however it is done: two of the same subject are one thing switched off. */
export function subjectOf(intervention: Intervention): string {
  switch (intervention.kind) {
    case 'head':
      return `head ${intervention.part} ${intervention.layer} ${intervention.head}`;
    case 'attention':
    case 'feedForward':
      return `${intervention.kind} ${intervention.part} ${intervention.layer}`;
    case 'neuron':
      return `neuron ${intervention.part} ${intervention.layer} ${intervention.index}`;
    case 'token':
      return `token ${intervention.token}`;
    case 'link':
      return `link ${intervention.part} ${intervention.layer} ${intervention.heads.join('+')} ${intervention.query} ${intervention.key}`;
    case 'positions':
      return 'positions';
    default:
      return intervention satisfies never;
  }
}

/** Adds at the end. What is there already is switched over; a link that is there in the other way is cut in this one. */
export function added(list: Experiments, intervention: Intervention): Experiments {
  const subject = subjectOf(intervention);
  const at = list.findIndex((one) => subjectOf(one.intervention) === subject);
  const there = list[at];
  if (!there) return [...list, { name: null, on: true, intervention }];
  const other = intervention.kind === 'link' && there.intervention.kind === 'link' && intervention.renormalise !== there.intervention.renormalise;
  return changed(list, at, other ? { intervention, on: true } : { on: !there.on });
}

/** All of them: those that are missing or off come on; where all are on already, all go off. */
export function addedTogether(list: Experiments, interventions: readonly Intervention[]): Experiments {
  const all = interventions.every((one) => isOn(list, one));
  const wanted = interventions.filter((one) => all || !isOn(list, one));
  return wanted.reduce(added, list);
}

export const isOn = (list: Experiments, intervention: Intervention): boolean => list.some((one) => one.on && subjectOf(one.intervention) === subjectOf(intervention));

export const changed = (list: Experiments, at: number, change: Partial<Experiment>): Experiments => list.map((one, index) => (index === at ? { ...one, ...change } : one));

export const removed = (list: Experiments, at: number): Experiments => list.filter((_, index) => index !== at);

/** An empty name is none. */
export const renamed = (list: Experiments, at: number, name: string): Experiments => changed(list, at, { name: name.trim() === '' ? null : name.trim() });

/** What stands in its place; of tokens and links nothing does. */
export function replacedBy(list: Experiments, at: number, by: Replacement): Experiments {
  const one = list[at];
  return one && 'by' in one.intervention ? changed(list, at, { intervention: { ...one.intervention, by } }) : list;
}

/** What is switched off. */
export const interventionsOf = (list: Experiments): Intervention[] => list.filter(({ on }) => on).map(({ intervention }) => intervention);

/**
 * Those that a model has, on a text of so many tokens; of another text those that name no tokens. The very same list
 * where all fit.
 */
export function fitting(list: Experiments, model: ModelInfo, tokens: number, sameText: boolean): Experiments {
  const fits = list.filter(({ intervention }) => (sameText || !namesTokens(intervention)) && isIn(intervention, model, tokens));
  return fits.length === list.length ? list : fits;
}

export const namesTokens = ({ kind }: Intervention): boolean => kind === 'token' || kind === 'link';

function isIn(intervention: Intervention, { attentions, door, kind }: ModelInfo, tokens: number): boolean {
  if (door === 'onnx') return false;
  if (intervention.kind === 'token') return intervention.token < tokens;
  if (intervention.kind === 'positions') return kind !== 'recurrent';
  const attention = attentions.find(({ part }) => part === intervention.part);
  if (!attention || intervention.layer >= attention.layers) return false;
  if (intervention.kind === 'head') return intervention.head < attention.heads;
  if (intervention.kind !== 'link') return true;
  // What a decoder writes may come to be that long.
  const within = (index: number, sequence: 'text' | 'output'): boolean => sequence === 'output' || index < tokens;
  return intervention.heads.every((head) => head < attention.heads) && within(intervention.query, attention.queries) && within(intervention.key, attention.keys);
}

/** Heads of a layer that are switched off, alone or with all of the layer's attention. */
export function headsOff(interventions: readonly Intervention[], part: AttentionPart, heads: number): (layer: number, head: number) => boolean {
  const off = new Set(interventions.flatMap((one) => {
    if (one.kind === 'head' && one.part === part) return [`${one.layer}.${one.head}`];
    return one.kind === 'attention' && one.part === part ? Array.from({ length: heads }, (_, head) => `${one.layer}.${head}`) : [];
  }));
  return (layer, head) => off.has(`${layer}.${head}`);
}

/** Links of a layer that are cut. */
export const cutIn = (list: Experiments, part: AttentionPart, layer: number): Extract<Intervention, { readonly kind: 'link' }>[] =>
  interventionsOf(list).flatMap((one) => (one.kind === 'link' && one.part === part && one.layer === layer ? [one] : []));
