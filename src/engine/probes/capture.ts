/** Every hook point by stage: for exports. */
import type { Answer, Ask } from '../../protocol.ts';
import { ProblemError } from '../problemError.ts';
import type { Trace } from '../trace.ts';

/** What connects two stages without being a hook point of TransformerLens's is left out. */
const isPublic = (name: string): boolean => name === 'logits' || name.includes('hook_');

export function stages(trace: Trace): Answer<'stages'> {
  return {
    stages: trace.model.network.stages.map((stage) => ({
      name: stage.name,
      hooks: stage.hooks.filter(({ name }) => isPublic(name)).map(({ name, shape }) => ({ name, shape: trace.shape(stage, shape) })),
    })),
  };
}

/** In the order of `stages`. @throws ProblemError if there is no such stage */
export async function capture(trace: Trace, { stage: name }: Ask<'capture'>): Promise<Answer<'capture'>> {
  const stage = trace.model.network.stages.find((candidate) => candidate.name === name);
  if (!stage) throw new ProblemError('engine.failed', { detail: `no stage is named ${name}` });
  const tensors = await trace.capture(stage);
  return { tensors: [...tensors].filter(([hook]) => isPublic(hook)).map(([hook, { shape, data }]) => ({ name: hook, shape, data })) };
}
