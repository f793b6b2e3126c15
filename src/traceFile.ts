/** A whole trace as a safetensors file, for the command line and for the panel. */
import { safetensorsHeader } from './engine/safetensors.ts';
import type { Answer, Ask, Question, RunInfo, Token } from './protocol.ts';

/** A run that questions can be put to. */
export interface Traced {
  readonly info: RunInfo;
  /** What the decoder of an encoder–decoder wrote or was given; null for other models. */
  readonly output: readonly Token[] | null;
  /** The text that was run; empty for token ids. */
  readonly text: string;
  ask<Q extends Question>(question: Q, ask: Ask<Q>): Promise<Answer<Q>>;
}

export interface TraceFile {
  readonly hooks: number;
  /** How long the file is. */
  readonly bytes: number;
  /** The file, piece by piece: no more than one stage is in memory. */
  readonly pieces: () => AsyncGenerator<Uint8Array>;
}

/**
 * Every hook point as float32 under its TransformerLens name, stage by stage. Metadata: `text`, `input_ids` (JSON list),
 * `tokens` (JSON list of texts), `model`, `caption`; of an encoder–decoder also `output_ids` and `output_tokens`.
 */
export async function traceFile({ info, output, text, ask }: Traced): Promise<TraceFile> {
  const { stages } = await ask('stages', {});
  const hooks = stages.flatMap((stage) => stage.hooks);
  const { start, end, total } = info.window;
  const metadata = {
    format: 'pt',
    model: info.model.name,
    caption: `${info.model.name} (${info.model.kind}, ${info.model.precision}) on tokens ${String(start)} to ${String(end)} of ${String(total)}: every hook point of all layers and heads, patterns as the softmax gives them, nothing switched off, nothing left out.`,
    text,
    input_ids: JSON.stringify(info.tokens.map((token) => token.id)),
    tokens: JSON.stringify(info.tokens.map((token) => token.text)),
    window: JSON.stringify([start, end]),
    ...(output ? { output_ids: JSON.stringify(output.map((token) => token.id)), output_tokens: JSON.stringify(output.map((token) => token.text)) } : {}),
  };
  const header = safetensorsHeader(hooks, metadata);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield header;
    for (const stage of stages) {
      const { tensors } = await ask('capture', { stage: stage.name });
      for (const hook of stage.hooks) {
        const tensor = tensors.find(({ name }) => name === hook.name);
        if (!tensor || tensor.shape.join() !== hook.shape.join()) throw new Error(`${hook.name} is not as announced`);
        yield new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength);
      }
    }
  }
  const values = hooks.reduce((sum, { shape }) => sum + shape.reduce((size, dim) => size * dim, 1), 0);
  return { hooks: hooks.length, bytes: header.length + values * 4, pieces };
}
