/**
 * The one seam to ONNX Runtime: nothing above this file knows which build of it runs.
 * Another one (native, on a server) takes its place by implementing `Runtime`.
 */
import * as ort from 'onnxruntime-web/wasm';
import type { EngineOptions } from '../protocol.ts';
import { PACKED_WEIGHTS } from './onnx/stage.ts';
import type { FloatTensor, Tensor } from './tensor.ts';
import { floats } from './tensor.ts';

export interface Session {
  /** Runs the graph; computes everything, returns the named outputs. */
  run(inputs: ReadonlyMap<string, Tensor>, outputs: readonly string[]): Promise<Map<string, FloatTensor>>;
  release(): Promise<void>;
}

export interface Runtime {
  readonly threads: number;
  /**
   * `weights` is what the graph's external initializers point into; it may be dropped afterwards. A graph that
   * another program has `exported` is rewritten to run faster; what it gives stays the same.
   */
  createSession(graph: Uint8Array, weights: Uint8Array, exported?: boolean): Promise<Session>;
}

/** More threads than this gain nothing at the sizes shown here and take memory. */
const MOST_THREADS = 8;

/** The WebAssembly build. `processors` is what the machine offers; a browser's worker gets one thread. */
export function wasmRuntime(options: EngineOptions, processors: number): Runtime {
  const threads = Math.max(1, Math.min(options.threads || processors, MOST_THREADS));
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.wasmPaths = options.runtime;
  ort.env.logLevel = 'error';
  const inTurn = serialQueue();
  return {
    threads,
    async createSession(graph, weights, exported = false) {
      const externalData = weights.length ? [{ path: PACKED_WEIGHTS, data: weights }] : [];
      // Our graphs are written as they are to run: optimising them gains nothing and delays the first picture.
      const options = { executionProviders: ['wasm'], externalData, graphOptimizationLevel: exported ? 'all' : 'disabled' } as const;
      const session = await inTurn(() => ort.InferenceSession.create(graph, options));
      return {
        async run(inputs, outputs) {
          const feeds: Record<string, ort.Tensor> = {};
          for (const [name, tensor] of inputs) feeds[name] = toRuntime(tensor);
          const results = await inTurn(() => session.run(feeds, outputs));
          return new Map(outputs.map((name) => [name, fromRuntime(name, results[name])]));
        },
        release: () => inTurn(() => session.release()),
      };
    },
  };
}

/** One call at a time: the runtime's calls share one wasm stack. A failed call does not hold up the next. */
function serialQueue(): <T>(call: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (call) => {
    const result = last.then(call, call);
    last = result;
    return result;
  };
}

function toRuntime({ type, data, shape }: Tensor): ort.Tensor {
  return type === 'int64' ? new ort.Tensor('int64', data, shape) : new ort.Tensor('float32', data, shape);
}

function fromRuntime(name: string, tensor: ort.Tensor | undefined): FloatTensor {
  if (!(tensor?.data instanceof Float32Array)) throw new Error(`${name} is not a float32 tensor`);
  return floats(tensor.dims, tensor.data);
}
