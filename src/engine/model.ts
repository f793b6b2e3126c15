/** A loaded model: its folder's files checked, its stages written, a session for each when first needed. */
import type { AttentionPart, ModelInfo, ModelSource, Precision, Token } from '../protocol.ts';
import { architectureOf } from './architectures/index.ts';
import type { Network, NetworkAttention } from './architectures/architecture.ts';
import type { ModelFiles } from './files.ts';
import { LARGE_WEIGHTS, openFitting, WASM_HEAP, type MemoryLimits } from './memory.ts';
import type { Stage } from './onnx/stage.ts';
import { packWeights } from './packing.ts';
import { ProblemError } from './problemError.ts';
import { Checkpoint } from './safetensors.ts';
import type { Runtime, Session } from './session.ts';
import { sizeOf } from './tensor.ts';
import { Tokenizer } from './tokenizer.ts';
import type { LayerOf } from './trace.ts';

export class Model {
  /** What each pattern and state is told as, by hook point. */
  readonly layers: ReadonlyMap<string, LayerOf>;
  private readonly sessions = new Map<Stage, Promise<Session>>();

  private constructor(
    readonly info: ModelInfo,
    readonly network: Network,
    readonly checkpoint: Checkpoint,
    private readonly tokenizerOrProblem: Tokenizer | ProblemError,
    private readonly files: ModelFiles,
    private readonly runtime: Runtime,
    private readonly build: (precision: Precision) => Network,
    /** Sessions that are held, or only the one used last. */
    private readonly holds: 'all' | 'latest' = 'all',
  ) {
    this.layers = layersOf(network);
  }

  /** @throws ProblemError `model.…` naming the file and what is wrong with it, or that it does not fit into memory */
  static async load(source: ModelSource, files: ModelFiles, runtime: Runtime, limits: MemoryLimits = { heap: WASM_HEAP, machine: Infinity }): Promise<Model> {
    try {
      const config = await readJson(files, 'config.json');
      const { type, architecture } = architectureOf(config);
      const checkpoint = await Checkpoint.open(files);
      const generation = 'generation_config.json';
      const writing = (await files.size(generation)) === null ? null : await readJson(files, generation);
      const build = (precision: Precision): Network => architecture.build(config, checkpoint.heldAs(precision), writing);
      const { network, precision, memory } = openFitting(build, source.precision, limits);
      const { positions, ...dimensions } = network.dimensions;
      const tokenizer = await readTokenizer(files);
      const info: ModelInfo = {
        name: source.name,
        kind: network.kind,
        type,
        attentions: network.attentions.map(({ part, layers, heads, keyHeads, queries, keys, causal }) => ({ part, layers, heads, keyHeads, queries, keys, causal })),
        predicts: network.predicts,
        mask: tokenizer instanceof Tokenizer ? (tokenizer.mask?.text ?? null) : null,
        targets: tokenizer instanceof Tokenizer ? tokenizer.targets : [],
        ...dimensions,
        positions,
        parameters: checkpoint.names().reduce((sum, name) => sum + sizeOf(checkpoint.entry(name).shape), 0),
        weights: [...new Set(checkpoint.names().map((name) => checkpoint.entry(name).format))].join(' + '),
        precision,
        memory,
        threads: runtime.threads,
      };
      return new Model(info, network, checkpoint, tokenizer, files, runtime, build);
    } catch (thrown) {
      await files.close();
      throw thrown;
    }
  }

  /** @throws ProblemError if the folder has no usable tokenizer: token ids can still be run */
  get tokenizer(): Tokenizer {
    if (this.tokenizerOrProblem instanceof ProblemError) throw this.tokenizerOrProblem;
    return this.tokenizerOrProblem;
  }

  /** Id of the mask that an encoder fills, or null where it has none. */
  get maskId(): number | null {
    return this.hasTokenizer ? this.tokenizer.maskId : null;
  }

  /** A token of the vocabulary that the model predicts, as text. */
  outputText(id: number): string {
    return this.tokenText(id);
  }

  /** What ids of the vocabulary that the model predicts spell; `\uFFFD` for bytes that are no whole character. */
  textOf(ids: readonly number[]): string {
    return this.hasTokenizer ? this.tokenizer.decode(ids) : ids.map((id) => this.tokenText(id)).join('');
  }

  /** Tokens for ids that came without a text. */
  describe(ids: readonly number[]): Token[] {
    return this.hasTokenizer ? this.tokenizer.describe(ids) : ids.map(bareToken);
  }

  /** A token as text, or its id where the folder has no tokenizer. */
  tokenText(id: number): string {
    return this.hasTokenizer ? this.tokenizer.piece(id) : `#${String(id)}`;
  }

  /**
   * The same model in float32, which holds one session at a time, so that it runs where it would not fit as a
   * whole: what 8 bits are measured against. It reads this model's files; only its sessions are to be released.
   */
  reference(): Model {
    return new Model({ ...this.info, precision: 'float32' }, this.build('float32'), this.checkpoint, this.tokenizerOrProblem, this.files, this.runtime, this.build, 'latest');
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

  get hasTokenizer(): boolean {
    return this.tokenizerOrProblem instanceof Tokenizer;
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
    return this.runtime.createSession(stage.graph, await packWeights(stage, this.checkpoint));
  }
}

/** A token of a model whose folder has no tokenizer. */
const bareToken = (id: number, index: number): Token => ({ id, text: `#${String(id)}`, bytes: [], start: 0, end: 0, origin: 'text', partial: false, word: index });

function layersOf({ attentions, states, dimensions }: Network): Map<string, LayerOf> {
  const layers = new Map<string, LayerOf>();
  for (const { part, layers: count, pattern } of attentions) for (let layer = 0; layer < count; layer++) layers.set(pattern(layer), { part, layer });
  if (states) for (let layer = 0; layer < dimensions.layers; layer++) layers.set(states.state(layer), { part: 'state', layer });
  return layers;
}

const weightBytesOf = ({ stages }: Network): number => stages.reduce((sum, stage) => sum + stage.weightBytes, 0);

async function readJson(files: ModelFiles, file: string): Promise<unknown> {
  if ((await files.size(file)) === null) throw new ProblemError('model.missingFile', { file, folder: files.folder });
  try {
    return JSON.parse(await files.text(file)) as unknown;
  } catch (cause) {
    throw new ProblemError('model.notJson', { file, detail: cause instanceof Error ? cause.message : String(cause) }, { cause });
  }
}

/** A folder without a tokenizer can be run on token ids, so the problem is kept until text is asked for. */
async function readTokenizer(files: ModelFiles): Promise<Tokenizer | ProblemError> {
  const file = 'tokenizer.json';
  if ((await files.size(file)) === null) return new ProblemError('model.missingFile', { file, folder: files.folder });
  const configFile = 'tokenizer_config.json';
  const config = (await files.size(configFile)) === null ? null : await files.text(configFile);
  try {
    return Tokenizer.parse(await files.text(file), config);
  } catch (thrown) {
    if (thrown instanceof ProblemError) return thrown;
    throw thrown;
  }
}
