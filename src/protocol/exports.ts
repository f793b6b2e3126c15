/** Exports: what the page has made of its pictures and tables, for the host to write. */

export type ExportFormat = 'svg' | 'png' | 'csv' | 'json';

export type ExportPageMessage =
  /** `name` is offered as the file's, without its ending. */
  | { readonly type: 'export'; readonly name: string; readonly format: Exclude<ExportFormat, 'png'>; readonly content: string }
  | { readonly type: 'export'; readonly name: string; readonly format: 'png'; readonly content: Uint8Array }
  /** Every hook point of the shown run, which the host takes from the engine. */
  | { readonly type: 'export'; readonly name: string; readonly format: 'safetensors' }
  | { readonly type: 'copy'; readonly text: string };
