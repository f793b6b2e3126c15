/** Runs beside a panel's own: another model on the same text, the same with experiments, another text, another output. */
import type { BesidePlace, HostMessage, ModelSource, PageMessage, Problem, Subject } from '../protocol.ts';
import { CurrentRun, type RunEngine } from './currentRun.ts';

type BesideMessage = Extract<HostMessage, { type: 'beside' }>;
type BesideWish = Extract<PageMessage, { type: 'beside' }>;

/** What a run needs besides the wish. */
export interface BesideServices {
  readonly engine: () => RunEngine;
  readonly find: (model: string) => ModelSource | null;
  readonly unknown: (model: string) => Problem;
  readonly targets: readonly string[];
}

export class BesideRuns {
  private readonly runs: Readonly<Record<BesidePlace, CurrentRun>>;
  private readonly requests: Record<BesidePlace, number> = { model: 0, experiments: 0, text: 0, writing: 0 };

  /** @param tell gets what happens in any of them. */
  constructor(tell: (message: BesideMessage) => void) {
    const at = (place: BesidePlace): CurrentRun => new CurrentRun((event) => tell({ type: 'beside', place, request: this.requests[place], event }));
    this.runs = { model: at('model'), experiments: at('experiments'), text: at('text'), writing: at('writing') };
  }

  /** Ends what was at a place and begins what is wanted there: like the run of `subject`, but for what the wish says. */
  run({ place, request, wanted }: BesideWish, subject: Subject | null, { engine, find, unknown, targets }: BesideServices): void {
    const run = this.runs[place];
    run.dispose();
    this.requests[place] = request;
    if (!subject || !wanted) return;
    const name = wanted.model ?? subject.model;
    const model = find(name);
    if (!model) {
      run.refuse(unknown(name));
      return;
    }
    const own = wanted.text === undefined;
    const { interventions, outputIds } = wanted;
    run.begin(
      engine(),
      { model, text: wanted.text ?? subject.text, windowStart: own ? subject.windowStart : 0, targets, ...(interventions ? { interventions } : {}), ...(outputIds ? { outputIds } : {}) },
      own ? subject.textLength : undefined,
    );
  }

  fail(problem: Problem): void {
    for (const run of Object.values(this.runs)) run.fail(problem);
  }

  dispose(): void {
    for (const run of Object.values(this.runs)) run.dispose();
  }
}
