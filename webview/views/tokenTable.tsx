/** All tokens with everything that is known of them. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { Token } from '../../src/protocol.ts';
import { DataTable } from '../ui/dataTable.tsx';
import { visibleLabel } from '../visibleText.ts';
import { markText, rangeText } from './tokenDetails.tsx';
import { hexBytes, marksOf } from './tokenFace.ts';

export function TokenTable({ caption, tokens }: { readonly caption: string; readonly tokens: readonly Token[] }): JSX.Element {
  return (
    <DataTable
      caption={caption}
      rows={tokens.map((token, index) => ({ token, index }))}
      columns={[
        { title: l10n.t('Token'), cell: ({ index }) => String(index), numeric: true, heads: true },
        { title: l10n.t('Text'), cell: ({ token }) => visibleLabel(token.text), code: true },
        { title: l10n.t('Id'), cell: ({ token }) => String(token.id), numeric: true },
        { title: l10n.t('Bytes'), cell: ({ token }) => hexBytes(token.bytes), code: true },
        { title: l10n.t('Range'), cell: ({ token }) => rangeText(token), numeric: true },
        { title: l10n.t('Word'), cell: ({ token }) => String(token.word), numeric: true },
        { title: l10n.t('Notes'), cell: ({ token }) => marksOf(token).map((mark) => markText(mark, token)).join(' ') },
      ]}
    />
  );
}
