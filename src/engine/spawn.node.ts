import { Worker } from 'node:worker_threads';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import type { EngineWorker } from './client.ts';

/** Starts the engine in a worker thread; `script` is the path of the built worker.node.mjs. */
export const spawnNodeWorker = (script: string): EngineWorker => engineWorker(new Worker(script, { name: 'headlight-engine' }));

/** A thread as the client sees it. */
export function engineWorker(worker: Worker): EngineWorker {
  let asked = false;
  return {
    endpoint: nodeEndpoint(worker),
    async terminate() {
      asked = true;
      await worker.terminate();
    },
    onDied(listener) {
      let reason = '';
      worker.on('error', (error) => (reason = error instanceof Error ? error.message : String(error)));
      worker.once('exit', (code) => {
        if (!asked) listener(reason || `exit ${String(code)}`);
      });
    },
  };
}
