/** How what is written differs from what was written before, token by token. */
import { diffArrays } from 'diff';
import type { Token } from '../src/protocol.ts';
import { spelled } from './units.ts';

/** A stretch of text that both have, that is new, or that is gone. */
export interface TextChange {
  readonly kind: 'same' | 'new' | 'gone';
  readonly text: string;
}

/** By the longest common subsequence of token ids (Myers 1986). Of a text that is not whole yet nothing is gone at its end. */
export function textChanges(before: readonly Token[], after: readonly Token[], whole: boolean): TextChange[] {
  const [was, is] = [cutter(before), cutter(after)];
  const changes = diffArrays(was.ids, is.ids).map(({ added, removed, count }): TextChange => {
    if (removed) return { kind: 'gone', text: was.take(count) };
    if (added) return { kind: 'new', text: is.take(count) };
    was.take(count);
    return { kind: 'same', text: is.take(count) };
  });
  // What comes next may still be what is missing.
  const end = whole ? changes.length : changes.findLastIndex(({ kind }) => kind !== 'gone') + 1;
  return changes.slice(0, end).filter(({ text }) => text !== '');
}

/** Takes the text of tokens one stretch after another; tokens that stand for no text are passed over. */
function cutter(tokens: readonly Token[]): { readonly ids: number[]; take(count: number): string } {
  const own = tokens.filter(({ origin }) => origin === 'text');
  const text = spelled(tokens);
  let [index, shownTo] = [0, 0];
  return {
    ids: own.map(({ id }) => id),
    take(count) {
      const stretch = own.slice(index, (index += count));
      // A character of several tokens belongs to the first of them.
      return stretch.map(({ start, end }) => text.slice(Math.max(start, shownTo), (shownTo = Math.max(shownTo, end)))).join('');
    },
  };
}
