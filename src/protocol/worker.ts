/** Host ⇄ worker, through comlink. */
import type { ModelInfo, ModelSource } from './models.ts';
import type { Outcome } from './problems.ts';
import type { Answer, Ask, Question } from './questions.ts';
import type { RunEvent, RunId, RunRequest } from './runs.ts';

export interface EngineOptions {
  /** Where the runtime's own files are: folder URL ending in `/`. */
  readonly runtime: string;
  /** 0: decide from the machine. */
  readonly threads: number;
}

export interface EngineApi {
  /** `onEvent` hears of every run's steps until the worker ends. */
  start(options: EngineOptions, onEvent: (event: RunEvent) => void): Promise<Outcome<null>>;
  load(model: ModelSource): Promise<Outcome<ModelInfo>>;
  /** What the model's files are known by, without loading it: SHA-256, lower-case hexadecimal (engine/fingerprint.ts says of what). */
  fingerprint(model: ModelSource): Promise<Outcome<string>>;
  /** Begins a run; how it goes is told by events, of which `finished` or `failed` is always the last. */
  run(run: RunId, request: RunRequest): void;
  ask<Q extends Question>(run: RunId, question: Q, ask: Ask<Q>): Promise<Outcome<Answer<Q>>>;
  /** Stops a run at the next block; it then ends as `run.cancelled`. */
  cancel(run: RunId): void;
  /** Forgets a run and its tensors. */
  release(run: RunId): void;
  /** What is alive, for tests and the status line. */
  inventory(): Promise<Inventory>;
}

export interface Inventory {
  readonly models: readonly string[];
  readonly runs: number;
  /** Bytes of tensors that traces hold. */
  readonly traceBytes: number;
}
