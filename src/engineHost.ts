/** The one engine of the extension: made at first use, made anew when its options change. */
import { EngineClient, type EngineWorker } from './engine/client.ts';
import type { EngineOptions, Problem } from './protocol.ts';

export class EngineHost {
  private client: EngineClient | null = null;
  private worker: { readonly inner: EngineWorker; readonly died: (detail: string) => void } | null = null;

  /** @param onDied is told when a worker has died that held the results of runs. */
  constructor(
    private readonly spawn: () => EngineWorker | Promise<EngineWorker>,
    private readonly options: () => EngineOptions,
    private readonly onDied: (problem: Problem) => void,
  ) {}

  /** The engine; its worker starts with the first request. */
  get engine(): EngineClient {
    if (!this.client) {
      this.client = new EngineClient(async () => this.watched(await this.spawn()), this.options());
      this.client.onDied(this.onDied);
    }
    return this.client;
  }

  /** A worker has been started and has not ended. */
  get runs(): boolean {
    return this.worker !== null;
  }

  /** Ends the engine and with it all that is pending; the next request starts one with the options of then. */
  async restart(): Promise<void> {
    const former = this.client;
    this.client = null;
    await former?.dispose();
  }

  /** Ends the worker as if it had died; for tests. */
  async kill(): Promise<void> {
    const worker = this.worker;
    await worker?.inner.terminate();
    worker?.died('killed');
  }

  private watched(inner: EngineWorker): EngineWorker {
    const listeners: ((detail: string) => void)[] = [];
    const worker = {
      inner,
      died: (detail: string) => {
        if (this.worker === worker) this.worker = null;
        for (const listener of listeners) listener(detail);
      },
    };
    inner.onDied(worker.died);
    this.worker = worker;
    return {
      endpoint: inner.endpoint,
      onDied: (listener) => listeners.push(listener),
      terminate: async () => {
        if (this.worker === worker) this.worker = null;
        await inner.terminate();
      },
    };
  }
}
