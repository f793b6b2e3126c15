/** The engine's core in this process, for tests that look inside it. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openFolder } from '../../src/engine/files.node.ts';
import { Model } from '../../src/engine/model.ts';
import { wasmRuntime, type Runtime } from '../../src/engine/session.ts';
import type { Precision } from '../../src/protocol.ts';
import { TensorCache } from '../../src/engine/tensorCache.ts';
import { Trace, type TraceOptions } from '../../src/engine/trace.ts';

export const root = resolve(import.meta.dirname, '../..');

/** Folder URL of the runtime's own files, straight from the package. */
export const runtimeUrl = pathToFileURL(resolve(root, 'node_modules/onnxruntime-web/dist')).href + '/';

let shared: Runtime | undefined;

export function runtime(): Runtime {
  shared ??= wasmRuntime({ runtime: runtimeUrl, threads: 1 }, availableParallelism());
  return shared;
}

/** A model of test/fixtures or models/, by its path from the repository's root. */
export function loadModel(folder: string, precision?: Precision): Promise<Model> {
  const location = resolve(root, folder);
  return Model.load({ name: folder, location, ...(precision ? { precision } : {}) }, openFolder(location), runtime());
}

/** A finished trace with a cache of its own; `output` is what an encoder–decoder's decoder reads. */
export async function traceOf(model: Model, text: readonly number[], options: TraceOptions & { readonly output?: readonly number[]; readonly cacheBytes?: number } = {}): Promise<Trace> {
  const { output } = options;
  const trace = new Trace(model, { text, ...(output ? { output } : {}) }, new TensorCache(options.cacheBytes ?? 2 ** 30), options);
  await trace.run(new AbortController().signal);
  return trace;
}
