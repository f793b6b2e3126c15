/**
 * One run of one model on some tokens. What connects the stages (the residual stream, keys and
 * values, states) is kept; every other hook point is computed again from it when asked for, stage by
 * stage, and cached while there is room.
 */
import type { AttentionPart, Sequence } from '../protocol.ts';
import { breathe } from './breathe.ts';
import { distancesOf, type DistanceBuckets } from './distances.ts';
import { maskOf } from './mask.ts';
import type { Model } from './model.ts';
import type { Dim, Source, Stage, StageInput } from './onnx/stage.ts';
import { refitted } from './patches.ts';
import { ProblemError } from './problemError.ts';
import { rotaryTable, type Rotary, type RotaryTable } from './rotary.ts';
import { sinusoids } from './sinusoids.ts';
import { headInput, isHead, UNEMBEDDED, type EndNorm } from './streams.ts';
import { concat, floats, ints, positionsFrom, positionsUpTo, type FloatTensor, type IntTensor, type Tensor } from './tensor.ts';
import type { TensorCache } from './tensorCache.ts';

/** Token ids of each sequence; only an encoder–decoder has an output. */
export interface TraceIds {
  readonly text: readonly number[];
  readonly output?: readonly number[];
}

export interface TraceOptions {
  /** Interventions by input name, `blocks.3.attn.hook_z.scale` and the like; each dimension 1 or that of the hook point. */
  readonly patches?: ReadonlyMap<string, FloatTensor>;
  /** An earlier trace of the same model: positions up to the first different token are taken from it. */
  readonly prefix?: Trace;
  /** A finished trace of the same model without interventions: stages that come out the same are taken over from it as they are. */
  readonly base?: Trace;
  /** With a base of the same tokens: interventions begin at this position of what the head reads, and where nothing looks ahead those before it are taken over. */
  readonly from?: number;
  /** Default: `patterns`. */
  readonly fetch?: Fetch;
}

/** What is taken out of the stages: only what later ones need, patterns and states too, or everything, for an export. */
export type Fetch = 'connections' | 'patterns' | 'everything';

/** What a layer's results are told as. */
export interface LayerOf {
  /** `state`: a layer of a recurrent network. */
  readonly part: AttentionPart | 'state';
  readonly layer: number;
}

/** Tensors in the cache belong to the traces that share a sequence; the last of them gives them back. */
interface Owner {
  readonly id: number;
  holders: number;
}

/** What is taken over: the earlier trace may be released while this one runs. */
interface Earlier {
  readonly owners: Readonly<Record<Sequence, Owner>>;
  readonly kept: ReadonlyMap<string, FloatTensor>;
}

const NO_PATCHES: ReadonlyMap<string, FloatTensor> = new Map();
const NOTHING_GIVEN: ReadonlyMap<string, Tensor> = new Map();
let lastOwner = 0;

export class Trace {
  /** Positions taken over from an earlier trace. */
  readonly reused: Readonly<Record<Sequence, number>>;
  private readonly owners: Readonly<Record<Sequence, Owner>>;
  private readonly kept = new Map<string, FloatTensor>();
  private readonly rotaryTables = new Map<Rotary, RotaryTable>();
  private readonly distanceTables = new Map<DistanceBuckets, IntTensor>();
  private readonly patches: ReadonlyMap<string, FloatTensor>;
  private earlier: Earlier | undefined;
  private finished = false;
  private released = false;
  private readonly connecting: ReadonlySet<string>;
  private readonly stageOf: ReadonlyMap<string, Stage>;
  private readonly fetch: Fetch;
  /** Stages that are not run, and the owners of what they gave. */
  private readonly untouched: ReadonlySet<Stage> = new Set();
  private readonly baseOwners: Readonly<Record<Sequence, Owner>> | undefined;

  constructor(
    readonly model: Model,
    private readonly sequences: TraceIds,
    private readonly cache: TensorCache,
    options: TraceOptions = {},
  ) {
    this.patches = options.patches ?? NO_PATCHES;
    this.fetch = options.fetch ?? 'patterns';
    const { stages, past } = model.network;
    this.stageOf = new Map(stages.flatMap((stage) => stage.hooks.map(({ name }): [string, Stage] => [name, stage])));
    this.connecting = new Set([...past, ...stages.flatMap((stage) => stage.inputs.flatMap(({ source }) => (source.from === 'stage' ? [source.tensor] : [])))]);
    const { prefix } = options;
    this.reused = prefix?.model === model && this.fetch !== 'everything' && !this.patches.size ? prefix.reusableFor(sequences) : { text: 0, output: 0 };
    const wholeText = this.isWhole('text') ? prefix?.owners.text : undefined;
    this.owners = { text: wholeText ?? { id: ++lastOwner, holders: 0 }, output: { id: ++lastOwner, holders: 0 } };
    this.owners.text.holders++;
    this.owners.output.holders++;
    if (prefix && (this.reused.text || this.reused.output)) this.earlier = { owners: prefix.owners, kept: new Map(prefix.kept) };
    const { base } = options;
    if (base?.model !== model || !base.isPlain || this.fetch === 'everything') return;
    this.untouched = this.untouchedIn(base);
    this.baseOwners = base.owners;
    if (options.from && base.goesOn) {
      this.reused = { ...this.reused, [model.network.output ? 'output' : 'text']: options.from };
      this.earlier = { owners: base.owners, kept: new Map(base.kept) };
    }
    for (const owner of [base.owners.text, base.owners.output]) owner.holders++;
    for (const { hooks } of this.untouched) for (const { name } of hooks) if (this.connecting.has(name)) this.kept.set(name, base.required(name));
  }

  ids(sequence: Sequence): readonly number[] {
    return (sequence === 'text' ? this.sequences.text : this.sequences.output) ?? [];
  }

  /** Bytes that cannot be given back before the trace is. */
  get keptBytes(): number {
    let bytes = 0;
    for (const tensor of this.kept.values()) bytes += tensor.data.byteLength;
    return bytes;
  }

  /**
   * Runs every stage up to the head, in order; `onLayer` is told after each layer, whose pattern or state
   * is then at hand. @throws ProblemError `run.cancelled` between stages once the signal has fired
   */
  async run(signal: AbortSignal, onLayer: (of: LayerOf) => Promise<void> = () => Promise.resolve()): Promise<void> {
    const layers = this.model.layers;
    for (const stage of this.model.network.stages.filter((candidate) => !isHead(candidate))) {
      if (signal.aborted) throw new ProblemError('run.cancelled');
      if (this.untouched.has(stage)) {
        await this.tell(stage, onLayer);
        continue;
      }
      if (this.isWhole(stage.reads)) {
        for (const { name } of stage.hooks) if (this.connecting.has(name)) this.kept.set(name, this.earlierKept(name));
        continue;
      }
      const wanted = (name: string): boolean => this.fetch === 'everything' || this.connecting.has(name) || (this.fetch === 'patterns' && layers.has(name));
      const outputs = stage.hooks.map((hook) => hook.name).filter(wanted);
      if (!outputs.length) continue; // the last block of an encoder without a head
      const results = await this.execute(stage, outputs, this.reused[stage.reads], []);
      for (const [name, tensor] of results) this.keep(stage, name, tensor);
      if (outputs.some((name) => layers.has(name))) await this.tell(stage, onLayer);
      await breathe();
    }
    this.earlier = undefined;
    this.finished = true;
  }

  /** A hook point over all positions, computed again if it is not at hand. */
  async get(name: string): Promise<FloatTensor> {
    return only(await this.together([name]), name);
  }

  /** Several hook points of one stage: those that are not at hand are computed by running it once. */
  async together(names: readonly string[]): Promise<ReadonlyMap<string, FloatTensor>> {
    const [stage, other] = new Set(names.map((name) => this.stageOf.get(name)));
    if (!stage || other) throw new Error(`no stage has the hook points ${names.join(', ')}`);
    const owner = this.ownerOf(stage).id;
    const found = new Map<string, FloatTensor>();
    for (const name of names) {
      const known = this.kept.get(name) ?? this.cache.get(owner, name);
      if (known) found.set(name, known);
    }
    const missing = names.filter((name) => !found.has(name));
    if (!missing.length) return found;
    // Of a head, what is asked for here are its norm's hook points; the runtime's products of 8-bit numbers want one row at least.
    for (const [name, tensor] of await this.execute(stage, missing, 0, [0])) {
      this.cache.set(owner, name, tensor);
      found.set(name, tensor);
    }
    return found;
  }

  /** `pattern[head, query, key]` of a layer, `[1, head, query, key]`. */
  pattern(part: AttentionPart, layer: number): Promise<FloatTensor> {
    return this.get(this.model.attention(part).pattern(layer));
  }

  /** Logits of the given positions, `[1, positions.length, vocabulary]`. @throws ProblemError `model.predictsNothing` */
  async logits(positions: readonly number[]): Promise<FloatTensor> {
    const { logits } = this.model.network;
    return only(await this.execute(this.head, [logits], 0, positions), logits);
  }

  /**
   * Logits of what the head would make of other rows than those of the last layer, `[1, row, width]` → `[1, row, vocabulary]`;
   * `end` is a norm that takes the place of the head's own.
   * @throws ProblemError `model.predictsNothing`
   */
  async logitsFrom(rows: FloatTensor, end: EndNorm | null = null): Promise<FloatTensor> {
    const { logits } = this.model.network;
    const all = Array.from({ length: rows.shape[1] ?? 0 }, (_, row) => row);
    const given = new Map([[inputOf(this.head), rows]]);
    if (end) {
      given.set(`${UNEMBEDDED}.scale`, floats([1, 1, 1], Float32Array.of(0)));
      given.set(`${UNEMBEDDED}.add`, only(await this.execute(end.stage, [end.gives], 0, [], new Map([[inputOf(end.stage), rows]])), end.gives));
    }
    return only(await this.execute(this.head, [logits], 0, all, given), logits);
  }

  /** Every hook point of one stage over all positions: copies, which may be handed over. */
  async capture(stage: Stage): Promise<Map<string, FloatTensor>> {
    const names = stage.hooks.map((hook) => hook.name);
    const held = names.map((name) => this.kept.get(name) ?? this.cache.get(this.ownerOf(stage).id, name));
    if (held.every((tensor) => tensor !== undefined)) return new Map(names.map((name, i) => [name, copy(held[i])]));
    return this.execute(stage, names, 0, this.ids(stage.reads).map((_, position) => position));
  }

  /** Shape of a stage's hook point in this trace, logits at every position. */
  shape(stage: Stage, dims: readonly Dim[]): number[] {
    const own = this.ids(stage.reads).length;
    return dims.map((dim) => (typeof dim === 'number' ? dim : dim === 'past' ? 0 : dim === 'text' ? this.sequences.text.length : own));
  }

  /**
   * The same model on the same text with other tokens in it, `without` the token of that index where one is left
   * out: interventions stay with the tokens they are on. The caller releases it.
   */
  variant(ids: TraceIds, without?: number): Trace {
    const lengths = { text: ids.text.length, output: ids.output?.length ?? 0 };
    const patches = this.patches.size ? refitted(this.model.network.stages, this.patches, lengths, without) : NO_PATCHES;
    return new Trace(this.model, ids, this.cache, { patches, prefix: this, fetch: 'connections' });
  }

  /**
   * The same tokens with interventions, run from the first stage that they change, and where they change nothing before
   * the position `from` of what the head reads, from there; the caller releases it.
   */
  patched(patches: ReadonlyMap<string, FloatTensor>, from = 0): Trace {
    return new Trace(this.model, this.sequences, this.cache, { patches, base: this, from, fetch: 'connections' });
  }

  /** Whether something was intervened on. */
  get isPatched(): boolean {
    return this.patches.size > 0;
  }

  /** What interventions multiply a hook point by, or add to it, `[1, 1 or pos, …]` each dimension 1 or the hook point's; undefined where they leave it. */
  patchOn(hook: string, how: 'scale' | 'add'): FloatTensor | undefined {
    return this.patches.get(`${hook}.${how}`);
  }

  /** Finished, and nothing was intervened on. */
  get isPlain(): boolean {
    return this.finished && !this.isPatched;
  }

  /** Whether later positions change nothing at earlier ones, and what connects them is kept. */
  private get goesOn(): boolean {
    return this.model.network.past.length > 0;
  }

  /** Whether its text, and its output, are these. */
  isOf({ text, output = [] }: TraceIds): Readonly<Record<Sequence, boolean>> {
    return { text: sameIds(text, this.ids('text')), output: sameIds(output, this.ids('output')) };
  }

  /** For what takes long: it is for nobody once the trace has been released. @throws ProblemError `run.cancelled` */
  requireHeld(): void {
    if (this.released) throw new ProblemError('run.cancelled');
  }

  release(): void {
    this.finished = false;
    this.released = true;
    this.kept.clear();
    this.rotaryTables.clear();
    this.distanceTables.clear();
    const owners = [this.owners, ...(this.baseOwners ? [this.baseOwners] : [])];
    for (const owner of owners.flatMap(({ text, output }) => [text, output])) if (--owner.holders === 0) this.cache.drop(owner.id);
  }

  /** @throws ProblemError `model.predictsNothing` */
  private get head(): Stage {
    const head = this.model.network.stages.find(isHead);
    if (!head) throw new ProblemError('model.predictsNothing', { name: this.model.info.name });
    return head;
  }

  /** Runs a stage on the positions from `past` on; those before are given by their keys and values or states. Inputs that are given take the place of their source. */
  private async execute(stage: Stage, outputs: readonly string[], past: number, logitPositions: readonly number[], given = NOTHING_GIVEN): Promise<Map<string, FloatTensor>> {
    const session = await this.model.session(stage);
    const inputs = new Map<string, Tensor>();
    for (const input of stage.inputs) inputs.set(input.name, given.get(input.name) ?? (await this.feed(stage, input, past, logitPositions)));
    return session.run(inputs, outputs);
  }

  private async feed(stage: Stage, { name, source, shape }: StageInput, past: number, logitPositions: readonly number[]): Promise<Tensor> {
    const positions = this.ids(stage.reads).length;
    switch (source.from) {
      case 'stage':
        return this.stageOf.get(source.tensor)?.reads === stage.reads ? positionsFrom(this.required(source.tensor), past) : this.required(source.tensor);
      case 'tokens':
        return tokenIds(source.of === stage.reads ? this.ids(source.of).slice(past) : this.ids(source.of));
      case 'rows':
        return this.rows(stage, source, past);
      case 'past':
        return past ? positionsUpTo(this.earlierKept(source.hook), past) : floats(shape.map((dim) => (dim === 'past' ? 0 : Number(dim))));
      case 'state':
        return past ? positionsFrom(positionsUpTo(this.earlierKept(source.hook), past), past - 1) : floats(shape.map(Number));
      case 'mask':
        return maskOf(positions - past, positions, source);
      case 'rotary':
        return this.rotaryPart(source, positions, past);
      case 'sinusoids':
        return sinusoids(past, positions - past, source.width);
      case 'distances':
        return this.distances(source.buckets, positions, past);
      case 'logitPositions':
        return ints(logitPositions);
      case 'patch':
        return this.patchFrom(name, positions, past) ?? floats(shape.map(() => 1), Float32Array.of(source.neutral));
    }
  }

  private async rows({ reads }: Stage, { weight, of, first = 0, padding }: Extract<Source, { from: 'rows' }>, past: number): Promise<FloatTensor> {
    let next = first;
    const rows = this.ids(reads).map((id) => (of === 'tokens' ? id : id === padding ? first - 1 : next++)).slice(past);
    const data = await this.model.weights.rows(weight, rows);
    return floats([1, rows.length, data.length / rows.length], data);
  }

  private rotaryPart({ rotary, part }: Extract<Source, { from: 'rotary' }>, positions: number, past: number): FloatTensor {
    const table = this.rotaryTables.get(rotary) ?? rotaryTable(rotary, positions);
    this.rotaryTables.set(rotary, table);
    return positionsFrom(floats([1, positions, 1, rotary.pairs], table[part]), past);
  }

  /** An intervention `[1, pos, …]` on the positions that are run. */
  private patchFrom(name: string, positions: number, past: number): FloatTensor | undefined {
    const patch = this.patches.get(name);
    return patch && past && patch.shape[1] === positions ? positionsFrom(patch, past) : patch;
  }

  /** All layers ask for the same. */
  private distances(buckets: DistanceBuckets, positions: number, past: number): IntTensor {
    const known = this.distanceTables.get(buckets);
    if (known?.shape[0] === positions - past) return known;
    const made = distancesOf(positions - past, positions, buckets);
    this.distanceTables.set(buckets, made);
    return made;
  }

  private required(name: string): FloatTensor {
    const tensor = this.kept.get(name);
    if (tensor) return tensor;
    this.requireHeld();
    throw new Error(`${name} has not been computed`);
  }

  private earlierKept(name: string): FloatTensor {
    const tensor = this.earlier?.kept.get(name);
    if (!tensor) throw new Error(`${name} is not in the earlier trace`);
    return tensor;
  }

  /** Stores what a run gave; rows of reused positions are put in front. */
  private keep(stage: Stage, name: string, computed: FloatTensor): void {
    const dims = stage.hooks.find((hook) => hook.name === name)?.shape ?? [];
    const reused = this.reused[stage.reads];
    if (this.connecting.has(name)) {
      const reuse = reused > 0 && dims[1] === 'pos';
      this.kept.set(name, reuse ? concat(positionsUpTo(this.earlierKept(name), reused), computed, 1) : computed);
      return;
    }
    const before = reused ? this.earlier && this.cache.get(this.earlier.owners[stage.reads].id, name) : undefined;
    if (reused && !before) return; // computed as a whole when asked for
    this.cache.set(this.owners[stage.reads].id, name, before ? joinRows(before, computed, reused) : computed);
  }

  private async tell({ hooks }: Stage, onLayer: (of: LayerOf) => Promise<void>): Promise<void> {
    for (const { name } of hooks) {
      const layer = this.model.layers.get(name);
      if (layer) await onLayer(layer);
    }
  }

  private ownerOf(stage: Stage): Owner {
    return (this.untouched.has(stage) ? this.baseOwners : undefined)?.[stage.reads] ?? this.owners[stage.reads];
  }

  /** Stages that have the same tokens, no intervention, and nothing to read that differs. The head is always run. */
  private untouchedIn(base: Trace): Set<Stage> {
    const { text, output } = base.isOf(this.sequences);
    const untouched = new Set<Stage>();
    for (const stage of this.model.network.stages.filter((candidate) => !isHead(candidate))) {
      const differs = ({ name, source }: StageInput): boolean => {
        if (source.from === 'patch') return this.patches.has(name);
        const before = source.from === 'stage' ? this.stageOf.get(source.tensor) : undefined;
        return before !== undefined && !untouched.has(before);
      };
      if (text && (stage.reads === 'text' || output) && !stage.inputs.some(differs)) untouched.add(stage);
    }
    return untouched;
  }

  /** Whether nothing of a sequence has to be run. */
  private isWhole(sequence: Sequence): boolean {
    return this.reused[sequence] > 0 && this.reused[sequence] === this.ids(sequence).length;
  }

  /**
   * Tokens from the start of other ids whose results can be taken over from this trace. The last token of what
   * the head reads is never among them: its residual stream is what the head reads.
   */
  reusableFor({ text, output = [] }: TraceIds): Record<Sequence, number> {
    const { kind } = this.model.info;
    const none = { text: 0, output: 0 };
    if (!this.isPlain) return none;
    const { goesOn } = this;
    const shared = commonStart(text, this.sequences.text);
    if (kind === 'encoder-decoder') {
      const same = shared === text.length && shared === this.sequences.text.length;
      return same ? { text: shared, output: goesOn ? Math.min(commonStart(output, this.ids('output')), output.length - 1) : 0 } : none;
    }
    const sameTurns = rotariesOf(this.model.network.stages).every(({ regime }) => regime(text.length) === regime(this.sequences.text.length));
    return kind !== 'encoder' && goesOn && sameTurns ? { text: Math.min(shared, text.length - 1), output: 0 } : none;
  }
}

/** `[1, pos]` */
const tokenIds = (ids: readonly number[]): Tensor => ({ ...ints(ids), shape: [1, ids.length] });

const sameIds = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && commonStart(a, b) === a.length;

function commonStart(a: readonly number[], b: readonly number[]): number {
  let shared = 0;
  while (shared < a.length && shared < b.length && a[shared] === b[shared]) shared++;
  return shared;
}

/**
 * A pattern `[1, head, query, key]` whose first `reused` rows come from an earlier one, with nothing on keys
 * that were not there.
 */
function joinRows(before: FloatTensor, computed: FloatTensor, reused: number): FloatTensor {
  const [, heads = 0, fresh = 0, keys = 0] = computed.shape;
  const [, , rows = 0, width = 0] = before.shape;
  const queries = reused + fresh;
  const whole = floats([1, heads, queries, keys]);
  for (let head = 0; head < heads; head++) {
    for (let query = 0; query < reused; query++) {
      const from = (head * rows + query) * width;
      whole.data.set(before.data.subarray(from, from + Math.min(width, keys)), (head * queries + query) * keys);
    }
    whole.data.set(computed.data.subarray(head * fresh * keys, (head + 1) * fresh * keys), (head * queries + reused) * keys);
  }
  return whole;
}

const rotariesOf = (stages: readonly Stage[]): Rotary[] => stages.flatMap((stage) => stage.inputs.flatMap(({ source }) => (source.from === 'rotary' ? [source.rotary] : [])));

const copy = (tensor: FloatTensor | undefined): FloatTensor => floats(tensor?.shape ?? [0], tensor?.data.slice());

/** Name of the input by which a head, or a norm before one, gets what the layers left. */
function inputOf(stage: Stage): string {
  const input = headInput(stage);
  if (!input) throw new Error(`${stage.name} reads nothing that layers left`);
  return input.name;
}

function only(results: ReadonlyMap<string, FloatTensor>, name: string): FloatTensor {
  const tensor = results.get(name);
  if (!tensor) throw new Error(`${name} was not computed`);
  return tensor;
}
