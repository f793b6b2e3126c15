/** The host's side of the engine: starts the worker at first use, revives it after death, ends every request. */
import * as Comlink from 'comlink';
import type { Answer, Ask, EngineApi, EngineOptions, Inventory, ModelInfo, ModelSource, Outcome, Problem, Question, RunEvent, RunId, RunRequest } from '../protocol.ts';
import { problemOf } from './problemError.ts';

export { ProblemError, problemOf } from './problemError.ts';

/** A running worker, of Node or of a browser. */
export interface EngineWorker {
  readonly endpoint: Comlink.Endpoint;
  terminate(): Promise<void>;
  /** Told once when the worker ends without having been asked to. */
  onDied(listener: (detail: string) => void): void;
}

export interface RunHandle {
  readonly run: RunId;
  /** Resolves after the run's last event; never rejects. */
  readonly done: Promise<void>;
}

interface LiveRun {
  readonly onEvent: (event: RunEvent) => void;
  readonly finish: () => void;
}

interface Live {
  readonly worker: EngineWorker;
  readonly api: Comlink.Remote<EngineApi>;
}

const failed = (problem: Problem): { ok: false; problem: Problem } => ({ ok: false, problem });

export class EngineClient {
  private live: Promise<Outcome<Live>> | undefined;
  private disposed = false;
  private lastRun = 0;
  /** Calls that wait for the worker's answer; its death ends them. */
  private readonly pending = new Set<(problem: Problem) => void>();
  private readonly runs = new Map<RunId, LiveRun>();
  private readonly deathListeners = new Set<(problem: Problem) => void>();

  constructor(
    private readonly spawn: () => EngineWorker | Promise<EngineWorker>,
    private readonly options: EngineOptions,
  ) {}

  /** Loads a model ahead of its first run, or says what is wrong with it. */
  load(model: ModelSource): Promise<Outcome<ModelInfo>> {
    return this.call((api) => api.load(model));
  }

  /** What a model's files are known by; it need not be loaded. */
  fingerprint(model: ModelSource): Promise<Outcome<string>> {
    return this.call((api) => api.fingerprint(model));
  }

  /**
   * Begins a run. `onEvent` gets `started`, `layer`…, and last `finished` or `failed`, also when the
   * signal aborts (`run.cancelled`) or the worker dies (`engine.died`).
   */
  run(request: RunRequest, onEvent: (event: RunEvent) => void, signal?: AbortSignal): RunHandle {
    const run = ++this.lastRun;
    const done = new Promise<void>((resolve) => {
      // Ended on this side at once; the worker stops at its next block and its late events are dropped.
      const cancel = (): void => {
        void this.tell((api) => api.cancel(run));
        this.endRun(run, { code: 'run.cancelled', facts: {} });
      };
      const finish = (): void => {
        signal?.removeEventListener('abort', cancel);
        this.runs.delete(run);
        resolve();
      };
      this.runs.set(run, { onEvent, finish });
      signal?.addEventListener('abort', cancel, { once: true });
      if (signal?.aborted) cancel();
      else void this.begin(run, request);
    });
    return { run, done };
  }

  /** Asks a question about a run that is held; `run.gone` if it is not. */
  ask<Q extends Question>(run: RunId, question: Q, ask: Ask<Q>): Promise<Outcome<Answer<Q>>> {
    return this.call((api) => api.ask(run, question, ask) as Promise<Outcome<Answer<Q>>>);
  }

  /** Stops the run if it still goes on, and forgets its tensors. */
  release(run: RunId): void {
    void this.tell((api) => api.release(run));
  }

  inventory(): Promise<Outcome<Inventory>> {
    return this.call(async (api) => ({ ok: true, value: await api.inventory() }));
  }

  /** Tells when a worker has died; returns the way to stop listening. */
  onDied(listener: (problem: Problem) => void): () => void {
    this.deathListeners.add(listener);
    return () => this.deathListeners.delete(listener);
  }

  /** Ends the worker at once and with it all that is pending; the next request starts a new one. */
  async stop(): Promise<void> {
    const live = await this.live;
    this.live = undefined;
    this.endAll({ code: 'run.cancelled', facts: {} });
    if (live?.ok) await live.value.worker.terminate();
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    await this.stop();
  }

  private async begin(run: RunId, request: RunRequest): Promise<void> {
    const begun = await this.call(async (api): Promise<Outcome<null>> => {
      // The signal may have fired while the worker was starting: then there is nothing to begin.
      if (this.runs.has(run)) await api.run(run, request);
      return { ok: true, value: null };
    });
    if (!begun.ok) this.endRun(run, begun.problem);
  }

  private async call<T>(send: (api: Comlink.Remote<EngineApi>) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    const live = await this.start();
    if (!live.ok) return live;
    return new Promise((resolve) => {
      const fail = (problem: Problem): void => settle(failed(problem));
      const settle = (outcome: Outcome<T>): void => {
        this.pending.delete(fail);
        resolve(outcome);
      };
      this.pending.add(fail);
      send(live.value.api).then(settle, (thrown: unknown) => fail(problemOf(thrown)));
    });
  }

  /** A message that needs no answer and is not worth starting a worker for. */
  private async tell(send: (api: Comlink.Remote<EngineApi>) => Promise<void>): Promise<void> {
    if (!this.live) return;
    await this.call(async (api): Promise<Outcome<null>> => {
      await send(api);
      return { ok: true, value: null };
    });
  }

  private start(): Promise<Outcome<Live>> {
    if (this.disposed) return Promise.resolve(failed({ code: 'run.cancelled', facts: {} }));
    this.live ??= this.launch().then((outcome) => {
      if (!outcome.ok) this.live = undefined;
      return outcome;
    });
    return this.live;
  }

  private async launch(): Promise<Outcome<Live>> {
    try {
      const worker = await this.spawn();
      const api = Comlink.wrap<EngineApi>(worker.endpoint);
      const death = new Promise<Outcome<null>>((resolve) => {
        worker.onDied((detail) => {
          const problem: Problem = { code: 'engine.died', facts: { detail } };
          resolve(failed(problem));
          this.died(problem);
        });
      });
      const started = await Promise.race([api.start(this.options, Comlink.proxy((event: RunEvent) => this.receive(event))), death]);
      if (started.ok) return { ok: true, value: { worker, api } };
      await worker.terminate();
      return started;
    } catch (thrown) {
      return failed(problemOf(thrown));
    }
  }

  private died(problem: Problem): void {
    this.live = undefined;
    this.endAll(problem);
    for (const listener of this.deathListeners) listener(problem);
  }

  private endAll(problem: Problem): void {
    for (const fail of [...this.pending]) fail(problem);
    for (const run of [...this.runs.keys()]) this.endRun(run, problem);
  }

  private endRun(run: RunId, problem: Problem): void {
    this.receive({ type: 'failed', run, problem });
  }

  private receive(event: RunEvent): void {
    const live = this.runs.get(event.run);
    if (!live) return; // it has already been ended on this side
    live.onEvent(event);
    if (event.type === 'finished' || event.type === 'failed') live.finish();
  }
}
