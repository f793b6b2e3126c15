/** The second door as the engine sees it: an exported graph whose stages run beside those that are written here. */
import type { ModelFiles } from '../../files.ts';
import { LIVE_PATTERNS, memoryNeeded, memoryOf, requireRoom, sizesOf, type MemoryLimits } from '../../memory.ts';
import type { Opening } from '../../opening.ts';
import type { Runtime } from '../../session.ts';
import { MOST_TOKENS } from '../../window.ts';
import type { Stage } from '../stage.ts';
import { damaged } from './damaged.ts';
import { openDoor } from './door.ts';
import type { PlacedWeight } from './graphStage.ts';
import type { OnnxFiles } from './locate.ts';

export interface ExportedHost {
  /** What config.json and generation_config.json hold; null where there is none. */
  readonly config: unknown;
  readonly generation: unknown;
  readonly files: ModelFiles;
  readonly runtime: Runtime;
  readonly limits: MemoryLimits;
}

/** @throws ProblemError `onnx.…`, `model.badConfig`, `model.tooLarge` */
export async function openExported(found: OnnxFiles, { config, generation, files, runtime, limits }: ExportedHost): Promise<Opening> {
  const { network, stages, parameters, formats, type } = await openDoor(found, {
    files,
    config,
    generation,
    requireRoom: (bytes) => requireRoom(memoryNeeded({ stages: bytes, layers: 0, heads: 0, width: 0, tokens: MOST_TOKENS }), limits),
    createSession: async ({ stage, weights }) => runtime.createSession(stage.graph, await packed(weights, stage.weightBytes, files), true),
  });
  const places = new Map<Stage, readonly PlacedWeight[]>(stages.map(({ stage, weights }) => [stage, weights]));
  const sizes = sizesOf(network);
  // Patterns of all layers come out of one run at once.
  const patterns = network.attentions.reduce((sum, { layers, heads }) => sum + layers * heads, 0);
  return {
    door: 'onnx',
    type,
    network,
    precision: 'float32',
    memory: memoryOf(memoryNeeded({ ...sizes, heads: sizes.heads + Math.ceil(patterns / LIVE_PATTERNS) })),
    parameters,
    formats,
    weights: {
      checkpoint: null,
      rows: () => Promise.reject(new Error('an exported graph looks up its own rows')),
      withPacked: async (stage, use) => use(await packed(places.get(stage) ?? [], stage.weightBytes, files)),
    },
    sessions: new Map(stages.map(({ stage, session }) => [stage, session])),
    exact: () => network,
  };
}

/** Weights as they lie in their files, in one buffer. */
async function packed(weights: readonly PlacedWeight[], length: number, files: ModelFiles): Promise<Uint8Array> {
  const buffer = new Uint8Array(length);
  for (const { file, start, end, offset } of weights) {
    const bytes = await files.range(file, start, end);
    if (bytes.length !== end - start) throw damaged(file, 'it breaks off');
    buffer.set(bytes, offset);
  }
  return buffer;
}
