/** Both phrasings token by token, one above the other: what both have in one column, with its bits as bars. */
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { PhrasedToken, Phrasing } from '../../src/protocol.ts';
import { align, type Column } from '../alignment.ts';
import { tokenSentence } from './phrasedToken.ts';
import { visiblePieces } from '../visibleText.ts';

/** Place of a token among the pairs; row 0 is the first phrasing. */
interface Cell {
  readonly column: number;
  readonly row: 0 | 1;
}

type Both = readonly [Phrasing, Phrasing];

export function PhrasingPairs({ both }: { readonly both: Both }): JSX.Element {
  const pairs = useRef<HTMLDivElement>(null);
  const columns = align(both[0].tokens.map(({ text }) => text), both[1].tokens.map(({ text }) => text));
  const [looked, setLooked] = useState<Cell | null>(null);
  const [reached, setReached] = useState<Cell>(() => firstCell(both, columns));
  const most = Math.max(1, ...both.flatMap(({ tokens }) => tokens.map(({ bits }) => bits ?? 0)));
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = cellAfter(event.key, reached, both, columns);
    if (!next) return;
    event.preventDefault();
    pairs.current?.querySelector<HTMLElement>(`[data-cell="${next.column}-${next.row}"]`)?.focus();
  };
  const cell = (column: number, row: 0 | 1): JSX.Element => {
    const token = tokenIn(both, columns, { column, row });
    if (!token) return <span class={`phrased gap row-${row}`} />;
    const own = reached.column === column && reached.row === row;
    return (
      <PairedToken
        token={token} row={row} cell={`${column}-${row}`} most={most} reached={own}
        onLook={(on) => setLooked(on ? { column, row } : null)}
        onReach={() => setReached({ column, row })}
      />
    );
  };
  return (
    <>
      <p class="details phrased-details" aria-live="off">{looked ? sentenceAt(both, columns, looked) : <Legend />}</p>
      <div class="pairs" role="group" aria-label={l10n.t('Both phrasings token by token: the first above, the second below. Arrow keys move from token to token.')} ref={pairs} onKeyDown={onKeyDown}>
        {columns.map((column, index) => (
          <div key={index} class={column.first !== null && column.second !== null ? 'pair' : 'pair apart'}>
            {cell(index, 0)}
            {cell(index, 1)}
          </div>
        ))}
      </div>
    </>
  );
}

interface PairedTokenProps {
  readonly token: PhrasedToken;
  readonly row: 0 | 1;
  readonly cell: string;
  /** Bits of the longest bar. */
  readonly most: number;
  /** Tab stops here. */
  readonly reached: boolean;
  readonly onLook: (on: boolean) => void;
  readonly onReach: () => void;
}

function PairedToken({ token, row, cell, most, reached, onLook, onReach }: PairedTokenProps): JSX.Element {
  const sentence = tokenSentence(token, row);
  const bar = <span class="phrased-bar" aria-hidden="true" style={{ '--share': `${(((token.bits ?? 0) / most) * 100).toFixed(1)}%` }} />;
  return (
    <button
      type="button" class={`phrased row-${row} surprise-${token.bucket + 1}`} title={sentence} aria-label={sentence} data-cell={cell} tabIndex={reached ? 0 : -1}
      onFocus={() => {
        onReach();
        onLook(true);
      }}
      onBlur={() => onLook(false)} onMouseEnter={() => onLook(true)} onMouseLeave={() => onLook(false)}
    >
      <span class="phrased-bars">{bar}</span>
      <span class="phrased-text code">{token.goesOn ? '⋯' : visiblePieces(token.text).map(({ text, invisible }, i) => <span key={i} class={invisible ? 'invisible' : undefined}>{text}</span>)}</span>
    </button>
  );
}

function Legend(): JSX.Element {
  const names = [l10n.t('rank up to {0}', '10'), l10n.t('rank up to {0}', '100'), l10n.t('rank up to {0}', '1,000'), l10n.t('beyond')];
  return (
    <>
      <span>{l10n.t('Bars are bits:')}</span>
      {names.map((name, bucket) => (
        <span key={name} class={`legend-item surprise-${bucket + 1}`}>
          <span class="phrased-swatch" aria-hidden="true" />
          {name}
        </span>
      ))}
    </>
  );
}

function tokenIn(both: Both, columns: readonly Column[], { column, row }: Cell): PhrasedToken | null {
  const at = columns[column];
  const index = row === 0 ? at?.first : at?.second;
  return both[row].tokens[index ?? -1] ?? null;
}

function sentenceAt(both: Both, columns: readonly Column[], cell: Cell): string {
  const token = tokenIn(both, columns, cell);
  return token ? tokenSentence(token, cell.row) : '';
}

const firstCell = (both: Both, columns: readonly Column[]): Cell => (tokenIn(both, columns, { column: 0, row: 0 }) ? { column: 0, row: 0 } : { column: 0, row: 1 });

/** Where a key leads: along a row past its gaps, or to the other row, there to the nearest token. */
function cellAfter(key: string, { column, row }: Cell, both: Both, columns: readonly Column[]): Cell | null {
  const first = (from: number, by: 1 | -1, of: 0 | 1): Cell | null => {
    for (let at = from; at >= 0 && at < columns.length; at += by) if (tokenIn(both, columns, { column: at, row: of })) return { column: at, row: of };
    return null;
  };
  switch (key) {
    case 'ArrowRight':
      return first(column + 1, 1, row);
    case 'ArrowLeft':
      return first(column - 1, -1, row);
    case 'Home':
      return first(0, 1, row);
    case 'End':
      return first(columns.length - 1, -1, row);
    case 'ArrowDown':
    case 'ArrowUp': {
      const other = key === 'ArrowDown' ? 1 : 0;
      return other === row ? null : (first(column, 1, other) ?? first(column, -1, other));
    }
    default:
      return null;
  }
}
