/** What a table holds, as a value: on the page and in exports. */

export type TableValue = string | number | null;

export interface TableData {
  readonly caption: string;
  readonly titles: readonly string[];
  /** Which columns hold numbers. */
  readonly numeric: readonly boolean[];
  /** What the cells show, `[row, column]`. */
  readonly texts: readonly (readonly string[])[];
  /** The same as exactly as it is known. */
  readonly rows: readonly (readonly TableValue[])[];
}
