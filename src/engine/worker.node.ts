/** The engine in a worker thread of Node. */
import { availableParallelism } from 'node:os';
import { parentPort } from 'node:worker_threads';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { openFolder } from './files.node.ts';
import { availableMemory } from './machine.node.ts';
import { WASM_HEAP } from './memory.ts';
import { serveEngine } from './serve.ts';
import { wasmRuntime } from './session.ts';

if (!parentPort) throw new Error('worker.node is the entry of a worker thread');
serveEngine(
  {
    openFiles: openFolder,
    startRuntime: (options) => wasmRuntime(options, availableParallelism()),
    memory: () => ({ heap: WASM_HEAP, machine: availableMemory() }),
  },
  nodeEndpoint(parentPort),
);
