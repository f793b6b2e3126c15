import type { ModelKind } from '../../protocol.ts';
import type { Checkpoint } from '../safetensors.ts';
import type { Stage } from '../onnx/stage.ts';

/** The sizes every model has, whatever its family. */
export interface Dimensions {
  readonly layers: number;
  readonly heads: number;
  /** Heads of keys and values; consecutive query heads share one where there are fewer. */
  readonly keyHeads: number;
  readonly width: number;
  readonly headWidth: number;
  readonly vocabulary: number;
  readonly positions: number;
}

/** A model of some family, written as stages in the order they run. */
export interface Network {
  readonly kind: ModelKind;
  readonly dimensions: Dimensions;
  readonly stages: readonly Stage[];
  /** Hook points whose value at earlier positions can be handed to a later run: keys and values. */
  readonly past: readonly string[];
  /** Hook point of layer `l` that holds its pattern, `[1, head, query, key]`. */
  readonly pattern: (layer: number) => string;
  /** Hook point that holds the logits, `[1, logit, vocabulary]`. */
  readonly logits: string;
}

/** One family: how its config.json and tensors become a network. */
export interface Architecture {
  /** `model_type` values it serves. */
  readonly types: readonly string[];
  /**
   * Checks the configuration and every tensor's shape, and writes the graphs.
   * @throws ProblemError `model.badConfig`, `model.missingTensor`, `model.wrongShape`
   */
  build(config: unknown, checkpoint: Checkpoint): Network;
}
