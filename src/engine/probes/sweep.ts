/** What matters for a prediction: each head, part or token switched off alone. */
import type { Answer, Ask, Intervention } from '../../protocol.ts';
import { ProblemError } from '../problemError.ts';
import type { Run } from '../run.ts';
import { aimed, measure, told } from './effect.ts';
import { Prediction } from './effectOf.ts';

/** Each item is run from the block where it differs; other questions are answered between its stages. @throws ProblemError `run.cancelled` between items */
export async function sweep(run: Run, ask: Ask<'sweep'>): Promise<Answer<'sweep'>> {
  const all = itemsOf(run, ask);
  const items = all.slice(ask.from, ask.to);
  const prediction = await Prediction.of(run, ask.position);
  try {
    const { logits, order } = prediction.before;
    const aim = aimed(ask, order);
    const logProbability = new Float32Array(items.length);
    const logitDifference = new Float32Array(items.length);
    const divergence = new Float32Array(items.length);
    for (const [i, item] of items.entries()) {
      const measured = measure(logits, await prediction.after([item]), aim);
      logProbability[i] = measured.logProbability;
      logitDifference[i] = measured.logitDifference ?? 0;
      divergence[i] = measured.divergence;
    }
    const candidate = told(run.trace.model, logits);
    const rival = ask.rival === undefined ? null : candidate(ask.rival);
    return { total: all.length, items, logProbability, logitDifference: rival ? logitDifference : null, divergence, target: candidate(aim.target), rival };
  } finally {
    await prediction.release();
  }
}

/** @throws ProblemError `model.noAttention`, `model.otherAttention`, `model.exported` */
function itemsOf({ trace }: Run, { over, part, position, by }: Ask<'sweep'>): Intervention[] {
  const { name, kind, predicts, door } = trace.model.info;
  const { attentions } = trace.model.network;
  if (door === 'onnx') throw new ProblemError('model.exported', { name });
  if (over === 'tokens') {
    const text = trace.ids('text').map((_, token) => token);
    const without = kind === 'encoder-decoder' ? text : text.filter((token) => (predicts === 'masked' ? token !== position : token <= position && position > 0));
    return without.length > 1 ? without.map((token) => ({ kind: 'token', token })) : [];
  }
  if (!attentions.length) throw new ProblemError('model.noAttention', { name });
  const chosen = attentions.filter((attention) => part === undefined || attention.part === part);
  if (!chosen.length) throw new ProblemError('model.otherAttention', { name, part: part ?? '', parts: attentions.map((attention) => attention.part).join(', ') });
  return chosen.flatMap((attention) =>
    Array.from({ length: attention.layers }, (_, layer): Intervention[] => {
      const of = { part: attention.part, layer, by };
      if (over === 'heads') return Array.from({ length: attention.heads }, (_, head) => ({ kind: 'head', ...of, head }));
      return [{ kind: 'attention', ...of }, ...(attention.part === 'cross' ? [] : [{ kind: 'feedForward', part: attention.part, layer, by } as const])];
    }).flat(),
  );
}
