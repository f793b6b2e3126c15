/** Below the picture: what it leaves out, and how much attention the first token takes. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import { pattern } from '../answers.ts';
import { sharingText } from '../graphs/keyGroups.ts';
import { percentText } from '../graphs/percent.ts';
import { headsText, hiddenStatement, sinkStatement } from '../graphs/sentences.ts';
import { attention, keys, queries, view } from '../store.ts';
import { drawnFocus, drawnLinks } from './drawnAttention.ts';

export function PictureCaption(): JSX.Element {
  const sentences = view.value.picture === 'graph' ? graphSentences() : mapSentences();
  return (
    <p class="picture-caption muted">
      {sentences.filter((sentence) => sentence !== '').map((sentence) => (
        <span key={sentence}>{sentence} </span>
      ))}
    </p>
  );
}

function graphSentences(): string[] {
  const links = drawnLinks.value?.value ?? null;
  const focus = drawnFocus.value?.focus ?? null;
  return [directionText(), hiddenStatement(links, focus), sinkStatement(links, focus, queries.value === keys.value), sinkText(), keysText()];
}

function mapSentences(): string[] {
  const { last } = pattern.value;
  if (!last) return [];
  const { layer, heads, average } = last.ask;
  return [
    average ? l10n.t('The map shows {0}; choose one head with [ and ].', headsText(layer, heads, average)) : '',
    l10n.t('{0} of all attention is on the first token.', percentText(last.value.sinkShare)),
    sinkText(),
    keysText(),
  ];
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
