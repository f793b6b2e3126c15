/** Both phrasings token by token as a table. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { PhrasedToken, Phrasing } from '../../src/protocol.ts';
import { align } from '../alignment.ts';
import { countText } from '../graphs/percent.ts';
import { decimalText } from '../numbers.ts';
import { DataTable, type Column } from '../ui/dataTable.tsx';
import { visibleLabel } from '../visibleText.ts';
import { probabilityText } from './phrasedToken.ts';

interface Row {
  readonly first: PhrasedToken | undefined;
  readonly second: PhrasedToken | undefined;
}

export function PhrasingTable({ both }: { readonly both: readonly [Phrasing, Phrasing] }): JSX.Element {
  const columns = align(both[0].tokens.map(({ text }) => text), both[1].tokens.map(({ text }) => text));
  const rows = columns.map(({ first, second }): Row => ({ first: both[0].tokens[first ?? -1], second: both[1].tokens[second ?? -1] }));
  return (
    <DataTable
      caption={l10n.t('Both phrasings token by token; an empty cell is a token that only the other has')}
      rows={rows}
      columns={[
        ...columnsOf(({ first }) => first, [l10n.t('First'), l10n.t('Rank, first'), l10n.t('Probability, first'), l10n.t('Bits, first')]),
        ...columnsOf(({ second }) => second, [l10n.t('Second'), l10n.t('Rank, second'), l10n.t('Probability, second'), l10n.t('Bits, second')]),
      ]}
    />
  );
}

function columnsOf(token: (row: Row) => PhrasedToken | undefined, [text, rank, probability, bits]: readonly [string, string, string, string]): Column<Row>[] {
  const known = (cell: (token: PhrasedToken, bits: number) => string) => (row: Row) => {
    const own = token(row);
    if (!own) return '';
    return own.bits === null ? '–' : cell(own, own.bits);
  };
  return [
    { title: text, cell: (row) => visibleLabel(token(row)?.text ?? ''), code: true },
    { title: rank, cell: known((own) => countText(own.rank)), numeric: true },
    { title: probability, cell: known((_, own) => probabilityText(own)), numeric: true },
    { title: bits, cell: known((_, own) => decimalText(own, 2)), numeric: true },
  ];
}
