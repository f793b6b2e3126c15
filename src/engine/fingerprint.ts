/** What a model is known by: the same for the same files, wherever they are and on whichever host. */
import type { ModelFiles } from './files.ts';
import { findOnnxFiles } from './onnx/door/locate.ts';
import { ProblemError } from './problemError.ts';
import { checkpointFiles, hasCheckpoint } from './safetensors.ts';

/** Everything beside the weights that changes what a model does with a text. */
const SETTINGS = [
  'added_tokens.json',
  'config.json',
  'generation_config.json',
  'merges.txt',
  'sentencepiece.bpe.model',
  'source.spm',
  'special_tokens_map.json',
  'spiece.model',
  'target.spm',
  'target_vocab.json',
  'tokenizer.json',
  'tokenizer.model',
  'tokenizer_config.json',
  'vocab.json',
  'vocab.txt',
];

/** Files up to this size are read whole. */
export const WHOLE_BYTES = 64 * 2 ** 20;
/** Of a larger file: its beginning, which holds the header of safetensors, … */
const BEGINNING = 2 ** 20;
/** … and so many pieces of so many bytes, at even distances, the last one at the end. */
const SAMPLES = 64;
const SAMPLE_BYTES = 64 * 2 ** 10;

/**
 * SHA-256, lower-case hexadecimal, of a list with one line a file, in the order of their names:
 * `name <tab> bytes <tab> SHA-256 <line feed>`. The files are the configuration, the tokenizer's, and the weights
 * (safetensors whole or in shards, ONNX with what lies beside it). A file of more than 64 MiB stands there with the
 * SHA-256 of its first MiB followed by 64 samples of 64 KiB, the i-th at byte `floor(i · (size − 64 KiB) ÷ 63)`: two
 * models that differ in a few numbers only may then have the same fingerprint; other training gives another.
 * @throws ProblemError `model.missingFile` where there are no weights, and what is wrong with an index of shards
 */
export async function fingerprintOf(files: ModelFiles): Promise<string> {
  const weights = await weightFiles(files);
  if (!weights.length) throw new ProblemError('model.missingFile', { file: 'model.safetensors', folder: files.folder });
  const names = [...new Set([...SETTINGS, ...weights])].sort((a, b) => (a < b ? -1 : 1));
  let list = '';
  for (const name of names) {
    const size = await files.size(name);
    if (size !== null) list += `${name}\t${String(size)}\t${await sha256(await contentOf(files, name, size))}\n`;
  }
  return sha256(new TextEncoder().encode(list));
}

async function weightFiles(files: ModelFiles): Promise<readonly string[]> {
  const checkpoint = (await hasCheckpoint(files)) ? await checkpointFiles(files) : [];
  const exported = await findOnnxFiles(files);
  if (!exported) return checkpoint;
  const graphs = 'only' in exported ? [exported.only] : [exported.encoder, exported.decoder];
  // The names that exporters give to weights outside of the graph.
  return [...checkpoint, ...graphs.flatMap((graph) => [graph, `${graph}_data`, `${graph}.data`])];
}

async function contentOf(files: ModelFiles, name: string, size: number): Promise<Uint8Array> {
  if (size <= WHOLE_BYTES) return files.range(name, 0, size);
  const out = new Uint8Array(BEGINNING + SAMPLES * SAMPLE_BYTES);
  out.set(await files.range(name, 0, BEGINNING));
  for (let i = 0; i < SAMPLES; i++) {
    const start = Math.floor((i * (size - SAMPLE_BYTES)) / (SAMPLES - 1));
    out.set(await files.range(name, start, start + SAMPLE_BYTES), BEGINNING + i * SAMPLE_BYTES);
  }
  return out;
}

async function sha256(bytes: Uint8Array): Promise<string> {
  // A copy where the bytes lie in shared memory, which cannot be digested.
  const digest = await crypto.subtle.digest('SHA-256', bytes.buffer instanceof ArrayBuffer ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) : new Uint8Array(bytes));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
