/** What an experiment is called where the user has not named it. */
import * as l10n from '@vscode/l10n';
import type { Intervention, ModelInfo, Sequence, Token } from '../src/protocol.ts';
import { headsText, partText } from './graphs/sentences.ts';
import { visibleLabel } from './visibleText.ts';

export type TokensOf = (sequence: Sequence) => readonly Token[];

/** "Layer 3, head 5", of a model with several attentions with the part in front. */
export function experimentLabel(intervention: Intervention, model: ModelInfo, tokensOf: TokensOf): string {
  if (intervention.kind === 'token') return l10n.t('Token {0} left out', placed(tokensOf('text'), intervention.token));
  if (intervention.kind === 'positions') return l10n.t('Positions of the tokens');
  const { part, layer } = intervention;
  const within = (text: string): string => (model.attentions.length > 1 ? l10n.t('{0}, {1}', partText(part), text) : text);
  switch (intervention.kind) {
    case 'head':
      return within(l10n.t('layer {0}, head {1}', layer, intervention.head));
    case 'attention':
      return within(l10n.t('layer {0}, whole attention', layer));
    case 'feedForward':
      return within(l10n.t('layer {0}, feed-forward part', layer));
    case 'neuron':
      return within(l10n.t('layer {0}, neuron {1}', layer, intervention.index));
    case 'link': {
      const of = model.attentions.find((attention) => attention.part === part);
      const ends = l10n.t('{0} → {1}', placed(tokensOf(of?.queries ?? 'text'), intervention.query), placed(tokensOf(of?.keys ?? 'text'), intervention.key));
      return within(l10n.t('{0}, link {1}', headsText(layer, intervention.heads, false), ends));
    }
    default:
      return intervention satisfies never;
  }
}

function placed(tokens: readonly Token[], index: number): string {
  return l10n.t('“{0}” ({1})', visibleLabel(tokens[index]?.text ?? ''), index);
}
