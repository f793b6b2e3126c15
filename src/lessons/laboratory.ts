/** Runs that lessons measure on: made when they are asked for, and a few of them kept. */
import { ProblemError, type EngineClient } from '../engine/client.ts';
import type { Answer, Ask, Intervention, LayerSummary, ModelSource, Question, RunInfo, Token } from '../protocol.ts';
import { valueOf } from './outcomes.ts';

/** A model on a text. */
export interface RunWish {
  readonly model: string;
  readonly text: string;
  /** Target language of a model that translates. */
  readonly target?: string;
  readonly interventions?: readonly Intervention[];
}

/** A finished run. */
export interface LabRun {
  readonly info: RunInfo;
  /** Empty for a model that writes nothing. */
  readonly output: readonly Token[];
  readonly summaries: readonly LayerSummary[];
  /** @throws ProblemError */
  ask<Q extends Question>(question: Q, ask: Ask<Q>): Promise<Answer<Q>>;
}

export interface Laboratory {
  /** @throws ProblemError */
  run(wish: RunWish): Promise<LabRun>;
}

/** Enough for a step that compares two models, and the learner's own run. */
const mostHeld = 6;

interface Held {
  readonly run: Promise<LabRun>;
  release(): void;
}

/** What of the engine's client is used here. */
export type LabEngine = Pick<EngineClient, 'run' | 'ask' | 'release'>;

export class EngineLaboratory implements Laboratory {
  /** By the wish, the one used last at the end. */
  private readonly held = new Map<string, Held>();

  constructor(
    private readonly engine: () => LabEngine,
    private readonly find: (model: string) => ModelSource | null,
    /** Languages to translate into, the one wanted most first. */
    private readonly targets: (wanted: string | undefined) => readonly string[],
    private readonly known: () => readonly string[],
  ) {}

  run(wish: RunWish): Promise<LabRun> {
    const key = JSON.stringify([wish.model, wish.text, wish.target ?? null, wish.interventions ?? []]);
    const known = this.held.get(key);
    const held = known ?? this.start(wish, key);
    this.held.delete(key);
    this.held.set(key, held);
    for (const [oldest, { release }] of this.held) {
      if (this.held.size <= mostHeld) break;
      this.held.delete(oldest);
      release();
    }
    return held.run;
  }

  /** Forgets all runs. */
  dispose(): void {
    for (const { release } of this.held.values()) release();
    this.held.clear();
  }

  private start({ model: name, text, target, interventions }: RunWish, key: string): Held {
    const model = this.find(name);
    if (!model) return { run: Promise.reject(new ProblemError('model.unknownName', { name, known: this.known().join(', ') })), release: () => this.held.delete(key) };
    const engine = this.engine();
    const summaries: LayerSummary[] = [];
    let info: RunInfo | null = null;
    let output: readonly Token[] = [];
    let failure: ProblemError | null = null;
    const { run, done } = engine.run({ model, text, targets: this.targets(target), ...(interventions?.length ? { interventions } : {}) }, (event) => {
      if (event.type === 'started') ({ info } = event);
      if (event.type === 'layer') summaries.push(event.summary);
      if (event.type === 'output') output = event.tokens;
      if (event.type === 'failed') failure = new ProblemError(event.problem.code, event.problem.facts);
    });
    const finished = async (): Promise<LabRun> => {
      await done;
      if (failure) throw failure;
      if (!info) throw new ProblemError('run.gone');
      return { info, output, summaries, ask: async (question, ask) => valueOf(await engine.ask(run, question, ask)) };
    };
    const held: Held = { run: finished(), release: () => engine.release(run) };
    // A run that failed, or was lost with its worker, is made anew the next time.
    held.run.catch(() => {
      if (this.held.get(key) === held) this.held.delete(key);
    });
    return held;
  }
}
