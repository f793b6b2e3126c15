/** Puts an engine behind a worker's message port. */
import * as Comlink from 'comlink';
import type { EngineApi } from '../protocol.ts';
import { Engine, type EngineHost } from './engine.ts';

export function serveEngine(host: EngineHost, endpoint?: Comlink.Endpoint): void {
  const engine = new Engine(host);
  const api: EngineApi = {
    start: (options, onEvent) => engine.start(options, onEvent),
    load: (model) => engine.load(model),
    fingerprint: (model) => engine.fingerprint(model),
    run: (run, request) => engine.run(run, request),
    ask: async (run, question, ask) => moved(await engine.ask(run, question, ask)),
    cancel: (run) => engine.cancel(run),
    release: (run) => engine.release(run),
    inventory: () => engine.inventory(),
  };
  Comlink.expose(api, endpoint);
}

/** Hands the arrays of a capture over instead of copying them: they are computed for this answer alone. */
function moved<T>(answer: T): T {
  const buffers = new Set<ArrayBuffer>();
  collect(answer, buffers);
  return Comlink.transfer(answer, [...buffers]);
}

function collect(value: unknown, buffers: Set<ArrayBuffer>): void {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) buffers.add(value.buffer);
  } else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) collect(inner, buffers);
  }
}
