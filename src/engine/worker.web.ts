/** The engine in a browser's worker: one thread, as threads need a page that is isolated from other origins. */
import { openUrl } from './files.web.ts';
import { serveEngine } from './serve.ts';
import { wasmRuntime } from './session.ts';

serveEngine({ openFiles: openUrl, startRuntime: (options) => wasmRuntime(options, 1) });
