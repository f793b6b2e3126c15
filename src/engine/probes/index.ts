/** Every question of the protocol and the probe that answers it. */
import type { Answer, Ask, AttentionOf, Question } from '../../protocol.ts';
import { ProblemError } from '../problemError.ts';
import type { Run } from '../run.ts';
import { capture, stages } from './capture.ts';
import { focus } from './focus.ts';
import { links } from './links.ts';
import { next } from './next.ts';
import { pattern } from './pattern.ts';

type Probe<Q extends Question> = (run: Run, ask: Ask<Q>) => Promise<Answer<Q>>;

const PROBES: { readonly [Q in Question]: Probe<Q> } = {
  async links(run, ask) {
    const { view, thresholds } = await run.views.withThresholds(checked(run, ask), ask.percent);
    return links(view, thresholds, ask);
  },
  async focus(run, ask) {
    const { view, thresholds } = await run.views.withThresholds(checked(run, ask), ask.percent);
    return focus(view, thresholds, ask);
  },
  async pattern(run, ask) {
    return pattern(await run.views.view(checked(run, ask)));
  },
  async next({ trace, tokens }, { position, top }) {
    if (!(position in tokens)) throw outOfRange('position', position);
    const logits = await trace.logits([position]);
    return next(logits.data, position, top, (id) => trace.model.tokenText(id), tokens[position + 1]?.id);
  },
  stages: ({ trace }) => Promise.resolve(stages(trace)),
  capture: ({ trace }, ask) => capture(trace, ask),
};

/** @throws ProblemError if what is asked for is not in the run */
export function answer<Q extends Question>(run: Run, question: Q, ask: Ask<Q>): Promise<Answer<Q>> {
  return PROBES[question](run, ask);
}

/** A layer and heads that the model has. @throws ProblemError otherwise */
function checked<Of extends AttentionOf>({ trace }: Run, of: Of): Of {
  const { layers, heads } = trace.model.info;
  if (!(of.layer >= 0 && of.layer < layers)) throw outOfRange('layer', of.layer);
  if (!of.heads.length) throw outOfRange('heads', 0);
  for (const head of of.heads) if (!(head >= 0 && head < heads)) throw outOfRange('head', head);
  return of;
}

const outOfRange = (what: string, value: number): ProblemError => new ProblemError('engine.failed', { detail: `${what} ${String(value)} is not in this run` });
