/** How much each earlier token moves a prediction: the model is run again without it (leave-one-out). */
import type { Answer, Ask } from '../../protocol.ts';
import type { Trace } from '../trace.ts';
import { candidates, logProbabilities, next } from './next.ts';

/**
 * For each asked token before or at `position`, the prediction after `position` without it, against that with it.
 * The divergence is D(with ‖ without) = Σ p·log₂(p ÷ q) (Kullback & Leibler 1951). Each costs a run of the tokens
 * from the one that is left out. @throws ProblemError `run.cancelled` when the trace is released meanwhile
 */
export async function influence(trace: Trace, { position, tokens }: Ask<'influence'>): Promise<Answer<'influence'>> {
  const logits = (await trace.logits([position])).data;
  const whole = logProbabilities(logits);
  const [likeliest] = next(logits, position, 1, candidates(logits, trace.model), undefined).top;
  if (!likeliest) throw new Error('the vocabulary is empty');
  const divergence = new Float32Array(tokens.length);
  const loss = new Float32Array(tokens.length);
  for (const [i, token] of tokens.entries()) {
    trace.requireHeld();
    const without = await predictionWithout(trace, position, token);
    let sum = 0;
    for (const [id, log] of whole.entries()) if (log > -Infinity) sum += Math.exp(log) * (log - (without[id] ?? 0)); // 0 · log 0 = 0
    divergence[i] = Math.max(0, sum) / Math.LN2;
    loss[i] = ((whole[likeliest.id] ?? 0) - (without[likeliest.id] ?? 0)) / Math.LN2;
  }
  return { divergence, loss, likeliest };
}

/** Log-probabilities after `position` of the text that ends there and lacks one token. */
async function predictionWithout(trace: Trace, position: number, token: number): Promise<Float64Array> {
  const text = trace.ids('text').filter((_, index) => index <= position && index !== token);
  const variant = trace.variant({ text }, token);
  try {
    await variant.run(new AbortController().signal);
    return logProbabilities((await variant.logits([text.length - 1])).data);
  } finally {
    variant.release();
  }
}
