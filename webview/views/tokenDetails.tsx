/** The focused token in full: what it is, where it is, and what the tokenizer did. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { ModelInfo, Token } from '../../src/protocol.ts';
import { focused, shown, tokensOf } from '../store.ts';
import { visibleLabel } from '../visibleText.ts';
import { hexBytes, marksOf, type Mark } from './tokenFace.ts';

export function TokenDetails(): JSX.Element {
  const place = focused.value;
  const token = place && tokensOf(place.sequence)[place.token];
  const model = shown.value?.info.model;
  if (!place || !token) return <p class="details muted">{model ? hintText(model) : ''}</p>;
  const index = place.token;
  return (
    <p class="details">
      <span class="code strong">{visibleLabel(token.text)}</span>
      {tokenFacts(token, index).map(({ name, value }) => (
        <span key={name} class="fact">
          <span class="muted">{name}</span> {value}
        </span>
      ))}
      {marksOf(token).map((mark) => (
        <span key={mark} class="fact">
          {markText(mark, token)}
        </span>
      ))}
    </p>
  );
}

/** What pointing at a token shows; an encoder fills masks as well. */
function hintText({ kind, mask, predicts }: ModelInfo): string {
  if (predicts === 'masked' && mask !== null) return l10n.t('Point at a token: the model is asked with it masked. Write {0} in the text to leave a gap. Click to pin a token.', mask);
  if (kind === 'recurrent') return l10n.t('Point at a token to see what the model expects after it. Click to pin it.');
  return l10n.t('Point at a token to see what it attends to. Click to pin it.');
}

function tokenFacts(token: Token, index: number): { readonly name: string; readonly value: string }[] {
  return [
    { name: l10n.t('token'), value: String(index) },
    { name: l10n.t('id'), value: String(token.id) },
    ...(token.bytes.length > 0 ? [{ name: l10n.t('bytes'), value: hexBytes(token.bytes) }] : []),
    ...(token.end > token.start ? [{ name: l10n.t('range'), value: rangeText(token) }] : []),
    { name: l10n.t('word'), value: String(token.word) },
  ];
}

/** UTF-16 offsets in the text, the end excluded. */
export function rangeText(token: Token): string {
  return token.end > token.start ? `${token.start}–${token.end}` : '';
}

/** What is special about a token, in words. */
export function markText(mark: Mark, token: Token): string {
  switch (mark) {
    case 'added':
      return l10n.t('Added by the tokenizer.');
    case 'special':
      return l10n.t('A special token written out in the text.');
    case 'partial':
      return l10n.t('Part of a character.');
    case 'changed':
      return l10n.t('The model reads “{0}”.', visibleLabel(token.changed ?? ''));
    default:
      return mark satisfies never;
  }
}

/** Explains the marks that occur among `tokens`; nothing where none does. */
export function MarkLegend({ tokens }: { readonly tokens: readonly Token[] }): JSX.Element | null {
  const present = new Set(tokens.flatMap(marksOf));
  const names: Readonly<Record<Mark, string>> = {
    added: l10n.t('added by the tokenizer'),
    special: l10n.t('special token'),
    partial: l10n.t('part of a character'),
    changed: l10n.t('changed by the tokenizer'),
  };
  const marks = (['added', 'special', 'partial', 'changed'] as const).filter((mark) => present.has(mark));
  if (marks.length === 0) return null;
  return (
    <span class="legend">
      {marks.map((mark) => (
        <span key={mark} class="muted">
          <span class={`chip sample ${mark}`} aria-hidden="true">
            ab
          </span>
          {names[mark]}
        </span>
      ))}
    </span>
  );
}
