/** What it costs to switch off each head alone. */
import { join } from 'node:path';
import { openFolder } from '../../src/engine/files.node.ts';
import { Model } from '../../src/engine/model.ts';
import { AttentionViews } from '../../src/engine/probes/attentionViews.ts';
import { HeldLogits } from '../../src/engine/probes/positionLogits.ts';
import { sweep } from '../../src/engine/probes/sweep.ts';
import { TensorCache } from '../../src/engine/tensorCache.ts';
import { Trace } from '../../src/engine/trace.ts';
import { milliseconds, ratio, type Figure } from './figure.ts';
import { oneThread } from './figures.ts';
import { randomIds } from './randomCheckpoint.ts';
import { interleaved } from './rounds.ts';

const TOKENS = 128;
const signal = new AbortController().signal;

/** A sweep over all heads of storyteller ÷ (heads × a run to the last logits that keeps no pattern). */
export async function sweepOverHeads(root: string): Promise<Figure[]> {
  const location = join(root, 'models/storyteller');
  const model = await Model.load({ name: 'storyteller', location }, openFolder(location), oneThread(root));
  const ids = randomIds(TOKENS).map((id) => id % model.info.vocabulary);
  const heads = model.info.layers * model.info.heads;
  const fresh = async (): Promise<Trace> => {
    const trace = new Trace(model, { text: ids }, new TensorCache(2 ** 30), { fetch: 'connections' });
    await trace.run(signal);
    await trace.logits([TOKENS - 1]);
    return trace;
  };
  const trace = await fresh();
  const tokens = { text: model.describe(ids), output: [] };
  const run = { trace, tokens, views: new AttentionViews(trace, tokens), logits: new HeldLogits(trace) };
  const times = await interleaved(5, [
    {
      name: 'forward each',
      run: async () => {
        for (let head = 0; head < heads; head++) (await fresh()).release();
      },
    },
    { name: 'sweep', run: () => sweep(run, { over: 'heads', position: TOKENS - 1, by: 'zero', from: 0, to: heads }) },
  ]);
  trace.release();
  await model.release();
  const measured = `${ratio(times.get('sweep'), times.get('forward each'))} × (${milliseconds(times.get('sweep'))} ÷ ${milliseconds(times.get('forward each'))})`;
  return [{ what: `sweep over all ${String(heads)} heads ÷ as many runs, storyteller, ${String(TOKENS)} tokens`, goal: '≤ 0.60', measured }];
}
