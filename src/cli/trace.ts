import { open } from 'node:fs/promises';
import { safetensorsHeader } from '../engine/safetensors.ts';
import { print } from './print.ts';
import type { Session } from './session.ts';

/**
 * Writes every hook point as float32, stage by stage, so that no more than one stage is in memory.
 * Metadata: `text`, `input_ids` (JSON list), `tokens` (JSON list of texts), `model`; of an encoder–decoder also
 * `output_ids` and `output_tokens`.
 */
export async function trace({ info, output, text, ask }: Session, { out }: { readonly out: string }): Promise<void> {
  const { stages } = await ask('stages', {});
  const metadata = {
    format: 'pt',
    model: info.model.name,
    text,
    input_ids: JSON.stringify(info.tokens.map((token) => token.id)),
    tokens: JSON.stringify(info.tokens.map((token) => token.text)),
    window: JSON.stringify([info.window.start, info.window.end]),
    ...(output ? { output_ids: JSON.stringify(output.map((token) => token.id)), output_tokens: JSON.stringify(output.map((token) => token.text)) } : {}),
  };
  const hooks = stages.flatMap((stage) => stage.hooks);
  const file = await open(out, 'w');
  try {
    await file.write(safetensorsHeader(hooks, metadata));
    for (const stage of stages) {
      const { tensors } = await ask('capture', { stage: stage.name });
      for (const hook of stage.hooks) {
        const tensor = tensors.find(({ name }) => name === hook.name);
        if (!tensor || tensor.shape.join() !== hook.shape.join()) throw new Error(`${hook.name} is not as announced`);
        await file.write(new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength));
      }
    }
  } finally {
    await file.close();
  }
  print(`${String(hooks.length)} hook points of ${info.model.name} on ${String(info.tokens.length)} tokens${output ? ` and ${String(output.length)} of output` : ''} → ${out}`);
}
