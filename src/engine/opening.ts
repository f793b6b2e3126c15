/** What opening a folder gives, whichever door it came through: written from its configuration, or read from ONNX files. */
import type { ModelInfo, ModelMemory, Precision } from '../protocol.ts';
import type { Network } from './architectures/architecture.ts';
import type { Checkpoint } from './safetensors.ts';
import type { Stage } from './onnx/stage.ts';
import type { Session } from './session.ts';

/** Where the numbers of a model come from when a stage is made or run. */
export interface Weights {
  /** What stages are written for: for probes that read weights themselves. Null for an exported graph. */
  readonly checkpoint: Checkpoint | null;
  /** Rows of a matrix in float32, for a stage that looks them up. */
  rows(weight: string, rows: readonly number[]): Promise<Float32Array>;
  /** Lends `use` the weights of a stage in one buffer, as its graph expects them. */
  withPacked<T>(stage: Stage, use: (packed: Uint8Array) => Promise<T>): Promise<T>;
}

export interface Opening {
  readonly door: ModelInfo['door'];
  /** `model_type` of config.json. */
  readonly type: string;
  readonly network: Network;
  readonly precision: Precision;
  readonly memory: ModelMemory;
  readonly parameters: number;
  /** How the weights are stored: `F32 + F16`. */
  readonly formats: string;
  readonly weights: Weights;
  /** Sessions that opening has made. */
  readonly sessions: ReadonlyMap<Stage, Session>;
  /** The same network in float32. */
  readonly exact: () => Network;
}
