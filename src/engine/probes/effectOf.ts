/** One prediction of a run, to be made again with things switched off. */
import type { Intervention } from '../../protocol.ts';
import { checkInterventions, needsMeans, remaining } from '../interventions.ts';
import { patchesOf } from '../interventionsPatched.ts';
import { ProblemError } from '../problemError.ts';
import type { Run } from '../run.ts';
import type { Trace, TraceIds } from '../trace.ts';
import type { PositionLogits } from './positionLogits.ts';

export class Prediction {
  /** The tokens up to the position, or with the mask in it; made at the first use. */
  private start: Promise<Trace> | undefined;

  private constructor(
    private readonly run: Run,
    private readonly position: number,
    /** An encoder's, whose token there is masked. */
    private readonly masked: boolean,
    readonly before: PositionLogits,
  ) {}

  /** @throws ProblemError `intervention.twice`, `model.predictsNothing` */
  static async of(run: Run, position: number): Promise<Prediction> {
    const { trace, tokens } = run;
    if (trace.isPatched) throw new ProblemError('intervention.twice');
    const { maskId, info } = trace.model;
    const asIs = info.predicts !== 'masked' || tokens.text[position]?.origin === 'added';
    const masked = !asIs && maskId !== null && trace.ids('text')[position] !== maskId;
    return new Prediction(run, position, masked, await run.logits.at(position, asIs));
  }

  /** Logits with these things switched off, `[vocabulary]`, run from where they differ. @throws ProblemError `intervention.…`, `run.cancelled` */
  async after(interventions: readonly Intervention[]): Promise<Float32Array> {
    const { trace } = this.run;
    const made: Trace[] = [];
    const ran = async (next: Trace): Promise<Trace> => {
      made.push(next);
      await next.run(new AbortController().signal);
      return next;
    };
    try {
      trace.requireHeld();
      const { model } = trace;
      const text = trace.ids('text');
      checkInterventions(model, { text: text.length, output: trace.ids('output').length }, interventions);
      const { kept, inside } = remaining(model, text.length, interventions);
      if (kept.length === text.length) return await this.logitsOf(await this.base(), inside, this.position, trace, ran);
      const position = this.positionAmong(kept);
      const ids = { ...this.idsOf(trace), text: kept.map((index) => text[index] ?? 0) };
      const plain = needsMeans(inside) ? await ran(trace.variant(ids)) : undefined;
      return await this.logitsOf(await ran(trace.variant(this.upTo(ids, position))), inside, position, plain, ran);
    } catch (thrown) {
      trace.requireHeld();
      throw thrown;
    } finally {
      for (const used of made) used.release();
    }
  }

  async release(): Promise<void> {
    const start = await this.start?.catch(() => undefined);
    if (start !== this.run.trace) start?.release();
  }

  private async logitsOf(base: Trace, inside: Parameters<typeof patchesOf>[1], position: number, plain: Trace | undefined, ran: (trace: Trace) => Promise<Trace>): Promise<Float32Array> {
    const patches = await patchesOf(base.model, inside, { text: base.ids('text').length, output: base.ids('output').length }, plain);
    const trace = patches.size ? await ran(base.patched(patches)) : base;
    return (await trace.logits([position])).data;
  }

  /** Without interventions, and no longer than the prediction needs; it is released with this. */
  base(): Promise<Trace> {
    this.start ??= this.makeBase();
    return this.start;
  }

  private async makeBase(): Promise<Trace> {
    const { trace } = this.run;
    const ids = this.upTo(this.idsOf(trace), this.position);
    const { text, output } = trace.isOf(ids);
    // What cannot be gone on from is run as it is: shorter, its positions might turn by other angles.
    if ((text && output) || (!this.masked && trace.reusableFor(ids).text === 0)) return trace;
    const base = trace.variant(ids);
    try {
      await base.run(new AbortController().signal);
      return base;
    } catch (thrown) {
      base.release();
      throw thrown;
    }
  }

  private idsOf(trace: Trace): TraceIds {
    const ids = { text: trace.ids('text') };
    return trace.model.info.kind === 'encoder-decoder' ? { ...ids, output: trace.ids('output') } : ids;
  }

  private upTo({ text, output }: TraceIds, position: number): TraceIds {
    const { maskId, info } = this.run.trace.model;
    if (output) return { text, output: output.slice(0, position + 1) };
    if (this.masked && maskId !== null) return { text: text.map((id, index) => (index === position ? maskId : id)) };
    return { text: info.predicts === 'masked' ? text : text.slice(0, position + 1) };
  }

  /** Where the prediction is in what stays of the text: after the last token that stays, or in the masked one. @throws ProblemError `intervention.ownToken` */
  private positionAmong(kept: readonly number[]): number {
    const { kind, predicts } = this.run.trace.model.info;
    if (kind === 'encoder-decoder') return this.position;
    const position = predicts === 'masked' ? kept.indexOf(this.position) : kept.filter((index) => index <= this.position).length - 1;
    if (position < 0) throw new ProblemError('intervention.ownToken');
    return position;
  }
}
