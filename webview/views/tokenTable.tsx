/** All tokens with everything that is known of them. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { Token } from '../../src/protocol.ts';
import { countText } from '../graphs/percent.ts';
import { decimalText, signedText } from '../numbers.ts';
import { view } from '../store.ts';
import { bitsAfter, bitsBefore, ranksBefore } from '../surprisalAnswers.ts';
import { DataTable, type Column } from '../ui/dataTable.tsx';
import { visibleLabel } from '../visibleText.ts';
import { markText, rangeText } from './tokenDetails.tsx';
import { hexBytes, marksOf } from './tokenFace.ts';

interface Row {
  readonly token: Token;
  readonly index: number;
}

export interface TokenTableProps {
  readonly caption: string;
  readonly tokens: readonly Token[];
  /** Columns of `surprisalColumns`, for the text that they are about. */
  readonly surprisal?: readonly Column<Row>[];
}

export function TokenTable({ caption, tokens, surprisal = [] }: TokenTableProps): JSX.Element {
  return (
    <DataTable
      caption={caption}
      rows={tokens.map((token, index) => ({ token, index }))}
      columns={[
        { title: l10n.t('Token'), cell: ({ index }) => String(index), value: ({ index }) => index, numeric: true, heads: true },
        { title: l10n.t('Text'), cell: ({ token }) => visibleLabel(token.text), value: ({ token }) => token.text, code: true },
        { title: l10n.t('Id'), cell: ({ token }) => String(token.id), value: ({ token }) => token.id, numeric: true },
        ...surprisal,
        { title: l10n.t('Bytes'), cell: ({ token }) => hexBytes(token.bytes), code: true },
        { title: l10n.t('Range'), cell: ({ token }) => rangeText(token), numeric: true },
        { title: l10n.t('Word'), cell: ({ token }) => String(token.word), value: ({ token }) => token.word, numeric: true },
        { title: l10n.t('Notes'), cell: ({ token }) => marksOf(token).map((mark) => markText(mark, token)).join(' ') },
      ]}
    />
  );
}

/** How surprising each token is, while the text is shaded by that; with experiments also after them. */
export function surprisalColumns(): Column<Row>[] {
  const [was, is, ranks] = [bitsBefore.value, bitsAfter.value, ranksBefore.value];
  if (!view.value.surprisal || !was || !ranks) return [];
  const bits = (title: string, of: (index: number) => number, text: (value: number, digits: number) => string): Column<Row> => ({
    title,
    cell: ({ index }) => (Number.isNaN(of(index)) ? '' : text(of(index), 2)),
    value: ({ index }) => of(index),
    numeric: true,
  });
  const [before, after] = [(index: number): number => was[index] ?? NaN, (index: number): number => is?.[index] ?? NaN];
  return [
    bits(l10n.t('Surprisal, bits'), before, decimalText),
    { title: l10n.t('Rank'), cell: ({ index }) => (ranks[index] ? countText(ranks[index]) : ''), value: ({ index }) => ranks[index] || null, numeric: true },
    ...(is ? [bits(l10n.t('With the experiments, bits'), after, decimalText), bits(l10n.t('Change, bits'), (index) => after(index) - before(index), signedText)] : []),
  ];
}
