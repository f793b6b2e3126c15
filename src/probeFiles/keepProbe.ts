/** What a probe's file is to say after something was done in its page. */
import type { Probe, ProbeLook, ProbeView, Subject } from '../protocol.ts';

/** What is run: the rest is asked about it. */
export const subjectOf = ({ text, model, windowStart, language }: Probe): Subject => ({ text, model: model.name, windowStart: windowStart ?? 0, ...(language === undefined ? {} : { target: language }) });

/** How the page is to look at it. */
export const lookOf = ({ view, aim, experiments }: Probe): ProbeLook => ({ ...view, experiments, target: aim?.target?.id ?? null, rival: aim?.rival?.id ?? null, position: aim?.position ?? null });

export const sameRun = (a: Probe, b: Probe): boolean => JSON.stringify(subjectOf(a)) === JSON.stringify(subjectOf(b));

/**
 * The file after the page was looked at so. The same question may have another answer by now, which is told: what was
 * saved then stays, the model with it. Another question has its answer of now.
 * @param shown what a probe of the page would say
 */
export function keptProbe(saved: Probe, shown: Probe): Probe {
  const view = samePin(saved, shown) ? withPin(shown.view, saved.view.pinned) : shown.view;
  if (!sameQuestion(saved, shown)) return shown;
  // Without an aim the page looks where it does by itself.
  if (saved.aim === null && view.pinned !== undefined && saved.view.pinned === undefined) return shown;
  return { ...saved, experiments: shown.experiments, view };
}

/** Of another text, part of it, or model: what named tokens, layers and heads of the former falls away. */
export function changedProbe(saved: Probe, change: Partial<Pick<Probe, 'model' | 'windowStart' | 'language'>>): Probe {
  const view: { -readonly [K in keyof ProbeView]: ProbeView[K] } = { ...saved.view };
  delete view.pinned;
  if (change.model) {
    delete view.part;
    delete view.layer;
    delete view.heads;
  }
  const experiments = change.model ? [] : saved.experiments.filter(({ intervention: { kind } }) => kind !== 'token' && kind !== 'link');
  return { ...saved, ...change, experiments, aim: null, view, result: null };
}

/** Whether both ask the same of the same run: what is off, and how things are called, makes no difference. */
function sameQuestion(a: Probe, b: Probe): boolean {
  const off = ({ experiments }: Probe): string => JSON.stringify(experiments.filter(({ on }) => on).map(({ intervention }) => Object.entries(intervention).sort(([one], [other]) => (one < other ? -1 : 1))));
  const aimed = ({ aim }: Probe): string => JSON.stringify(aim && [aim.position, aim.target?.id ?? null, aim.rival?.id ?? null]);
  return off(a) === off(b) && (a.aim === null || aimed(a) === aimed(b));
}

/** Whether the pin is only there because the file names a position that the page would not have looked at by itself. */
function samePin(saved: Probe, shown: Probe): boolean {
  return saved.view.pinned === undefined && saved.aim !== null && shown.view.pinned?.token === saved.aim.position;
}

function withPin(view: ProbeView, pinned: ProbeView['pinned']): ProbeView {
  const changed: { -readonly [K in keyof ProbeView]: ProbeView[K] } = { ...view };
  delete changed.pinned;
  return pinned === undefined ? changed : { ...changed, pinned };
}
