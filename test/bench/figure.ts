/** A row of the table, and how its numbers are written. */
export interface Figure {
  readonly what: string;
  readonly goal: string;
  readonly measured: string;
}

export const ratio = (a: number | undefined, b: number | undefined): string => ((a ?? NaN) / (b ?? NaN)).toFixed(2);
export const milliseconds = (value: number | undefined): string => `${(value ?? NaN).toFixed(0)} ms`;
export const seconds = (value: number): string => `${(value / 1000).toFixed(1)} s`;
export const kilobytes = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KB`;
export const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
