import * as l10n from '@vscode/l10n';

/** Graphemes of the text that a tab shows. */
const shown = 24;

/** Title of a panel's tab: how its text starts. */
export function panelTitle(text: string | null): string {
  const start = text === null ? '' : opening(text);
  return start === '' ? l10n.t('Attention') : l10n.t('Attention: {0}', start);
}

/** The first words in one line, never with half a character. */
function opening(text: string): string {
  const line = text.slice(0, 400).replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  const graphemes = [...new Intl.Segmenter().segment(line)].map(({ segment }) => segment);
  return graphemes.length > shown ? `${graphemes.slice(0, shown).join('').trimEnd()}…` : line;
}
