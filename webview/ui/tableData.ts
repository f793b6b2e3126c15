/** What a table holds, as a value: on the page and in exports. */

export type TableValue = string | number | null;

export interface TableData {
  readonly caption: string;
  readonly titles: readonly string[];
  /** Which columns hold numbers. */
  readonly numeric: readonly boolean[];
  /** `[row, column]` */
  readonly rows: readonly (readonly TableValue[])[];
}
