/** Which files of a repository make a model that can be opened: the rest is left where it is. */
import { onnxFiles } from '../onnxNames.ts';
import { DownloadFailure } from './failure.ts';
import { refuseCollisions } from './fileNames.ts';
import type { HubFile } from './listing.ts';

/** Of every model: what describes it, its tokenizer in whatever form, and the words that go with it. */
const BESIDE_WEIGHTS =
  /^(config\.json|generation_config\.json|preprocessor_config\.json|tokenizer\.json|tokenizer_config\.json|special_tokens_map\.json|added_tokens\.json|vocab\.json|vocab\.txt|merges\.txt|(source|target)\.spm|(spiece|sentencepiece\.bpe|tokenizer)\.model|LICEN[CS]E(\.\w{1,8})?|NOTICE(\.\w{1,8})?|README\.md)$/i;
const SHARD = /^model-\d{5}-of-\d{5}\.safetensors$/;
const INDEX = 'model.safetensors.index.json';
/** Weights that are not opened, named where there are no others. */
const OTHER_WEIGHTS = /\.(bin|pt|pth|ckpt|h5|msgpack|ot|gguf|ggml|npz)$/i;

/**
 * The files to download, small ones first, so that what is wrong with them is known before the weights come.
 * @throws DownloadFailure `download.noWeights`, `download.notAModel`, `download.unsafeName`
 */
export function wantedFiles(repo: string, files: readonly HubFile[]): readonly HubFile[] {
  const weights = weightsOf(files);
  if (weights.length === 0) {
    const found = files.filter(({ path }) => OTHER_WEIGHTS.test(path)).map(({ path }) => path);
    throw new DownloadFailure('download.noWeights', { repo, found: found.length > 0 ? found.slice(0, 5).join(', ') : '–' });
  }
  // An ONNX file can do without.
  if (!files.some(({ path }) => path === 'config.json') && !weights.some(({ path }) => path.endsWith('.onnx'))) throw new DownloadFailure('download.notAModel', { repo });
  const beside = files.filter(({ path }) => BESIDE_WEIGHTS.test(path));
  const wanted = [...beside, ...weights].sort((a, b) => a.size - b.size);
  refuseCollisions(wanted.map(({ path }) => path));
  return wanted;
}

function weightsOf(files: readonly HubFile[]): readonly HubFile[] {
  const one = files.filter(({ path }) => path === 'model.safetensors');
  if (one.length > 0) return one;
  const shards = files.filter(({ path }) => SHARD.test(path));
  const index = files.filter(({ path }) => path === INDEX);
  if (shards.length > 0 && index.length > 0) return [...index, ...shards];
  const onnx = onnxFiles(files.map(({ path }) => path));
  return files.filter(({ path }) => onnx.includes(path));
}

/** Shards that the index names, as far as the name is one of a shard. */
export function shardsOf(index: unknown): readonly string[] | null {
  if (typeof index !== 'object' || index === null || !('weight_map' in index)) return null;
  const map: unknown = index.weight_map;
  if (typeof map !== 'object' || map === null) return null;
  return [...new Set(Object.values(map).map(String))];
}
