/** What is true of the model that is shown, in sentences. */
import * as l10n from '@vscode/l10n';
import type { ModelInfo, PositionsAnswer } from '../../src/protocol.ts';
import { countText } from '../graphs/percent.ts';
import { roughText } from '../numbers.ts';

/** @param positions how it tells positions apart, where that is known */
export function modelFacts(model: ModelInfo, positions: PositionsAnswer['kind'] | null): string[] {
  return [kindFact(model), sizeFact(model), vocabularyFact(model), ...(positions ? [positionFact(positions)] : [])];
}

function positionFact(kind: PositionsAnswer['kind']): string {
  switch (kind) {
    case 'learned':
      return l10n.t('Its positions are learned: a vector for each, added to that of the token.');
    case 'sinusoidal':
      return l10n.t('Its positions are sinusoidal: fixed waves, added to the vector of the token.');
    case 'rotary':
      return l10n.t('Its positions are rotary: queries and keys are turned by an angle that grows with the position.');
    case 'relative':
      return l10n.t('Its positions are relative: each distance between two tokens adds to their score.');
    default:
      return kind satisfies never;
  }
}

function kindFact({ kind, name }: ModelInfo): string {
  switch (kind) {
    case 'decoder':
      return l10n.t('{0} is decoder-only: each token sees itself and what comes before it.', name);
    case 'encoder':
      return l10n.t('{0} is an encoder: each token sees the whole text, to both sides.', name);
    case 'encoder-decoder':
      return l10n.t('{0} is an encoder with a decoder: one reads the whole text, the other writes token by token.', name);
    case 'recurrent':
      return l10n.t('{0} is a recurrent network: it reads one token after the other and has no attention.', name);
    default:
      return kind satisfies never;
  }
}

function sizeFact({ attentions, heads, kind, layers, parameters, width }: ModelInfo): string {
  const [numbers, weights] = [countText(width), roughText(parameters)];
  if (kind === 'recurrent') return l10n.t('It has {0} layers, a state of {1} numbers in each, and about {2} parameters.', layers, numbers, weights);
  if (attentions.length > 1) return l10n.t('It has {0} layers in its encoder and {1} in its decoder, {2} heads in each layer, {3} numbers for each token, and about {4} parameters.', attentions[0]?.layers ?? 0, layers, heads, numbers, weights);
  return l10n.t('It has {0} layers, {1} heads in each, {2} numbers for each token, and about {3} parameters.', layers, heads, numbers, weights);
}

function vocabularyFact({ positions, vocabulary }: ModelInfo): string {
  return l10n.t('Its vocabulary has {0} tokens, and it sees at most {1} of them at once.', countText(vocabulary), countText(positions));
}
