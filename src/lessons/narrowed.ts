/** Measurements with a head or a token put in where a check leaves them to the learner, and the bounds of what is wanted. */
import * as l10n from '@vscode/l10n';
import type { AttentionPart } from '../protocol.ts';
import type { Bounds } from './blockSchemas.ts';
import type { Value } from './measure.ts';
import type { Measurement } from './measurement.ts';

export interface HeadPlace {
  readonly part: AttentionPart;
  readonly layer: number;
  readonly head: number;
}

/** The measurement of one head; one that is of no head stays as it is. */
export function withHead(template: Measurement, { part, layer, head }: HeadPlace): Measurement {
  const place = { part, layer, head };
  if ('score' in template) return { ...template, score: { ...place, of: typeof template.score === 'string' ? template.score : template.score.of } };
  if ('attention' in template) return { ...template, attention: { ...template.attention, ...place } };
  if ('dot' in template) return { ...template, dot: { ...template.dot, ...place } };
  if ('scaled' in template) return { ...template, scaled: { ...template.scaled, ...place } };
  if ('share' in template) return { ...template, share: 'head', layer, head };
  return template;
}

/** What stands in a measurement for the token that is looked for. */
const any = 'any';

/** The measurement with a token where it says `any`. */
export function withToken(template: Measurement, token: string): Measurement {
  const put = (written: string): string => (written === any ? token : written);
  if ('surprisal' in template) return { ...template, surprisal: put(template.surprisal) };
  if ('entropy' in template) return { ...template, entropy: put(template.entropy) };
  if ('influence' in template) return { ...template, influence: put(template.influence), at: put(template.at) };
  if ('attention' in template) return { ...template, attention: { ...template.attention, from: put(template.attention.from), to: put(template.attention.to) } };
  if ('dot' in template) return { ...template, dot: { ...template.dot, from: put(template.dot.from), to: put(template.dot.to) } };
  if ('scaled' in template) return { ...template, scaled: { ...template.scaled, from: put(template.scaled.from), to: put(template.scaled.to) } };
  if ('neuron' in template) return { ...template, neuron: { ...template.neuron, at: put(template.neuron.at) } };
  if ('probability' in template && template.after !== undefined) return { ...template, after: put(template.after) };
  if ('share' in template && template.from !== undefined) return { ...template, from: put(template.from) };
  return template;
}

/** Whether a value keeps to its bounds; a text keeps to none. */
export function within(value: Value, { above, below }: Bounds): boolean {
  if (above === undefined && below === undefined) return true;
  return typeof value === 'number' && (above === undefined || value > above) && (below === undefined || value < below);
}

export function boundsWords({ above, below }: Bounds): string {
  if (above !== undefined && below !== undefined) return l10n.t('wanted: between {0} and {1}', above, below);
  if (above !== undefined) return l10n.t('wanted: above {0}', above);
  return l10n.t('wanted: below {0}', below ?? '');
}
