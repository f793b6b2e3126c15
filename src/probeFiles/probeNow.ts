/** What a probe of a run that is looked at says. */
import * as v from 'valibot';
import type { Ask, Answer, Outcome, Probe, ProbePageMessage, ProbeResult, ProbeToken, ProbeView, RunInfo, Subject } from '../protocol.ts';
import { resultAsk, resultOf } from './probeResult.ts';
import { isView, probeView } from './probeSchema.ts';

/** How a page looks at its run, as it said last. */
export type Looked = Extract<ProbePageMessage, { type: 'looked' }>;

export interface Shown {
  readonly subject: Subject;
  readonly info: RunInfo;
  readonly fingerprint: string;
  readonly looked: Looked;
  readonly ask: (question: 'effect', ask: Ask<'effect'>) => Promise<Outcome<Answer<'effect'>>>;
}

/** The probe with its result; where that cannot be had, the problem instead. */
export async function probeNow({ subject, info, fingerprint, looked, ask }: Shown): Promise<Outcome<Probe>> {
  const { view } = looked;
  const aim = looked.position === null ? null : { position: looked.position, target: bare(view.target), rival: bare(view.rival) };
  const probe: Probe = {
    model: { name: info.model.name, kind: info.model.kind, precision: info.model.precision, fingerprint },
    text: subject.text,
    ...(info.target === null ? {} : { language: info.target }),
    ...(subject.windowStart === 0 ? {} : { windowStart: subject.windowStart }),
    experiments: view.experiments,
    aim,
    view: differences(looked),
    result: null,
  };
  const asked = resultAsk(probe);
  if (!asked) return { ok: true, value: probe };
  const answer = await ask('effect', asked);
  return answer.ok ? { ok: true, value: withResult(probe, resultOf(answer.value)) } : answer;
}

/** The texts of the tokens in question are those that the result has for them. */
function withResult(probe: Probe, result: ProbeResult): Probe {
  const named = (token: ProbeToken | null, found: ProbeToken | null): ProbeToken | null => token && { id: token.id, text: found?.text ?? token.text };
  return { ...probe, aim: probe.aim && { ...probe.aim, target: named(probe.aim.target, result.target), rival: named(probe.aim.rival, result.rival) }, result };
}

const bare = (id: number | null): ProbeToken | null => (id === null ? null : { id, text: '' });

/** The settings that are not as in the first view. */
function differences({ view, differs }: Looked): ProbeView {
  const settings = Object.entries(view).filter(([setting]) => setting in probeView.entries && differs.includes(setting));
  return v.parse(v.pipe(probeView, v.guard(isView)), Object.fromEntries(settings));
}
