/** The engine: what the worker does. Holds models and runs, answers questions, never throws across the boundary. */
import type { Answer, Ask, EngineApi, EngineOptions, Inventory, ModelInfo, ModelSource, Outcome, Question, RunEvent, RunId, RunInfo, RunRequest } from '../protocol.ts';
import type { OpenFiles } from './files.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { MemoryLimits } from './memory.ts';
import { checkInterventions, needsMeans, remaining, remainingTokens, type Inside } from './interventions.ts';
import { patchesOf } from './interventionsPatched.ts';
import { Model } from './model.ts';
import { perform } from './perform.ts';
import { AttentionViews } from './probes/attentionViews.ts';
import { answer } from './probes/index.ts';
import { HeldLogits } from './probes/positionLogits.ts';
import { ProblemError, problemOf } from './problemError.ts';
import type { Run, RunTokens } from './run.ts';
import type { Runtime } from './session.ts';
import { TensorCache } from './tensorCache.ts';
import { encodeFor } from './target.ts';
import { Trace, type Fetch, type TraceIds } from './trace.ts';
import { readable, windowTokens, type Windowed } from './window.ts';

/** What the host of the engine (a thread of Node, a worker of a browser) provides. */
export interface EngineHost {
  readonly openFiles: OpenFiles;
  startRuntime(options: EngineOptions): Runtime;
  /** What there is for models now. */
  memory(): MemoryLimits;
}

/** Patterns and other hook points that can be computed again are held up to this many bytes. */
const CACHE_BYTES = 768 * 2 ** 20;

/** Weights of models beside the one in use are held up to this many bytes. */
const IDLE_MODEL_BYTES = 256 * 2 ** 20;

export class Engine implements EngineApi {
  private runtime: Runtime | undefined;
  private onEvent: (event: RunEvent) => void = () => undefined;
  private readonly models = new Map<string, Promise<Model>>();
  /** Those of `models` that have been loaded. */
  private readonly loaded = new Set<Model>();
  private readonly runs = new Map<RunId, Run>();
  private readonly going = new Map<RunId, AbortController>();
  private readonly cache = new TensorCache(CACHE_BYTES);
  /** Runs go one after another; a failed one does not hold up the next. */
  private turn: Promise<void> = Promise.resolve();
  /** The last finished trace: a run that begins with the same tokens goes on from it. Kept beyond its release. */
  private latest: Trace | undefined;

  constructor(private readonly host: EngineHost) {}

  start(options: EngineOptions, onEvent: (event: RunEvent) => void): Promise<Outcome<null>> {
    return outcome(() => {
      this.runtime = this.host.startRuntime(options);
      this.onEvent = onEvent;
      return Promise.resolve(null);
    });
  }

  load(source: ModelSource): Promise<Outcome<ModelInfo>> {
    return outcome(async () => (await this.model(source)).info);
  }

  fingerprint(source: ModelSource): Promise<Outcome<string>> {
    return outcome(async () => {
      const files = this.host.openFiles(source.location);
      try {
        return await fingerprintOf(files);
      } finally {
        await files.close();
      }
    });
  }

  run(run: RunId, request: RunRequest): void {
    const controller = new AbortController();
    this.going.set(run, controller);
    const perform = (): Promise<void> => this.perform(run, request, controller.signal);
    this.turn = this.turn.then(perform, perform);
  }

  ask<Q extends Question>(run: RunId, question: Q, ask: Ask<Q>): Promise<Outcome<Answer<Q>>> {
    return outcome(() => {
      const held = this.runs.get(run);
      if (!held) throw new ProblemError('run.gone');
      return answer(held, question, ask, (other) => this.runs.get(other));
    });
  }

  cancel(run: RunId): void {
    this.going.get(run)?.abort();
  }

  release(run: RunId): void {
    this.cancel(run);
    const trace = this.runs.get(run)?.trace;
    this.runs.delete(run);
    this.letGo(trace);
    void this.giveUpIdleModels();
  }

  inventory(): Promise<Inventory> {
    const traces = new Set([...this.runs.values()].map((run) => run.trace));
    if (this.latest) traces.add(this.latest);
    const kept = [...traces].reduce((bytes, trace) => bytes + trace.keptBytes, 0);
    return Promise.resolve({ models: [...this.models.keys()], runs: this.runs.size, traceBytes: kept + this.cache.bytes });
  }

  private async perform(run: RunId, request: RunRequest, signal: AbortSignal): Promise<void> {
    const began = performance.now();
    try {
      if (signal.aborted) throw new ProblemError('run.cancelled');
      const model = await this.model(request.model);
      const { tokens, window, target } = tokensOf(model, request);
      const output = request.outputIds && checkedOutput(model, request.outputIds);
      const interventions = request.interventions ?? [];
      checkInterventions(model, { text: tokens.length, output: output?.length ?? model.network.output?.positions ?? 0 }, interventions);
      const { kept, inside } = remaining(model, tokens.length, interventions);
      const text = kept.length < tokens.length ? remainingTokens(tokens, kept) : tokens;
      this.onEvent({ type: 'started', run, info: { run, model: model.info, tokens: text, window, target } });
      await perform(
        {
          model,
          text: text.map((token) => token.id),
          ...(output ? { output } : {}),
          fetch: request.capture ? 'everything' : request.predictionsOnly ? 'connections' : 'patterns',
          newTrace: (ids, fetch) => (inside.length ? this.patchedTrace(model, ids, fetch, inside, signal) : Promise.resolve(this.plainTrace(model, ids, fetch))),
        },
        {
          onTrace: (trace) => {
            if (signal.aborted) throw new ProblemError('run.cancelled');
            this.hold(run, trace, { text, output: model.describe(trace.ids('output'), 'output') }, kept.length < tokens.length ? kept : undefined);
          },
          onLayer: (summary) => {
            this.onEvent({ type: 'layer', run, summary });
          },
          onState: (summary) => {
            this.onEvent({ type: 'state', run, summary });
          },
          onOutput: (ids, complete) => {
            this.onEvent({ type: 'output', run, tokens: model.describe(ids, 'output'), complete });
          },
        },
        signal,
      );
      const previous = this.latest;
      this.latest = this.runs.get(run)?.trace;
      this.letGo(previous);
      this.onEvent({ type: 'finished', run, milliseconds: performance.now() - began });
    } catch (thrown) {
      // A released trace cannot be gone on with, whatever it was that noticed it.
      const problem = problemOf(signal.aborted ? new ProblemError('run.cancelled') : thrown);
      this.release(run);
      this.onEvent({ type: 'failed', run, problem });
    } finally {
      this.going.delete(run);
    }
  }

  /** Questions about a run are about this trace from now on. */
  private hold(run: RunId, trace: Trace, tokens: RunTokens, kept?: readonly number[]): void {
    const before = this.runs.get(run)?.trace;
    this.runs.set(run, { trace, tokens, views: new AttentionViews(trace, tokens), logits: new HeldLogits(trace), ...(kept ? { kept } : {}) });
    this.letGo(before);
  }

  private plainTrace(model: Model, ids: TraceIds, fetch: Fetch): Trace {
    return new Trace(model, ids, this.cache, { fetch, ...(fetch === 'everything' ? {} : this.prefixFor(model, ids)) });
  }

  /** A trace with interventions, not run yet; what they do not change is taken from a run of the same tokens, where one is held. */
  private async patchedTrace(model: Model, ids: TraceIds, fetch: Fetch, inside: readonly Inside[], signal: AbortSignal): Promise<Trace> {
    const lengths = { text: ids.text.length, output: ids.output?.length ?? 0 };
    const held = this.heldTraces().filter((trace) => trace.model === model && trace.isPlain && trace.isOf(ids).text);
    const same = held.find((trace) => trace.isOf(ids).output);
    if (same || !needsMeans(inside)) {
      const base = same ?? held[0];
      return new Trace(model, ids, this.cache, { fetch, patches: await patchesOf(model, inside, lengths, same), ...(base ? { base } : {}) });
    }
    const plain = this.plainTrace(model, ids, 'connections');
    try {
      await plain.run(signal);
      return new Trace(model, ids, this.cache, { fetch, patches: await patchesOf(model, inside, lengths, plain), base: plain });
    } finally {
      plain.release();
    }
  }

  private heldTraces(): Trace[] {
    return [...new Set([...this.runs.values()].map(({ trace }) => trace).concat(this.latest ?? []))];
  }

  /** The trace that has most of these tokens already: what a panel shows, what an editor colours, what was there last. */
  private prefixFor(model: Model, ids: TraceIds): { readonly prefix?: Trace } {
    let best: { readonly prefix?: Trace } = {};
    let most = 0;
    for (const prefix of this.heldTraces()) {
      if (prefix.model !== model) continue;
      const { text, output } = prefix.reusableFor(ids);
      if (text + output > most) [most, best] = [text + output, { prefix }];
    }
    return best;
  }

  /** Frees a trace that nothing refers to any more. */
  private letGo(trace: Trace | undefined): void {
    if (trace && trace !== this.latest && ![...this.runs.values()].some((run) => run.trace === trace)) trace.release();
  }

  private model(source: ModelSource): Promise<Model> {
    const key = source.precision ? `${source.location} ${source.precision}` : source.location;
    const known = this.models.get(key);
    if (known) {
      // Used last: the others are given up before it.
      this.models.delete(key);
      this.models.set(key, known);
      return known;
    }
    const loading = this.loadModel(source);
    this.models.set(key, loading);
    loading.then(
      () => void this.giveUpIdleModels(),
      () => this.models.delete(key),
    );
    return loading;
  }

  private async loadModel(source: ModelSource): Promise<Model> {
    if (!this.runtime) throw new Error('the engine has not been started');
    const model = await Model.load(source, this.host.openFiles(source.location), this.runtime, this.room());
    this.loaded.add(model);
    return model;
  }

  /** What a model may take: all others are given up for it once no run is about them. */
  private room(): MemoryLimits {
    const { heap, machine } = this.host.memory();
    return { heap, machine: machine + [...this.loaded].reduce((sum, { weightBytes }) => sum + weightBytes, 0) };
  }

  /** Gives up models that no run is about, oldest first, while they hold too much beside the one used last. */
  private async giveUpIdleModels(): Promise<void> {
    const used = [...this.models.keys()].pop();
    const idle: { readonly key: string; readonly model: Model }[] = [];
    let most = IDLE_MODEL_BYTES;
    for (const [key, loading] of [...this.models]) {
      const model = await loading.catch(() => undefined);
      const held = [...this.runs.values()].some(({ trace }) => trace.model === model);
      if (model && key === used) most = Math.min(most, this.host.memory().heap - model.info.memory.peak);
      else if (model && !held) idle.push({ key, model });
    }
    let bytes = idle.reduce((sum, { model }) => sum + model.weightBytes, 0);
    for (const { key, model } of idle) {
      if (bytes <= most) return;
      bytes -= model.weightBytes;
      this.models.delete(key);
      if (this.latest?.model === model) {
        this.latest.release();
        this.latest = undefined;
      }
      this.loaded.delete(model);
      await model.release();
    }
  }
}

/** @throws ProblemError `text.empty`, `ids.invalid`, or what is wrong with the tokenizer */
function tokensOf(model: Model, request: RunRequest): Windowed & Pick<RunInfo, 'target'> {
  const { vocabulary, positions } = model.info;
  if (request.ids) {
    const tokens = model.describe(checkedIds(request.ids, vocabulary));
    return { ...windowTokens(tokens, positions, request.windowStart ?? 0, { length: 0, read: 0 }), target: null };
  }
  const text = readable(request.text);
  const { tokens, target } = encodeFor(model.tokenizer, text, request.targets ?? []);
  if (tokens.every((token) => token.origin === 'added')) throw new ProblemError('text.empty');
  const beyond = tokens.find((token) => token.id >= vocabulary);
  if (beyond) throw new ProblemError('model.badTokenizer', { detail: `it gives token ${String(beyond.id)}, but the model has ${String(vocabulary)}` });
  return { ...windowTokens(tokens, positions, request.windowStart ?? 0, { length: request.text.length, read: text.length }), target };
}

/** @throws ProblemError `model.noOutput`, `ids.invalid`, `ids.tooMany`, `text.empty` */
function checkedOutput({ info: { name }, network: { output } }: Model, ids: readonly number[]): readonly number[] {
  if (!output) throw new ProblemError('model.noOutput', { name });
  if (ids.length > output.positions) throw new ProblemError('ids.tooMany', { count: String(ids.length), most: String(output.positions) });
  return checkedIds(ids, output.vocabulary);
}

/** @throws ProblemError `ids.invalid`, `text.empty` */
function checkedIds(ids: readonly number[], vocabulary: number): readonly number[] {
  const wrong = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= vocabulary);
  if (wrong !== undefined) throw new ProblemError('ids.invalid', { id: String(wrong), last: String(vocabulary - 1) });
  if (!ids.length) throw new ProblemError('text.empty');
  return ids;
}

async function outcome<T>(make: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await make() };
  } catch (thrown) {
    return { ok: false, problem: problemOf(thrown) };
  }
}
