/** What a step wants to see, as the keys of a view, with tokens and things to switch off found in the run. */
import type { Experiment, ViewState } from '../protocol.ts';
import type { GivenView, ShowWish } from './blockSchemas.ts';
import type { LabRun } from './laboratory.ts';
import { fullSampling } from './measure.ts';
import type { ExperimentWish } from './measurement.ts';
import { pick } from './pick.ts';
import { plainViewKeys } from './viewKeys.ts';
import { attentionOf, interventionsOf, placeOf, predictingPart, vocabularyId } from './resolve.ts';

/** Where a lesson's view begins: what it does not say is as in a new panel, but for how the page is laid out, which is the user's. */
export const firstView = {
  average: false,
  percent: 70,
  sink: 'dim',
  unit: 'token',
  direction: 'from',
  heads: [],
  pinned: null,
  candidates: 'token',
  sampling: null,
  target: null,
  rival: null,
  experiments: [],
  showing: 'before',
  surprisal: false,
  headFilter: '',
  repeatedTokens: false,
  sweepOver: 'heads',
  sweepBy: 'zero',
  sweepMeasure: null,
  otherText: null,
  patchOver: 'resid_pre',
} as const satisfies Partial<ViewState>;

/** @throws ProblemError where it names what the run has not */
export async function shownView(wish: ShowWish | GivenView, run: LabRun): Promise<Partial<ViewState>> {
  const { pin, aim, rival, sampling } = wish;
  const experiments = 'experiments' in wish ? wish.experiments : undefined;
  const plain = pick(wish, plainViewKeys);
  const { attentions } = run.info.model;
  if (attentions.length > 0 && (plain.layer !== undefined || plain.heads)) attentionOf(run, plain.part ?? attentions.at(-1)?.part, plain.layer ?? 0, plain.heads ?? []);
  return {
    ...plain,
    ...(pin === undefined ? {} : { pinned: placeOf(pin, run) }),
    ...(aim === undefined ? {} : { target: await vocabularyId(aim, run) }),
    ...(rival === undefined ? {} : { rival: await vocabularyId(rival, run) }),
    ...(sampling === undefined ? {} : { sampling: fullSampling(sampling) }),
    ...(experiments ? { experiments: experimentsOf(experiments, run) } : {}),
  };
}

/** As the list of experiments has them. */
export function experimentsOf(wishes: readonly ExperimentWish[], run: LabRun): Experiment[] {
  return interventionsOf(wishes, run).map((intervention) => ({ name: null, on: true, intervention }));
}

/** A whole view of a step: from the first view on, looking at the part that is most telling. */
export async function viewOfStep(wish: ShowWish, run: LabRun): Promise<Partial<ViewState>> {
  const { attentions } = run.info.model;
  const telling = attentions.find(({ part }) => part === (wish.part ?? attentions.at(-1)?.part));
  return { ...firstView, part: telling?.part ?? predictingPart(run.info.model), layer: Math.floor((telling?.layers ?? 0) / 2), ...(await shownView(wish, run)) };
}
