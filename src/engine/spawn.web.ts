import type { EngineWorker } from './client.ts';

/** What is used of the browser's Worker: the engine's types hold no DOM. */
interface BrowserWorker {
  postMessage(message: unknown, transfer?: never[]): void;
  addEventListener(type: string, listener: (event: { message?: string }) => void): void;
  removeEventListener(type: string, listener: (event: { message?: string }) => void): void;
  terminate(): void;
}

declare const Worker: new (url: string, options?: { name: string }) => BrowserWorker;

/** Starts the engine in a browser's worker; `url` must be of the page's own origin or a blob. */
export function spawnWebWorker(url: string): EngineWorker {
  const worker = new Worker(url, { name: 'headlight-engine' });
  return {
    endpoint: worker,
    terminate() {
      worker.terminate();
      return Promise.resolve();
    },
    onDied(listener) {
      worker.addEventListener('error', (event) => listener(event.message ?? 'error'));
    },
  };
}
