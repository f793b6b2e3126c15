/** A table that says what a picture says: on the page, and as a value for exports. */
import { createContext, render, type JSX } from 'preact';
import { useContext } from 'preact/hooks';
import type { TableData, TableValue } from './tableData.ts';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  /** The same for exports, as exactly as it is known; default: what the cell shows. */
  readonly value?: (row: Row) => TableValue;
  /** Numbers are set flush right. */
  readonly numeric?: boolean;
  /** The cell names its row. */
  readonly heads?: boolean;
  /** Text of tokens, in the editor's font. */
  readonly code?: boolean;
}

export interface DataTableProps<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** So many rows are shown; an export has them all. */
  readonly limit?: number;
}

/** Hears of each table that is rendered below it. */
const Collector = createContext<((table: TableData) => void) | null>(null);

/** What the tables in some part of a page hold now; they are rendered aside. */
export function tablesIn(part: JSX.Element): TableData[] {
  const tables: TableData[] = [];
  const aside = document.createElement('div');
  render(<Collector.Provider value={(table) => tables.push(table)}>{part}</Collector.Provider>, aside);
  render(null, aside);
  return tables;
}

export function tableData<Row>({ caption, columns, rows }: DataTableProps<Row>): TableData {
  return {
    caption,
    titles: columns.map(({ title }) => title),
    numeric: columns.map(({ numeric }) => numeric === true),
    texts: rows.map((row) => columns.map(({ cell }) => cell(row))),
    rows: rows.map((row) => columns.map(({ cell, value }) => (value ? value(row) : cell(row)))),
  };
}

export function DataTable<Row>(table: DataTableProps<Row>): JSX.Element {
  const { caption, columns, rows, limit = rows.length } = table;
  useContext(Collector)?.(tableData(table));
  return (
    <table class="data">
      <caption>{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.title} scope="col" class={column.numeric === true ? 'numeric' : undefined}>
              {column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.slice(0, limit).map((row, index) => (
          <tr key={index}>
            {columns.map((column) =>
              column.heads === true ? (
                <th key={column.title} scope="row" class={classOf(column)}>
                  {column.cell(row)}
                </th>
              ) : (
                <td key={column.title} class={classOf(column)}>
                  {column.cell(row)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function classOf<Row>({ numeric, code }: Column<Row>): string | undefined {
  return [numeric === true && 'numeric', code === true && 'code'].filter(Boolean).join(' ') || undefined;
}
