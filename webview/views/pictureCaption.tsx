/** Below the picture: what it leaves out, and how much attention the first token takes. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import { pattern } from '../answers.ts';
import { measureOf } from '../asks.ts';
import { difference } from '../differenceAnswers.ts';
import { showing, wanted } from '../experimentRun.ts';
import { tokensOff } from '../experiments.ts';
import { sharingText } from '../graphs/keyGroups.ts';
import { countText, percentText } from '../graphs/percent.ts';
import { headsText, hiddenStatement, sinkStatement } from '../graphs/sentences.ts';
import { attention, keys, queries, shown, view } from '../store.ts';
import { drawnFocus, drawnLinks } from './drawnAttention.ts';

export function PictureCaption(): JSX.Element {
  const sentences = [comparedText(), ...(showing.value === 'difference' ? changeSentences() : view.value.picture === 'graph' ? graphSentences() : mapSentences())];
  return (
    <p class="picture-caption muted">
      {sentences.filter((sentence) => sentence !== '').map((sentence) => (
        <span key={sentence}>{sentence} </span>
      ))}
    </p>
  );
}

/** With or without which experiments. */
function comparedText(): string {
  const count = wanted.value.length;
  if (count === 0) return '';
  switch (showing.value) {
    case 'before':
      return l10n.t('Shown is the run without the experiments.');
    case 'after':
      return [count === 1 ? l10n.t('Shown is the run with 1 experiment.') : l10n.t('Shown is the run with {0} experiments.', count), outputText()].join(' ').trim();
    case 'difference':
      return [count === 1 ? l10n.t('Shown is what 1 experiment changes: weights after it less those before.') : l10n.t('Shown is what {0} experiments change: weights after them less those before.', count), outputText()].join(' ').trim();
    default:
      return showing.value satisfies never;
  }
}

function outputText(): string {
  return shown.value?.info.model.kind === 'encoder-decoder' ? l10n.t('The output is kept as it was.') : '';
}

function changeSentences(): string[] {
  const { last } = difference.value;
  if (!last) return [];
  const { hidden, hiddenShare, change } = last.value;
  const { layer, heads, average } = last.ask;
  return [
    view.value.picture === 'map' && average ? l10n.t('The map shows {0}; choose one head with [ and ].', headsText(layer, heads, average)) : '',
    change.length === 0 && hidden === 0 ? l10n.t('Nothing changes here: what is switched off does not reach the attention of this layer.') : '',
    view.value.picture === 'graph' && hidden > 0 ? l10n.t('{0} links that change less are hidden; they carry {1} of all change.', countText(hidden), percentText(hiddenShare)) : '',
    tokensOff.value.size > 0 ? l10n.t('Tokens that are left out have nothing to be compared with.') : '',
    keysText(),
  ];
}

function graphSentences(): string[] {
  const links = drawnLinks.value?.value ?? null;
  const focus = drawnFocus.value?.focus ?? null;
  return [measureText(), directionText(), hiddenStatement(links, focus), sinkStatement(links, focus, queries.value === keys.value), sinkText(), keysText()];
}

function mapSentences(): string[] {
  const { last } = pattern.value;
  if (!last) return [];
  const { layer, heads, average } = last.ask;
  return [
    average && last.ask.measure !== 'rollout' ? l10n.t('The map shows {0}; choose one head with [ and ].', headsText(layer, heads, average)) : '',
    measureText(),
    l10n.t('{0} of all attention is on the first token.', percentText(last.value.sinkShare)),
    sinkText(),
    keysText(),
  ];
}

/** What is drawn, where it is not attention itself, and of which layers. */
function measureText(): string {
  const of = attention.value;
  const { layer } = view.value;
  if (!of) return '';
  switch (measureOf(view.value, of)) {
    case 'weight':
      return '';
    case 'valueNorm':
      return l10n.t('Drawn is attention of layer {0} times the length of the value it hands on, each row scaled to 100 % (after Kobayashi and others, 2020; here before the output matrix).', layer);
    case 'rollout':
      return layer === 0 ? l10n.t('Drawn is the rollout of layer 0: the mean of all heads, half of it the token itself (Abnar and Zuidema, 2020).') : l10n.t('Drawn is the rollout of layers 0 to {0}: the mean of all heads, half of each layer the token itself, multiplied up the layers (Abnar and Zuidema, 2020).', layer);
  }
}

/** Which way links go, where it is not only back. */
function directionText(): string {
  const of = attention.value;
  if (!of || of.causal) return '';
  return of.queries === of.keys
    ? l10n.t('Links go both ways: each token attends to tokens before and after it, with a dot where it looks.')
    : l10n.t('Links go from the output to the text, with a dot where a token looks.');
}

function keysText(): string {
  return attention.value ? sharingText(attention.value) : '';
}

/** What was done about the first token. */
function sinkText(): string {
  switch (view.value.sink) {
    case 'show':
      return '';
    case 'dim':
      return l10n.t('It is drawn faintly.');
    case 'remove':
      return l10n.t('It is left out, and the rest of each row is scaled up to 100 %.');
    default:
      return view.value.sink satisfies never;
  }
}
