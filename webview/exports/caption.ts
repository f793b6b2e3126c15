/** What every export says of itself: model, layer and heads, normalisation, experiments, and what is hidden. */
import * as l10n from '@vscode/l10n';
import type { PictureName, ViewState } from '../../src/protocol.ts';
import { attentionOf, measureOf } from '../asks.ts';
import { experimentLabel } from '../experimentLabel.ts';
import { partText, whoseText } from '../graphs/sentences.ts';
import { groupOf } from '../pictures.ts';
import { attention, shown, subject, tokensOf, view } from '../store.ts';
import type { About } from './tableFiles.ts';

/** A part of the page that is exported: a picture, the bars of a prediction, the grid of heads, or the text as tokens. */
export type Exported = PictureName | 'prediction' | 'heads' | 'text';

const isOfAttention = (of: Exported): boolean => of !== 'prediction' && of !== 'heads' && of !== 'text' && groupOf(of) === 'attention';

/**
 * @param label what it is called
 * @param said what the page says below it: what it leaves out
 */
export function captionOf(of: Exported, label: string, said: string): string {
  const info = shown.value?.info;
  if (!info) return label;
  const { model, window } = info;
  const sentences = [
    l10n.t('{0} ({1}): {2}.', model.name, model.kind, label),
    isOfAttention(of) ? attentionText() : '',
    window.end - window.start < window.total ? l10n.t('Tokens {0} to {1} of {2}.', window.start + 1, window.end, window.total) : '',
    experimentsText(),
    said,
    l10n.t('Text: “{0}”', short(subject.value?.text ?? '')),
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

/** Which heads, and how their rows were normalised. */
export function attentionText(): string {
  const of = attention.value;
  if (!of) return '';
  const { sink, unit, percent, picture } = view.value;
  const { layer, heads, average } = attentionOf(view.value, of);
  const several = (shown.value?.info.model.attentions.length ?? 0) > 1;
  return [
    l10n.t('Shown: {0}.', whoseText(several ? of.part : null, layer, heads, average)),
    several ? l10n.t('Part: {0}.', partText(of.part)) : '',
    sink === 'remove' ? l10n.t('The first token is left out and each row scaled up to 1.') : l10n.t('Each row sums to 1.'),
    unit === 'word' ? l10n.t('Pieces are merged to words.') : '',
    picture === 'graph' ? l10n.t('Links carry {0} % of each row.', percent) : '',
  ].filter((sentence) => sentence !== '').join(' ');
}

function experimentsText(): string {
  const on = view.value.experiments.filter((experiment) => experiment.on);
  if (on.length === 0) return l10n.t('Nothing is switched off.');
  const names = on.map(({ name, intervention }) => name ?? labelOf(intervention)).join('; ');
  return view.value.showing === 'before' ? l10n.t('Shown without the experiments: {0}.', names) : view.value.showing === 'after' ? l10n.t('Switched off: {0}.', names) : l10n.t('What switching off changes: {0}.', names);
}

function labelOf(intervention: ViewState['experiments'][number]['intervention']): string {
  const model = shown.value?.info.model;
  return model ? experimentLabel(intervention, model, tokensOf) : intervention.kind;
}

/** So much of a text names it. */
const mostText = 200;
const short = (text: string): string => (text.length > mostText ? `${text.slice(0, mostText)}…` : text);

/** The same for programs, with all of the text. */
export function aboutOf(exported: Exported, caption: string): About {
  const info = shown.value?.info;
  const { sink, percent, showing, experiments } = view.value;
  const of = attention.value;
  return {
    caption,
    model: info && { name: info.model.name, kind: info.model.kind, precision: info.model.precision },
    text: subject.value?.text,
    window: info?.window,
    picture: exported,
    ...(isOfAttention(exported) && of ? { ...attentionOf(view.value, of), measure: measureOf(view.value, of), sink, percent } : {}),
    showing,
    experiments: experiments.filter(({ on }) => on),
  };
}
