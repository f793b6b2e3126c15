/** Heads chosen by what they do: "induction > 0.6", "previous >= .5 and entropy < 30 %". */
import * as l10n from '@vscode/l10n';
import type { HeadScores } from '../src/protocol.ts';

export type HeadTest = (head: HeadNumbers) => boolean;

/** What can be compared: a head's scores and its place. */
export type HeadNumbers = HeadScores & { readonly layer: number; readonly head: number };

export type HeadFilter =
  | { readonly state: 'none' }
  | { readonly state: 'ready'; readonly test: HeadTest }
  /** What is wrong, in a sentence. */
  | { readonly state: 'wrong'; readonly sentence: string };

const names = ['entropy', 'first', 'previous', 'self', 'same', 'induction', 'punctuation', 'distance', 'layer', 'head'] as const satisfies readonly (keyof HeadNumbers)[];

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '≥': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '≤': (a, b) => a <= b,
  '=': (a, b) => a === b,
};

const comparison = /^\s*(\p{L}+)\s*(>=|<=|[<>=≥≤])\s*(\d*[.,]?\d+)\s*(%?)\s*$/u;

/** Comparisons joined by "and" and "or", of which "and" binds tighter. A head without a score passes no comparison of it. */
export function headFilter(text: string): HeadFilter {
  if (text.trim() === '') return { state: 'none' };
  const alternatives: HeadTest[][] = [];
  for (const alternative of text.split(/\bor\b|\|\|?/iu)) {
    const all: HeadTest[] = [];
    for (const term of alternative.split(/\band\b|&&?/iu)) {
      const test = termOf(term);
      if (typeof test === 'string') return { state: 'wrong', sentence: test };
      all.push(test);
    }
    alternatives.push(all);
  }
  return { state: 'ready', test: (head) => alternatives.some((all) => all.every((test) => test(head))) };
}

/** The test, or what is wrong with it. */
function termOf(term: string): HeadTest | string {
  const [, word = '', operator = '', digits = '', percent = ''] = comparison.exec(term) ?? [];
  const compare = comparisons[operator];
  if (!compare) return term.trim() === '' ? l10n.t('A comparison is missing, such as induction > 0.6.') : l10n.t('“{0}” is no comparison such as induction > 0.6.', term.trim());
  const name = names.find((known) => known === word.toLowerCase());
  if (name === undefined) return l10n.t('“{0}” is no score; these are: {1}.', word, names.join(', '));
  const value = Number(digits.replace(',', '.')) / (percent ? 100 : 1);
  return (head) => compare(head[name], value);
}
