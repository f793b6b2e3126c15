/** Measurements in words, for the learner: what was measured, of which model. */
import * as l10n from '@vscode/l10n';
import { elsewhereOf, isModelFact, type Measurement, type MeasurementOf, type ScoreName } from './measurement.ts';

/** @param usual the model that is measured where the measurement names none */
export function measurementWords(measured: Measurement, usual: string): string {
  const what = words(measured);
  const { experiments } = elsewhereOf(measured);
  const model = elsewhereOf(measured).model ?? usual;
  return experiments?.length ? l10n.t('{0} ({1}, with something switched off)', what, model) : l10n.t('{0} ({1})', what, model);
}

function words(m: Measurement): string {
  if (isModelFact(m)) return factWords(m.model);
  if ('probability' in m) return m.sampling ? l10n.t('Probability with which “{0}” is drawn {1}', m.probability, place(m)) : l10n.t('Probability of “{0}” {1}', m.probability, place(m));
  if ('logprob' in m) return l10n.t('Log-probability of “{0}” {1}', m.logprob, place(m));
  if ('logit' in m) return l10n.t('Logit of “{0}” {1}', m.logit, place(m));
  if ('rank' in m) return l10n.t('Rank of “{0}” {1}', m.rank, place(m));
  if ('likeliest' in m) return l10n.t('Likeliest token after “{0}”', spoken(m.likeliest));
  if ('entropy' in m) return l10n.t('Entropy of the prediction after “{0}”, in bits', spoken(m.entropy));
  if ('kept' in m) return l10n.t('Tokens that are kept after “{0}”', spoken(m.kept));
  if ('surprisal' in m) return l10n.t('Surprisal of “{0}”, in bits', spoken(m.surprisal));
  if ('attention' in m) return linkWords(m.attention, l10n.t('Weight of the link from “{0}” to “{1}”', spoken(m.attention.from), spoken(m.attention.to)));
  if ('dot' in m) return linkWords(m.dot, l10n.t('Product q·k of “{0}” and “{1}”', spoken(m.dot.from), spoken(m.dot.to)));
  if ('scaled' in m) return linkWords(m.scaled, l10n.t('Score of “{1}” for “{0}”, before softmax', spoken(m.scaled.from), spoken(m.scaled.to)));
  if ('score' in m) return typeof m.score === 'string' ? scoreWords(m.score) : linkWords(m.score, scoreWords(m.score.of));
  if ('tokens' in m) return m.tokens === 'text' ? l10n.t('Tokens of the text') : l10n.t('Tokens of the output');
  if ('id' in m) return l10n.t('Id of “{0}”', spoken(m.id));
  if ('bytes' in m) return l10n.t('Bytes of “{0}”', spoken(m.bytes));
  if ('influence' in m) return l10n.t('Influence of “{0}” on the prediction after “{1}”, in bits', spoken(m.influence), spoken(m.at));
  if ('effect' in m) return effectWords(m.effect, m.token);
  if ('share' in m) return l10n.t('Share in the logit of “{0}” {1}', m.token, place(m));
  if (('lens' in m || 'lensLikeliest' in m) && m.part === 'encoder') return encoderWords(m);
  if ('lens' in m) return m.of === 'rank' ? l10n.t('Rank of “{0}” after layer {1} (logit lens)', m.lens, m.layer) : l10n.t('Probability of “{0}” after layer {1} (logit lens)', m.lens, m.layer);
  if ('lensLikeliest' in m) return l10n.t('Likeliest token after layer {0} (logit lens)', m.lensLikeliest);
  if ('neuron' in m) return l10n.t('Activation of neuron {0} of layer {1} at “{2}”', m.neuron.index, m.neuron.layer, spoken(m.neuron.at));
  if ('cosine' in m) return l10n.t('Cosine of the embeddings of “{0}” and “{1}”', m.cosine[0], m.cosine[1]);
  if ('variance' in m) return l10n.t('Share of the variance that the plane holds');
  if ('similarity' in m) return l10n.t('Cosine of the vectors of positions {0} and {1}', m.similarity[0], m.similarity[1]);
  return l10n.t('What the decoder writes');
}

/** A token as it is written in lessons, without what only tells the parser where it is. */
function spoken(token: string): string {
  return token.replace(/^(text|output):/, '').replace(/#1$/, '');
}

/** No token is predicted there: one is told of the token that is read. */
function encoderWords(m: MeasurementOf<'lens' | 'lensLikeliest'>): string {
  const written = m.at ?? m.after;
  const where = written === undefined ? l10n.t('at the end') : l10n.t('at “{0}”', spoken(written));
  if ('lensLikeliest' in m) return l10n.t('Likeliest token {1} after layer {0} of the encoder (logit lens)', m.lensLikeliest, where);
  return m.of === 'rank' ? l10n.t('Rank of “{0}” {2} after layer {1} of the encoder (logit lens)', m.lens, m.layer, where) : l10n.t('Probability of “{0}” {2} after layer {1} of the encoder (logit lens)', m.lens, m.layer, where);
}

function place({ after, at }: { readonly after?: string; readonly at?: string }): string {
  if (at !== undefined) return l10n.t('in place of “{0}”', spoken(at));
  return after === undefined ? l10n.t('at the end') : l10n.t('after “{0}”', spoken(after));
}

function linkWords({ layer, head }: { readonly layer?: number; readonly head?: number }, what: string): string {
  return layer === undefined || head === undefined ? what : l10n.t('{0}, head {1} of layer {2}', what, head, layer);
}

export function scoreWords(score: ScoreName): string {
  switch (score) {
    case 'previous':
      return l10n.t('Previous-token score');
    case 'same':
      return l10n.t('Same-token score');
    case 'self':
      return l10n.t('Own-token score');
    case 'first':
      return l10n.t('First-token score');
    case 'entropy':
      return l10n.t('Entropy score');
    case 'induction':
      return l10n.t('Induction score');
    case 'punctuation':
      return l10n.t('Punctuation score');
    case 'distance':
      return l10n.t('Mean distance in tokens');
    default:
      return score satisfies never;
  }
}

function effectWords(effect: 'probability' | 'logprob' | 'logitDifference' | 'divergence', token: string | undefined): string {
  switch (effect) {
    case 'probability':
      return token === undefined ? l10n.t('Change of the likeliest token’s probability') : l10n.t('Change of the probability of “{0}”', token);
    case 'logprob':
      return token === undefined ? l10n.t('Change of the likeliest token’s log-probability') : l10n.t('Change of the log-probability of “{0}”', token);
    case 'logitDifference':
      return l10n.t('Change of the logit difference');
    case 'divergence':
      return l10n.t('Divergence of the prediction from that before, in bits');
    default:
      return effect satisfies never;
  }
}

function factWords(fact: MeasurementOf<'model'>['model']): string {
  switch (fact) {
    case 'layers':
      return l10n.t('Layers of the model');
    case 'heads':
      return l10n.t('Heads of a layer');
    case 'width':
      return l10n.t('Width of the residual stream');
    case 'headWidth':
      return l10n.t('Width of a head');
    case 'parameters':
      return l10n.t('Parameters of the model');
    case 'vocabulary':
      return l10n.t('Tokens of the vocabulary');
    case 'positions':
      return l10n.t('Tokens that the model can see at once');
    case 'feedForward':
      return l10n.t('Neurons of a layer');
    case 'kind':
      return l10n.t('Kind of the model');
    case 'positionKind':
      return l10n.t('How positions are told apart');
    default:
      return fact satisfies never;
  }
}
