/** What it costs to patch each residual stream, at each layer and position, from one text into another. */
import { join } from 'node:path';
import { openFolder } from '../../src/engine/files.node.ts';
import { Model } from '../../src/engine/model.ts';
import { AttentionViews } from '../../src/engine/probes/attentionViews.ts';
import { patch } from '../../src/engine/probes/patch.ts';
import { HeldLogits } from '../../src/engine/probes/positionLogits.ts';
import type { Run } from '../../src/engine/run.ts';
import { TensorCache } from '../../src/engine/tensorCache.ts';
import { Trace } from '../../src/engine/trace.ts';
import { milliseconds, ratio, type Figure } from './figure.ts';
import { oneThread } from './figures.ts';
import { randomIds } from './randomCheckpoint.ts';
import { interleaved } from './rounds.ts';

const TOKENS = 64;
const ROUNDS = 3;
const signal = new AbortController().signal;

/** Residual streams at all sites of storyteller ÷ (sites × a run to the last logits that keeps no pattern). The texts differ in their first token, so that every site does. */
export async function patching(root: string): Promise<Figure[]> {
  const location = join(root, 'models/storyteller');
  const model = await Model.load({ name: 'storyteller', location }, openFolder(location), oneThread(root));
  const clean = randomIds(TOKENS).map((id) => id % model.info.vocabulary);
  const corrupted = clean.map((id, index) => (index === 0 ? (id + 1) % model.info.vocabulary : id));
  const position = TOKENS - 1;
  const fresh = async (text: readonly number[]): Promise<Trace> => {
    const trace = new Trace(model, { text }, new TensorCache(2 ** 30), { fetch: 'connections' });
    await trace.run(signal);
    await trace.logits([position]);
    return trace;
  };
  const runOf = async (text: readonly number[]): Promise<Run> => {
    const trace = await fresh(text);
    const tokens = { text: model.describe(text), output: [] };
    return { trace, tokens, views: new AttentionViews(trace, tokens), logits: new HeldLogits(trace) };
  };
  const runs = [await runOf(clean), await runOf(corrupted)] as const;
  const sites = model.info.layers * TOKENS;
  const times = await interleaved(
    ROUNDS,
    [
      {
        name: 'forward each',
        run: async () => {
          for (let site = 0; site < sites; site++) (await fresh(corrupted)).release();
        },
      },
      { name: 'patching', run: () => patch(runs[0], runs[1], { over: 'resid_pre', position, corrupted: 1, from: 0, to: sites }) },
    ],
    1,
  );
  for (const { trace } of runs) trace.release();
  await model.release();
  const measured = `${ratio(times.get('patching'), times.get('forward each'))} × (${milliseconds(times.get('patching'))} ÷ ${milliseconds(times.get('forward each'))})`;
  return [{ what: `patching all ${String(sites)} residual streams ÷ as many runs, storyteller, ${String(TOKENS)} tokens`, goal: 'stated', measured }];
}
