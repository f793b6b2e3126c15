import type { Stage } from './onnx/stage.ts';
import { quantizeWeight } from './quantize.ts';
import type { Checkpoint } from './safetensors.ts';

/** The weights of a stage in one buffer, as its graph expects them: read, widened and quantised tensor by tensor. */
export async function packWeights({ weights, weightBytes }: Stage, checkpoint: Checkpoint): Promise<Uint8Array> {
  const packed = new ArrayBuffer(weightBytes);
  for (const { tensor, offset, values, quantized } of weights) {
    if (quantized) {
      const scales = new Float32Array(packed, quantized.scales, quantized.outputs);
      await quantizeWeight((from, to, out) => checkpoint.readRows(tensor, from, to, out), quantized, new Int8Array(packed, offset, values), scales);
    } else {
      await checkpoint.read(tensor, new Float32Array(packed, offset, values));
    }
  }
  return new Uint8Array(packed);
}
