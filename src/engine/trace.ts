/**
 * One run of one model on some tokens. What connects the stages (the residual stream, keys and
 * values) is kept; every other hook point is computed again from it when asked for, stage by stage,
 * and cached while there is room.
 */
import { breathe } from './breathe.ts';
import type { Model } from './model.ts';
import type { Dim, Source, Stage, StageInput } from './onnx/stage.ts';
import { ProblemError } from './problemError.ts';
import { rotaryTable, type Rotary, type RotaryTable } from './rotary.ts';
import { concat, floats, ints, sizeOf, type FloatTensor, type Tensor } from './tensor.ts';
import type { TensorCache } from './tensorCache.ts';

export interface TraceOptions {
  /** Interventions by input name, `blocks.3.attn.hook_z.scale` and the like; each dimension 1 or that of the hook point. */
  readonly patches?: ReadonlyMap<string, FloatTensor>;
  /** An earlier trace of the same model: positions up to the first different token are taken from it. */
  readonly prefix?: Trace;
  /** Fetch every hook point in the same pass, for an export: what there is room for need not be computed again. */
  readonly capture?: boolean;
}

const NO_PATCHES: ReadonlyMap<string, FloatTensor> = new Map();
let lastOwner = 0;

export class Trace {
  /** Positions taken over from an earlier trace. */
  readonly reused: number;
  private readonly owner = ++lastOwner;
  private readonly kept = new Map<string, FloatTensor>();
  private readonly rotaryTables = new Map<Rotary, RotaryTable>();
  private readonly patches: ReadonlyMap<string, FloatTensor>;
  /** What is taken over: the earlier trace may be released while this one runs. */
  private earlier: { readonly owner: number; readonly kept: ReadonlyMap<string, FloatTensor> } | undefined;
  private readonly connecting: ReadonlySet<string>;
  private readonly everything: boolean;

  constructor(
    readonly model: Model,
    readonly ids: readonly number[],
    private readonly cache: TensorCache,
    options: TraceOptions = {},
  ) {
    this.patches = options.patches ?? NO_PATCHES;
    this.everything = options.capture ?? false;
    this.reused = options.prefix && !this.everything ? reusable(this, options.prefix) : 0;
    if (options.prefix && this.reused) this.earlier = { owner: options.prefix.owner, kept: new Map(options.prefix.kept) };
    const { stages, past } = model.network;
    this.connecting = new Set([...past, ...stages.flatMap((stage) => stage.inputs.flatMap(({ source }) => (source.from === 'stage' ? [source.tensor] : [])))]);
  }

  /** Bytes that cannot be given back before the trace is. */
  get keptBytes(): number {
    let bytes = 0;
    for (const tensor of this.kept.values()) bytes += tensor.data.byteLength;
    return bytes;
  }

  /**
   * Runs every stage up to the head, in order; `onLayer` is told after each block, whose pattern is
   * then at hand. @throws ProblemError `run.cancelled` between stages once the signal has fired
   */
  async run(signal: AbortSignal, onLayer: (layer: number) => Promise<void>): Promise<void> {
    const { stages, dimensions, pattern } = this.model.network;
    const layerOf = new Map(Array.from({ length: dimensions.layers }, (_, layer) => [pattern(layer), layer]));
    for (const stage of stages.filter((candidate) => !isHead(candidate))) {
      if (signal.aborted) throw new ProblemError('run.cancelled');
      const outputs = stage.hooks.map((hook) => hook.name).filter((name) => this.everything || this.connecting.has(name) || layerOf.has(name));
      const results = await this.execute(stage, outputs, this.reused, []);
      for (const [name, tensor] of results) this.keep(stage, name, tensor);
      for (const name of outputs) {
        const layer = layerOf.get(name);
        if (layer !== undefined) await onLayer(layer);
      }
      await breathe();
    }
    this.earlier = undefined;
  }

  /** A hook point over all positions, computed again if it is not at hand. */
  async get(name: string): Promise<FloatTensor> {
    const known = this.kept.get(name) ?? this.cache.get(this.owner, name);
    if (known) return known;
    const stage = this.model.network.stages.find((candidate) => candidate.hooks.some((hook) => hook.name === name));
    if (!stage) throw new Error(`no hook point is named ${name}`);
    const tensor = only(await this.execute(stage, [name], 0, []), name);
    this.cache.set(this.owner, name, tensor);
    return tensor;
  }

  /** `pattern[head, query, key]` of a layer, `[1, head, query, key]`. */
  pattern(layer: number): Promise<FloatTensor> {
    return this.get(this.model.network.pattern(layer));
  }

  /** Logits after the given positions, `[1, positions.length, vocabulary]`. */
  async logits(positions: readonly number[]): Promise<FloatTensor> {
    const { stages, logits } = this.model.network;
    const stage = stages.find(isHead);
    if (!stage) throw new Error('the model has no head');
    return only(await this.execute(stage, [logits], 0, positions), logits);
  }

  /** Every hook point of one stage over all positions: copies, which may be handed over. */
  async capture(stage: Stage): Promise<Map<string, FloatTensor>> {
    const names = stage.hooks.map((hook) => hook.name);
    const held = names.map((name) => this.kept.get(name) ?? this.cache.get(this.owner, name));
    if (held.every((tensor) => tensor !== undefined)) return new Map(names.map((name, i) => [name, copy(held[i])]));
    return this.execute(stage, names, 0, this.ids.map((_, position) => position));
  }

  /** Shape of a hook point in this trace, logits at every position. */
  shape(dims: readonly Dim[]): number[] {
    return dims.map((dim) => (typeof dim === 'number' ? dim : dim === 'past' ? 0 : this.ids.length));
  }

  release(): void {
    this.kept.clear();
    this.rotaryTables.clear();
    this.cache.drop(this.owner);
  }

  /** Runs a stage on the positions from `past` on; those before are given by their keys and values. */
  private async execute(stage: Stage, outputs: readonly string[], past: number, logitPositions: readonly number[]): Promise<Map<string, FloatTensor>> {
    const session = await this.model.session(stage);
    const inputs = new Map<string, Tensor>();
    for (const input of stage.inputs) inputs.set(input.name, await this.feed(input, past, logitPositions));
    return session.run(inputs, outputs);
  }

  private async feed({ name, source, shape }: StageInput, past: number, logitPositions: readonly number[]): Promise<Tensor> {
    switch (source.from) {
      case 'stage':
        return positionsFrom(this.required(source.tensor), past);
      case 'rows':
        return this.rows(source, past);
      case 'past':
        return past ? positionsUpTo(this.earlierKept(source.hook), past) : floats(shape.map((dim) => (dim === 'past' ? 0 : Number(dim))));
      case 'mask':
        return this.mask(past, source.window);
      case 'rotary':
        return this.rotaryPart(source, past);
      case 'logitPositions':
        return ints(logitPositions);
      case 'patch':
        return this.patches.get(name) ?? floats(shape.map(() => 1), Float32Array.of(source.neutral));
    }
  }

  private async rows({ weight, of }: Extract<Source, { from: 'rows' }>, past: number): Promise<FloatTensor> {
    const rows = of === 'tokens' ? this.ids.slice(past) : this.ids.slice(past).map((_, i) => past + i);
    const data = await this.model.checkpoint.rows(weight, rows);
    return floats([1, rows.length, data.length / rows.length], data);
  }

  /** A decoder's queries look at themselves and back, as far as the window goes; an encoder's everywhere. */
  private mask(past: number, window: number | null): FloatTensor {
    const keys = this.ids.length;
    const mask = floats([1, 1, keys - past, keys]);
    if (this.model.info.kind !== 'decoder') return mask;
    for (let query = past; query < keys; query++) {
      const row = (query - past) * keys;
      mask.data.fill(-Infinity, row + query + 1, row + keys);
      if (window !== null) mask.data.fill(-Infinity, row, row + Math.max(0, query + 1 - window));
    }
    return mask;
  }

  private rotaryPart({ rotary, part }: Extract<Source, { from: 'rotary' }>, past: number): FloatTensor {
    const table = this.rotaryTables.get(rotary) ?? rotaryTable(rotary, this.ids.length);
    this.rotaryTables.set(rotary, table);
    return positionsFrom(floats([1, this.ids.length, 1, rotary.pairs], table[part]), past);
  }

  private required(name: string): FloatTensor {
    const tensor = this.kept.get(name);
    if (!tensor) throw new Error(`${name} has not been computed`);
    return tensor;
  }

  private earlierKept(name: string): FloatTensor {
    const tensor = this.earlier?.kept.get(name);
    if (!tensor) throw new Error(`${name} is not in the earlier trace`);
    return tensor;
  }

  /** Stores what a run gave; rows of reused positions are put in front. */
  private keep(stage: Stage, name: string, computed: FloatTensor): void {
    const dims = stage.hooks.find((hook) => hook.name === name)?.shape ?? [];
    if (this.connecting.has(name)) {
      const reuse = this.reused > 0 && dims[1] === 'pos';
      this.kept.set(name, reuse ? concat(positionsUpTo(this.earlierKept(name), this.reused), computed, 1) : computed);
      return;
    }
    const whole = this.reused ? this.extendPattern(name, computed) : computed;
    if (whole) this.cache.set(this.owner, name, whole);
  }

  /** Earlier rows of a pattern are as they were, with nothing on the new keys. */
  private extendPattern(name: string, computed: FloatTensor): FloatTensor | undefined {
    const [, heads = 0, , keys = 0] = computed.shape;
    const before = this.earlier && this.cache.get(this.earlier.owner, name);
    if (!before) return undefined; // computed as a whole when asked for
    const width = before.shape[3] ?? 0;
    const whole = floats([1, heads, keys, keys]);
    const fresh = (keys - this.reused) * keys;
    for (let head = 0; head < heads; head++) {
      const from = head * width * width;
      for (let query = 0; query < this.reused; query++) {
        whole.data.set(before.data.subarray(from + query * width, from + query * width + query + 1), (head * keys + query) * keys);
      }
      whole.data.set(computed.data.subarray(head * fresh, (head + 1) * fresh), (head * keys + this.reused) * keys);
    }
    return whole;
  }

  /** Tokens from the start that two traces share and whose results can be taken over. */
  sharedWith(other: Trace): number {
    if (other.model !== this.model || this.model.info.kind !== 'decoder' || this.patches.size || other.patches.size) return 0;
    if (!rotariesOf(this.model.network.stages).every(({ regime }) => regime(this.ids.length) === regime(other.ids.length))) return 0;
    let shared = 0;
    while (shared < this.ids.length && shared < other.ids.length && this.ids[shared] === other.ids[shared]) shared++;
    return shared;
  }
}

/** The last token is always run: its residual stream is what the head reads. */
const reusable = (trace: Trace, earlier: Trace): number => Math.min(trace.sharedWith(earlier), trace.ids.length - 1);

/** The head is run on demand, for the positions that are asked about. */
const isHead = (stage: Stage): boolean => stage.inputs.some(({ source }) => source.from === 'logitPositions');

const rotariesOf = (stages: readonly Stage[]): Rotary[] => stages.flatMap((stage) => stage.inputs.flatMap(({ source }) => (source.from === 'rotary' ? [source.rotary] : [])));

/** `[1, pos, …]` from a position on, without copying. */
function positionsFrom(tensor: FloatTensor, start: number): FloatTensor {
  const [, count = 0, ...rest] = tensor.shape;
  return floats([1, count - start, ...rest], tensor.data.subarray(start * sizeOf(rest)));
}

/** `[1, pos, …]` up to a position, without copying. */
function positionsUpTo(tensor: FloatTensor, end: number): FloatTensor {
  const [, , ...rest] = tensor.shape;
  return floats([1, end, ...rest], tensor.data.subarray(0, end * sizeOf(rest)));
}

const copy = (tensor: FloatTensor | undefined): FloatTensor => floats(tensor?.shape ?? [0], tensor?.data.slice());

function only(results: ReadonlyMap<string, FloatTensor>, name: string): FloatTensor {
  const tensor = results.get(name);
  if (!tensor) throw new Error(`${name} was not computed`);
  return tensor;
}
