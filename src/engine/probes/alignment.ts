/** What two texts have in common, and what each makes a model predict. */
import type { Answer, Ask } from '../../protocol.ts';
import type { Run } from '../run.ts';
import { Contrast } from './contrast.ts';
import { told } from './effect.ts';
import type { PositionLogits } from './positionLogits.ts';

export async function alignment(run: Run, corruptedRun: Run, { position, top }: Ask<'alignment'>): Promise<Answer<'alignment'>> {
  const contrast = await Contrast.of(run, corruptedRun, position);
  try {
    const likeliest = ({ logits, order }: PositionLogits): Answer<'alignment'>['clean'] => [...order.subarray(0, top)].map(told(run.trace.model, logits));
    const { clean, corrupted, pairs, corruptedPosition } = contrast;
    return { pairs: pairs.text, corruptedPosition, clean: likeliest(clean.before), corrupted: likeliest(corrupted.before) };
  } finally {
    await contrast.release();
  }
}
