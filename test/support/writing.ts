/** An encoder–decoder that writes, in this process. */
import type { Model } from '../../src/engine/model.ts';
import { perform } from '../../src/engine/perform.ts';
import { TensorCache } from '../../src/engine/tensorCache.ts';
import { Trace } from '../../src/engine/trace.ts';
import type { LayerSummary } from '../../src/protocol.ts';

export interface Written {
  readonly trace: Trace;
  /** All that was told of the output, and whether it was complete. */
  readonly told: readonly (readonly [readonly number[], boolean])[];
  readonly layers: readonly LayerSummary[];
}

/** Lets the model write, with a cache of its own. */
export async function write(model: Model, text: readonly number[]): Promise<Written> {
  const cache = new TensorCache(2 ** 28);
  const told: [readonly number[], boolean][] = [];
  const layers: LayerSummary[] = [];
  const held: Trace[] = [];
  await perform(
    { model, text, fetch: 'patterns', newTrace: (ids, fetch) => Promise.resolve(new Trace(model, ids, cache, { fetch, ...(held[0] ? { prefix: held[0] } : {}) })) },
    {
      onTrace: (trace) => {
        for (const before of held.splice(0, held.length, trace)) before.release();
      },
      onLayer: (summary) => layers.push(summary),
      onState: () => undefined,
      onOutput: (ids, complete) => told.push([ids, complete]),
    },
    new AbortController().signal,
  );
  const [trace] = held;
  if (!trace) throw new Error('nothing was run');
  return { trace, told, layers };
}
