/** How a run goes: its stages, the layers as they come, and what a decoder writes to the end of its sentence. */
import type { LayerSummary, StateSummary } from '../protocol.ts';
import type { Model } from './model.ts';
import { summaryOf } from './probes/layerSummary.ts';
import { summarizeState } from './probes/states.ts';
import type { Fetch, LayerOf, Trace, TraceIds } from './trace.ts';
import { nextOutput } from './writing.ts';

/** What a run tells while it goes. */
export interface Listener {
  /** The trace that questions are about from now on; the one before is no longer needed. @throws ProblemError `run.cancelled` */
  onTrace(trace: Trace): void;
  onLayer(summary: LayerSummary): void;
  onState(summary: StateSummary): void;
  /** All ids that the decoder has so far. */
  onOutput(ids: readonly number[], complete: boolean): void;
}

export interface Performance {
  readonly model: Model;
  readonly text: readonly number[];
  /** The decoder's input, where it does not write by itself. */
  readonly output?: readonly number[];
  readonly fetch: Fetch;
  /** A trace, not run yet. */
  readonly newTrace: (ids: TraceIds, fetch: Fetch) => Promise<Trace>;
}

/** Runs a model on a text. @throws ProblemError `run.cancelled` between stages once the signal has fired */
export async function perform({ model, text, output, fetch, newTrace }: Performance, listener: Listener, signal: AbortSignal): Promise<void> {
  const rules = model.network.output;
  const writes = rules !== undefined && output === undefined;
  const told = new Set<string>();
  const tell = async (trace: Trace, of: LayerOf): Promise<void> => {
    told.add(keyOf(of));
    if (of.part === 'state') listener.onState(summarizeState(of.layer, await stateOf(trace, of.layer)));
    else listener.onLayer(await summaryOf(trace, of.part, of.layer));
  };

  let trace = await newTrace(rules ? { text, output: output ?? [rules.start] } : { text }, writes && fetch === 'everything' ? 'patterns' : fetch);
  listener.onTrace(trace);
  if (rules) listener.onOutput(trace.ids('output'), !writes);
  await trace.run(signal, async (of) => {
    // What a decoder attends to is told once all is written.
    if (fetch !== 'connections' && (!writes || of.part === 'encoder')) await tell(trace, of);
  });

  if (rules && writes) {
    for (let id = await nextOutput(trace, rules); id !== null; id = await nextOutput(trace, rules)) {
      // Patterns of all that is written are computed at once at the end, not put together row by row.
      trace = await replaced([...trace.ids('output'), id], 'connections');
      listener.onOutput(trace.ids('output'), false);
    }
    if (fetch === 'everything') trace = await replaced(trace.ids('output'), fetch);
    listener.onOutput(trace.ids('output'), true);
  }
  if (fetch === 'connections') return;
  for (const of of model.layers.values()) if (!told.has(keyOf(of))) await tell(trace, of);

  async function replaced(ids: readonly number[], fetchNow: Fetch): Promise<Trace> {
    const after = await newTrace({ text, output: ids }, fetchNow);
    try {
      await after.run(signal);
      listener.onTrace(after);
    } catch (thrown) {
      after.release();
      throw thrown;
    }
    return after;
  }
}

const keyOf = ({ part, layer }: LayerOf): string => `${part} ${String(layer)}`;

async function stateOf(trace: Trace, layer: number): ReturnType<Trace['get']> {
  const { states } = trace.model.network;
  if (!states) throw new Error('the model has no states');
  return trace.get(states.state(layer));
}
