import type { Stage } from './onnx/stage.ts';
import { quantizeWeight } from './quantize.ts';
import type { Checkpoint } from './safetensors.ts';
import { Scratch } from './scratch.ts';

const scratch = new Scratch();

/**
 * Lends `use` the weights of a stage in one buffer, as its graph expects them: read, widened and quantised
 * tensor by tensor.
 */
export function withPackedWeights<T>({ weights, weightBytes }: Stage, checkpoint: Checkpoint, use: (packed: Uint8Array) => Promise<T>): Promise<T> {
  return scratch.lend(weightBytes, async (buffer) => {
    for (const { tensor, offset, values, quantized } of weights) {
      if (quantized) {
        const scales = new Float32Array(buffer, quantized.scales, quantized.outputs);
        await quantizeWeight((from, to, out) => checkpoint.readRows(tensor, from, to, out), quantized, new Int8Array(buffer, offset, values), scales);
      } else {
        await checkpoint.read(tensor, new Float32Array(buffer, offset, values));
      }
    }
    return use(new Uint8Array(buffer, 0, weightBytes));
  });
}
