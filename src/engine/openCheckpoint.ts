/** The first door: graphs written from config.json, weights from safetensors files. */
import type { Precision } from '../protocol.ts';
import { architectureOf } from './architectures/index.ts';
import type { Network } from './architectures/architecture.ts';
import type { ModelFiles } from './files.ts';
import { openFitting, type MemoryLimits } from './memory.ts';
import type { Opening } from './opening.ts';
import { withPackedWeights } from './packing.ts';
import { Checkpoint } from './safetensors.ts';
import { sizeOf } from './tensor.ts';

/** `generation` is null where there is no generation_config.json. @throws ProblemError `model.…` */
export async function openCheckpoint(config: unknown, generation: unknown, files: ModelFiles, asked: Precision | undefined, limits: MemoryLimits): Promise<Opening> {
  const { type, architecture } = architectureOf(config);
  const checkpoint = await Checkpoint.open(files);
  const build = (precision: Precision): Network => architecture.build(config, checkpoint.heldAs(precision), generation);
  return {
    door: 'weights',
    type,
    ...openFitting(build, asked, limits),
    parameters: checkpoint.names().reduce((sum, name) => sum + sizeOf(checkpoint.entry(name).shape), 0),
    formats: [...new Set(checkpoint.names().map((name) => checkpoint.entry(name).format))].join(' + '),
    weights: { checkpoint, rows: (weight, rows) => checkpoint.rows(weight, rows), withPacked: (stage, use) => withPackedWeights(stage, checkpoint, use) },
    sessions: new Map(),
    exact: () => build('float32'),
  };
}
