/** What heads do on random tokens that are repeated, where nothing but the repetition can be predicted (Olsson et al. 2022). */
import type { Answer, Ask } from '../../protocol.ts';
import type { Model } from '../model.ts';
import { ProblemError } from '../problemError.ts';
import type { Run } from '../run.ts';
import { headScoresOf } from './layerSummary.ts';

/** @throws ProblemError `model.noAttention`, `ids.tooMany`, `run.cancelled` when the trace is released meanwhile */
export async function repeated({ trace, tokens }: Run, ask: Ask<'repeated'>): Promise<Answer<'repeated'>> {
  const { model } = trace;
  const attention = model.network.attentions.find(({ queries, keys }) => queries === 'text' && keys === 'text');
  if (!attention) throw new ProblemError('model.noAttention', { name: model.info.name });
  const before = tokens.text.findIndex(({ origin }) => origin !== 'added');
  const after = tokens.text.findLastIndex(({ origin }) => origin !== 'added');
  const idsOf = (from: number, to: number): number[] => tokens.text.slice(from, to).map(({ id }) => id);
  const row = randomIds(model, ask.length, ask.seed);
  const ids = [...idsOf(0, before), ...Array.from({ length: ask.repeats }, () => row).flat(), ...idsOf(after + 1, tokens.text.length)];
  if (ids.length > model.info.positions) throw new ProblemError('ids.tooMany', { count: String(ids.length), most: String(model.info.positions) });

  const rules = model.network.output;
  const test = trace.variant({ text: ids, ...(rules ? { output: [rules.start] } : {}) });
  try {
    await test.run(new AbortController().signal);
    const layers: Answer<'repeated'>['layers'][number][] = [];
    for (let layer = 0; layer < attention.layers; layer++) {
      trace.requireHeld();
      layers.push(await headScoresOf(test, attention.part, layer));
    }
    return { ids, part: attention.part, layers };
  } finally {
    test.release();
  }
}

/** Different tokens, drawn from all that are not special (partial Fisher–Yates shuffle). */
function randomIds(model: Model, count: number, seed: number): number[] {
  const ids = Array.from({ length: model.info.vocabulary }, (_, id) => id).filter((id) => !model.isSpecial(id, 'text'));
  if (ids.length < count) throw new ProblemError('ids.tooMany', { count: String(count), most: String(ids.length) });
  const random = randomNumbers(seed);
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(random() * (ids.length - i));
    [ids[i], ids[j]] = [ids[j] ?? 0, ids[i] ?? 0];
  }
  return ids.slice(0, count);
}

/** Numbers of 0 up to 1 that a seed determines (SplitMix32, after Steele, Lea & Flood 2014). */
function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}
