/** The engine in a browser's worker: one thread, as threads need a page that is isolated from other origins. */
import { openUrl } from './files.web.ts';
import { WASM_HEAP } from './memory.ts';
import { serveEngine } from './serve.ts';
import { wasmRuntime } from './session.ts';

/** Some browsers tell how much memory the machine has, in GiB; none tells how much is free. */
declare const navigator: { readonly deviceMemory?: number };

serveEngine({
  openFiles: openUrl,
  startRuntime: (options) => wasmRuntime(options, 1),
  memory: () => ({ heap: WASM_HEAP, machine: navigator.deviceMemory === undefined ? Infinity : navigator.deviceMemory * 2 ** 30 }),
});
