/** A loaded model: its folder's files checked, its stages written, a session for each when first needed. */
import type { AttentionPart, ModelInfo, ModelSource, Sequence, Token } from '../protocol.ts';
import { isKnownType } from './architectures/index.ts';
import type { Network, NetworkAttention } from './architectures/architecture.ts';
import type { ModelFiles } from './files.ts';
import { LARGE_WEIGHTS, WASM_HEAP, type MemoryLimits } from './memory.ts';
import { findOnnxFiles } from './onnx/door/locate.ts';
import { openExported } from './onnx/door/openExported.ts';
import type { Stage } from './onnx/stage.ts';
import { openCheckpoint } from './openCheckpoint.ts';
import type { Opening, Weights } from './opening.ts';
import { ProblemError } from './problemError.ts';
import { hasCheckpoint } from './safetensors.ts';
import type { Runtime, Session } from './session.ts';
import type { Tokenizer } from './tokenizer.ts';
import { openTokenizers, type Tokenizers } from './tokenizer/open.ts';
import type { LayerOf } from './trace.ts';

export class Model {
  /** What each pattern and state is told as, by hook point. */
  readonly layers: ReadonlyMap<string, LayerOf>;
  private readonly sessions = new Map<Stage, Promise<Session>>();

  private constructor(
    readonly info: ModelInfo,
    readonly network: Network,
    readonly weights: Weights,
    private readonly tokenizers: Tokenizers | ProblemError,
    private readonly files: ModelFiles,
    private readonly runtime: Runtime,
    private readonly exact: () => Network,
    /** Sessions that are held, or only the one used last. */
    private readonly holds: 'all' | 'latest' = 'all',
  ) {
    this.layers = layersOf(network);
  }

  /** @throws ProblemError `model.…` naming the file and what is wrong with it, or that it does not fit into memory */
  static async load(source: ModelSource, files: ModelFiles, runtime: Runtime, limits: MemoryLimits = { heap: WASM_HEAP, machine: Infinity }): Promise<Model> {
    try {
      const opening = await open(source, files, runtime, limits);
      const { network } = opening;
      const { positions, ...dimensions } = network.dimensions;
      const tokenizers = await readTokenizers(files);
      const text = tokenizers instanceof ProblemError ? null : tokenizers.text;
      const info: ModelInfo = {
        name: source.name,
        kind: network.kind,
        door: opening.door,
        type: opening.type,
        attentions: network.attentions.map(({ part, layers, heads, keyHeads, queries, keys, causal }) => ({ part, layers, heads, keyHeads, queries, keys, causal })),
        predicts: network.predicts,
        mask: text?.mask?.text ?? null,
        targets: text?.targets ?? [],
        ...dimensions,
        positions,
        parameters: opening.parameters,
        weights: opening.formats,
        precision: opening.precision,
        memory: opening.memory,
        threads: runtime.threads,
      };
      const model = new Model(info, network, opening.weights, tokenizers, files, runtime, opening.exact);
      for (const [stage, session] of opening.sessions) model.sessions.set(stage, Promise.resolve(session));
      return model;
    } catch (thrown) {
      await files.close();
      throw thrown;
    }
  }

  /** Of the text. @throws ProblemError if the folder has no usable tokenizer: token ids can still be run */
  get tokenizer(): Tokenizer {
    if (this.tokenizers instanceof ProblemError) throw this.tokenizers;
    return this.tokenizers.text;
  }

  /** Id of the mask that an encoder fills, or null where it has none. */
  get maskId(): number | null {
    return this.tokenizers instanceof ProblemError ? null : this.tokenizers.text.maskId;
  }

  /** A token of the vocabulary that the model predicts, as text; its id where the folder has no tokenizer. */
  outputText(id: number): string {
    return this.tokenizers instanceof ProblemError ? bareText(id) : this.tokenizers.output.piece(id);
  }

  /** A token of the text's vocabulary, alone; its id where the folder has no tokenizer. */
  textPiece(id: number): string {
    return this.tokenizers instanceof ProblemError ? bareText(id) : this.tokenizers.text.piece(id);
  }

  /** Ids of a text in the vocabulary that the model predicts, with none put around it. @throws ProblemError if the folder has no usable tokenizer */
  outputIds(text: string): number[] {
    if (this.tokenizers instanceof ProblemError) throw this.tokenizers;
    return this.tokenizers.output.encode(text).flatMap(({ id, origin }) => (origin === 'added' ? [] : [id]));
  }

  /** Whether a token stands for no text; of the vocabulary that the model predicts, where no other is named. */
  isSpecial(id: number, sequence: Sequence = 'output'): boolean {
    return !(this.tokenizers instanceof ProblemError) && this.tokenizers[sequence].isSpecial(id);
  }

  /** What ids of the vocabulary that the model predicts spell; `\uFFFD` for bytes that are no whole character. */
  textOf(ids: readonly number[]): string {
    return this.tokenizers instanceof ProblemError ? ids.map(bareText).join('') : this.tokenizers.output.decode(ids);
  }

  /** Tokens for ids that came without a text. */
  describe(ids: readonly number[], sequence: Sequence = 'text'): Token[] {
    return this.tokenizers instanceof ProblemError ? ids.map(bareToken) : this.tokenizers[sequence].describe(ids);
  }

  /**
   * The same model in float32, which holds one session at a time, so that it runs where it would not fit as a
   * whole: what 8 bits are measured against. It reads this model's files; only its sessions are to be released.
   */
  reference(): Model {
    return new Model({ ...this.info, precision: 'float32' }, this.exact(), this.weights, this.tokenizers, this.files, this.runtime, this.exact, 'latest');
  }

  /** Bytes of weights that the runtime holds once every session is made. */
  get weightBytes(): number {
    return weightBytesOf(this.network);
  }

  private get largestStage(): Stage {
    return this.network.stages.reduce((largest, stage) => (stage.weightBytes > largest.weightBytes ? stage : largest));
  }

  /** @throws Error if the model has no such attention: questions are checked before */
  attention(part: AttentionPart): NetworkAttention {
    const found = this.network.attentions.find((attention) => attention.part === part);
    if (!found) throw new Error(`the model has no ${part} attention`);
    return found;
  }

  /** So many keys a query of this layer sees at most, or null where it sees all there are. */
  window(part: AttentionPart, layer: number): number | null {
    const pattern = this.attention(part).pattern(layer);
    const stage = this.network.stages.find(({ hooks }) => hooks.some(({ name }) => name === pattern));
    return stage?.inputs.flatMap(({ source }) => (source.from === 'mask' ? [source.window] : []))[0] ?? null;
  }

  /** The session of a stage, made at its first use from the stage's own weights only. */
  session(stage: Stage): Promise<Session> {
    const known = this.sessions.get(stage);
    if (known) return known;
    const made = this.createSession(stage);
    this.sessions.set(stage, made);
    made.catch(() => this.sessions.delete(stage));
    return made;
  }

  async release(): Promise<void> {
    await this.releaseSessions();
    await this.files.close();
  }

  async releaseSessions(): Promise<void> {
    const made = [...this.sessions.values()];
    this.sessions.clear();
    for (const session of await Promise.allSettled(made)) if (session.status === 'fulfilled') await session.value.release();
  }

  private async createSession(stage: Stage): Promise<Session> {
    if (this.holds === 'latest') await this.releaseSessions();
    // While a session is made its weights are there twice: of a large model the largest goes first, while there is room.
    else if (this.weightBytes > LARGE_WEIGHTS && stage !== this.largestStage) await this.session(this.largestStage);
    return this.weights.withPacked(stage, (packed) => this.runtime.createSession(stage.graph, packed, this.info.door === 'onnx'));
  }
}

const bareText = (id: number): string => `#${String(id)}`;

/** A token of a model whose folder has no tokenizer. */
const bareToken = (id: number, index: number): Token => ({ id, text: bareText(id), bytes: [], start: 0, end: 0, origin: 'text', partial: false, word: index });

function layersOf({ attentions, states, dimensions }: Network): Map<string, LayerOf> {
  const layers = new Map<string, LayerOf>();
  for (const { part, layers: count, pattern } of attentions) for (let layer = 0; layer < count; layer++) layers.set(pattern(layer), { part, layer });
  if (states) for (let layer = 0; layer < dimensions.layers; layer++) layers.set(states.state(layer), { part: 'state', layer });
  return layers;
}

const weightBytesOf = ({ stages }: Network): number => stages.reduce((sum, stage) => sum + stage.weightBytes, 0);

/** Weights that a family is known for come first; else an ONNX file, if there is one. */
async function open(source: ModelSource, files: ModelFiles, runtime: Runtime, limits: MemoryLimits): Promise<Opening> {
  const optional = async (file: string): Promise<unknown> => ((await files.size(file)) === null ? null : readJson(files, file));
  const generation = await optional('generation_config.json');
  const exported = await findOnnxFiles(files);
  if (exported) {
    const config = await optional('config.json');
    if (!(isKnownType(config) && (await hasCheckpoint(files)))) return openExported(exported, { config, generation, files, runtime, limits });
  }
  return openCheckpoint(await readJson(files, 'config.json'), generation, files, source.precision, limits);
}

async function readJson(files: ModelFiles, file: string): Promise<unknown> {
  if ((await files.size(file)) === null) throw new ProblemError('model.missingFile', { file, folder: files.folder });
  try {
    return JSON.parse(await files.text(file)) as unknown;
  } catch (cause) {
    throw new ProblemError('model.notJson', { file, detail: cause instanceof Error ? cause.message : String(cause) }, { cause });
  }
}

/** A folder without a tokenizer can be run on token ids, so the problem is kept until text is asked for. */
async function readTokenizers(files: ModelFiles): Promise<Tokenizers | ProblemError> {
  try {
    return await openTokenizers(files);
  } catch (thrown) {
    if (thrown instanceof ProblemError) return thrown;
    throw thrown;
  }
}
