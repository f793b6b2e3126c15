/** A loaded model: its folder's files checked, its stages written, a session for each when first needed. */
import type { AttentionPart, ModelInfo, ModelSource, Token } from '../protocol.ts';
import { architectureOf } from './architectures/index.ts';
import type { Network, NetworkAttention } from './architectures/architecture.ts';
import type { ModelFiles } from './files.ts';
import type { Stage } from './onnx/stage.ts';
import { packWeights } from './packing.ts';
import { ProblemError } from './problemError.ts';
import { Checkpoint } from './safetensors.ts';
import type { Runtime, Session } from './session.ts';
import { sizeOf } from './tensor.ts';
import { Tokenizer } from './tokenizer.ts';
import type { LayerOf } from './trace.ts';

/** wasm addresses 4 GiB; weights are packed beside their copy while a session is made, and runs need room. */
const LARGEST_WEIGHTS = 3 * 2 ** 30;

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
  ) {
    this.layers = layersOf(network);
  }

  /** @throws ProblemError `model.…` naming the file and what is wrong with it */
  static async load(source: ModelSource, files: ModelFiles, runtime: Runtime): Promise<Model> {
    try {
      const config = await readJson(files, 'config.json');
      const { type, architecture } = architectureOf(config);
      const checkpoint = await Checkpoint.open(files);
      const network = architecture.build(config, checkpoint);
      const bytes = weightBytesOf(network);
      if (bytes > LARGEST_WEIGHTS) throw new ProblemError('model.tooLarge', { needed: gibibytes(bytes), limit: gibibytes(LARGEST_WEIGHTS) });
      const { positions, ...dimensions } = network.dimensions;
      const info: ModelInfo = {
        name: source.name,
        kind: network.kind,
        type,
        attentions: network.attentions.map(({ part, layers, heads, keyHeads, queries, keys, causal }) => ({ part, layers, heads, keyHeads, queries, keys, causal })),
        predicts: network.predicts,
        mask: null,
        ...dimensions,
        positions,
        parameters: checkpoint.names().reduce((sum, name) => sum + sizeOf(checkpoint.entry(name).shape), 0),
        weights: [...new Set(checkpoint.names().map((name) => checkpoint.entry(name).format))].join(' + '),
        threads: runtime.threads,
      };
      return new Model(info, network, checkpoint, await readTokenizer(files), files, runtime);
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

  /** Bytes of weights that the runtime holds once every session is made. */
  get weightBytes(): number {
    return weightBytesOf(this.network);
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
    const sessions = await Promise.allSettled(this.sessions.values());
    this.sessions.clear();
    for (const session of sessions) if (session.status === 'fulfilled') await session.value.release();
    await this.files.close();
  }

  private async createSession(stage: Stage): Promise<Session> {
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

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

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
