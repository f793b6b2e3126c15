/** How long models of different sizes take to load, and how much memory. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Precision } from '../../src/protocol.ts';
import type { Gpt2Shape } from '../support/generatedModel.ts';
import { mebibytes, milliseconds, seconds, type Figure } from './figure.ts';
import type { Measured } from './sizeChild.ts';

const execute = promisify(execFile);

interface Sized {
  readonly name: string;
  readonly model: string | Gpt2Shape;
  readonly precisions: readonly Precision[];
}

const gpt2 = (n_layer: number, n_head: number, n_embd: number): Gpt2Shape => ({ n_layer, n_head, n_embd, n_positions: 1024, vocab_size: 50257 });

const MODELS: readonly Sized[] = [
  { name: 'storyteller (6 M)', model: 'models/storyteller', precisions: ['float32', '8-bit'] },
  { name: 'GPT-2 small’s shape (124 M)', model: gpt2(12, 12, 768), precisions: ['float32', '8-bit'] },
  { name: 'GPT-2 medium’s shape (355 M)', model: gpt2(24, 16, 1024), precisions: ['float32', '8-bit'] },
];

/** The largest that fit: about 3 GiB of float32, and 1.6 thousand million parameters in 8 bits. */
const LARGE: readonly Sized[] = [
  { name: 'GPT-2 large’s shape (774 M)', model: gpt2(36, 20, 1280), precisions: ['float32'] },
  { name: 'GPT-2 XL’s shape (1.56 B)', model: gpt2(48, 25, 1600), precisions: ['8-bit'] },
];

export async function sizes(root: string, large: boolean): Promise<Figure[]> {
  const rows: Figure[] = [];
  for (const { name, model, precisions } of large ? [...MODELS, ...LARGE] : MODELS) {
    for (const precision of precisions) {
      const child = join(root, '.cache/bench/sizeChild.mjs');
      const { load, run, heap, rss, expected } = await execute(process.execPath, [child, root, JSON.stringify(model), precision]).then(
        ({ stdout }) => JSON.parse(stdout) as Measured,
      );
      rows.push({
        what: `${name}, ${precision}: load; 64 tokens; largest heap and process (estimate before loading, for 1,024 tokens)`,
        goal: 'stated',
        measured: `${seconds(load)}; ${milliseconds(run)}; ${mebibytes(heap)} and ${mebibytes(rss)} (${mebibytes(expected)})`,
      });
    }
  }
  return rows;
}
