/**
 * What a folder holds and what is wrong with it, file by file, before anything is loaded. These are checks
 * of files: whether tensors and tokenizer fit the model is found by the engine when it opens them.
 */
import type { ModelKind, Problem } from '../protocol.ts';
import type { FolderFiles } from './folderFiles.ts';
import { kindOf, knownTypes, typeOf } from './modelKind.ts';
import { onnxFiles } from './onnxNames.ts';
import { readHeader } from './weightsHeader.ts';

export interface Finding {
  readonly file: string;
  readonly problem: Problem;
}

export interface FolderReport {
  /** Empty where nothing is wrong as far as files can tell. */
  readonly findings: readonly Finding[];
  readonly kind: ModelKind | null;
  /** `model_type` of config.json. */
  readonly type: string | null;
  /** As the card (README.md) states it. */
  readonly licence: string | null;
  /** Bytes of the files of weights. */
  readonly weights: number;
  /** Bytes of the weights once they are in memory as float32. */
  readonly memory: number;
}

const OTHER_WEIGHTS = /\.(bin|pt|pth|ckpt|h5|msgpack|ot|gguf|ggml|npz)$/i;
/** What a tokenizer can be read from, beside tokenizer.json. */
const OTHER_TOKENIZERS: readonly string[] = ['vocab.txt', 'vocab.json', 'source.spm', 'spiece.model', 'sentencepiece.bpe.model', 'tokenizer.model'];
const INDEX = 'model.safetensors.index.json';
/** JSON files beyond these lengths are none of a model: config.json, all others. */
const LONGEST_CONFIG = 2 ** 20;
const LONGEST_JSON = 256 * 2 ** 20;

/** Facts, with what is wrong with config.json and weights; never rejects. */
export async function folderFacts(folder: FolderFiles): Promise<FolderReport> {
  return report(folder, false);
}

/** The same, with the tokenizer checked too. */
export async function inspectFolder(folder: FolderFiles): Promise<FolderReport> {
  return report(folder, true);
}

async function report(folder: FolderFiles, withTokenizer: boolean): Promise<FolderReport> {
  const findings: Finding[] = [];
  const found = (file: string, code: Problem['code'], facts: Problem['facts']): void => void findings.push({ file, problem: { code, facts } });
  try {
    const names = await folder.names();
    const config = await inspectConfig(folder, names, found);
    const type = typeOf(config);
    // An ONNX file says itself what is to be computed, whatever its family.
    if (type !== null && !knownTypes().includes(type) && onnxFiles(names).length === 0) found('config.json', 'model.unknownArchitecture', { type, known: knownTypes().join(', ') });
    const weights = await inspectWeights(folder, names, found);
    if (withTokenizer) await inspectTokenizer(folder, names, found);
    return { findings, kind: kindOf(config), type, licence: await licenceOf(folder, names), ...weights };
  } catch (thrown) {
    found(folder.name, 'folder.unreadable', { folder: folder.name, detail: messageOf(thrown) });
    return { findings, kind: null, type: null, licence: null, weights: 0, memory: 0 };
  }
}

type Found = (file: string, code: Problem['code'], facts: Problem['facts']) => void;

async function inspectConfig(folder: FolderFiles, names: readonly string[], found: Found): Promise<unknown> {
  const file = 'config.json';
  if (!names.includes(file)) {
    // An ONNX file can do without.
    if (onnxFiles(names).length === 0) found(file, 'model.missingFile', { file, folder: folder.name });
    return null;
  }
  const config = await readJson(folder, file, LONGEST_CONFIG, found);
  if (config !== undefined && typeOf(config) === null) found(file, 'model.badConfig', { detail: 'it has no model_type' });
  return config;
}

async function inspectWeights(folder: FolderFiles, names: readonly string[], found: Found): Promise<Pick<FolderReport, 'weights' | 'memory'>> {
  const files = names.includes('model.safetensors') ? ['model.safetensors'] : names.includes(INDEX) ? await shards(folder, names, found) : null;
  if (files) return measureWeights(folder, files, found);
  const onnx = onnxFiles(names);
  if (onnx.length > 0) {
    const sizes = await Promise.all(onnx.map((part) => folder.size(part)));
    const weights = sizes.reduce((sum, size) => sum + size, 0);
    return { weights, memory: weights };
  }
  const others = names.filter((name) => OTHER_WEIGHTS.test(name));
  if (others.length > 0) found(others[0] ?? '', 'folder.otherWeights', { files: others.slice(0, 5).join(', ') });
  else found('model.safetensors', 'model.missingFile', { file: 'model.safetensors', folder: folder.name });
  return { weights: 0, memory: 0 };
}

/** The shards that are there; those that the index names and are not are reported. */
async function shards(folder: FolderFiles, names: readonly string[], found: Found): Promise<readonly string[]> {
  const index = await readJson(folder, INDEX, LONGEST_JSON, found);
  if (index === undefined) return [];
  const map: unknown = typeof index === 'object' && index !== null && 'weight_map' in index ? index.weight_map : null;
  if (typeof map !== 'object' || map === null) {
    found(INDEX, 'model.badWeights', { file: INDEX, detail: 'it has no weight_map from tensors to files' });
    return [];
  }
  const named = [...new Set(Object.values(map).map(String))];
  const missing = named.filter((name) => !names.includes(name));
  if (missing.length > 0) found(INDEX, 'folder.missingShards', { index: INDEX, files: missing.slice(0, 8).join(', ') });
  return named.filter((name) => names.includes(name));
}

async function measureWeights(folder: FolderFiles, files: readonly string[], found: Found): Promise<Pick<FolderReport, 'weights' | 'memory'>> {
  let weights = 0;
  let values = 0;
  for (const file of files) {
    const size = await folder.size(file);
    weights += size;
    const header = await readHeader(folder, file, size);
    if (header.ok) values += header.values;
    else found(file, 'model.badWeights', { file, detail: header.detail });
  }
  return { weights, memory: values * 4 };
}

async function inspectTokenizer(folder: FolderFiles, names: readonly string[], found: Found): Promise<void> {
  const file = 'tokenizer.json';
  if (names.includes(file)) await readJson(folder, file, LONGEST_JSON, found);
  else if (!OTHER_TOKENIZERS.some((name) => names.includes(name))) found(file, 'model.missingFile', { file, folder: folder.name });
}

/** `undefined` where it is none, which is then reported. */
async function readJson(folder: FolderFiles, file: string, longest: number, found: Found): Promise<unknown> {
  try {
    const size = await folder.size(file);
    if (size > longest) throw new RangeError(`${size} > ${longest}`);
    const parsed: unknown = JSON.parse(new TextDecoder().decode(await folder.range(file, 0, size)));
    return parsed;
  } catch (thrown) {
    found(file, 'model.notJson', { file, detail: messageOf(thrown) });
    return undefined;
  }
}

/** The line `license:` in the head of a model's card. */
async function licenceOf(folder: FolderFiles, names: readonly string[]): Promise<string | null> {
  if (!names.includes('README.md')) return null;
  const text = new TextDecoder().decode(await folder.range('README.md', 0, 8192));
  const head = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1] ?? '';
  return /^license:\s*["']?([\w.+-]{1,64})/m.exec(head)?.[1] ?? null;
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
