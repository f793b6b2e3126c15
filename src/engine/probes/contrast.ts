/** Two runs of one model on two texts, brought to the same prediction. */
import type { Sequence, TokenPairs } from '../../protocol.ts';
import { alignTokens, identicalPairs } from '../alignTokens.ts';
import { ProblemError } from '../problemError.ts';
import type { Run } from '../run.ts';
import type { Trace } from '../trace.ts';
import { AttentionViews } from './attentionViews.ts';
import { Prediction } from './effectOf.ts';
import { HeldLogits } from './positionLogits.ts';

/** Texts that have less than this share of the longer one's tokens in common are not aligned. */
const LEAST_COMMON = 0.5;

export class Contrast {
  private constructor(
    readonly clean: Prediction,
    readonly corrupted: Prediction,
    readonly corruptedPosition: number,
    /** Of each sequence. */
    readonly pairs: Readonly<Record<Sequence, TokenPairs>>,
    /** The corrupted text read with the clean run's output. */
    private readonly reread: Trace | undefined,
  ) {}

  /**
   * `position` is the clean run's. In an encoder–decoder both runs read what the clean one has written: with outputs of
   * their own they would be at different places in their sentences.
   * @throws ProblemError `model.exported`, `model.noAttention`, `patch.…`, `intervention.twice`, `model.predictsNothing`
   */
  static async of(cleanRun: Run, corruptedRun: Run, position: number): Promise<Contrast> {
    const { model } = cleanRun.trace;
    if (corruptedRun.trace.model !== model) throw new ProblemError('patch.otherModel', { clean: model.info.name, corrupted: corruptedRun.trace.model.info.name });
    if (model.info.door === 'onnx') throw new ProblemError('model.exported', { name: model.info.name });
    if (!model.network.attentions.length) throw new ProblemError('model.noAttention', { name: model.info.name });
    if (corruptedRun.trace.isPatched) throw new ProblemError('intervention.twice');
    const text = requireCommon(alignTokens(cleanRun.trace.ids('text'), corruptedRun.trace.ids('text')), cleanRun, corruptedRun);
    const pairs = { text, output: identicalPairs(cleanRun.trace.ids('output').length) };
    const corruptedPosition = partnerOf(pairs, cleanRun, position);
    const clean = await Prediction.of(cleanRun, position);
    if (!model.network.output) return new Contrast(clean, await Prediction.of(corruptedRun, corruptedPosition), corruptedPosition, pairs, undefined);

    const reread = corruptedRun.trace.variant({ text: corruptedRun.trace.ids('text'), output: cleanRun.trace.ids('output').slice(0, position + 1) });
    try {
      await reread.run(new AbortController().signal);
      const tokens = { text: corruptedRun.tokens.text, output: cleanRun.tokens.output };
      const run = { trace: reread, tokens, views: new AttentionViews(reread, tokens), logits: new HeldLogits(reread) };
      return new Contrast(clean, await Prediction.of(run, corruptedPosition), corruptedPosition, pairs, reread);
    } catch (thrown) {
      reread.release();
      throw thrown;
    }
  }

  async release(): Promise<void> {
    await this.clean.release();
    await this.corrupted.release();
    this.reread?.release();
  }
}

/** @throws ProblemError `patch.apart` */
function requireCommon(pairs: TokenPairs, clean: Run, corrupted: Run): TokenPairs {
  const same = pairs.same.reduce((sum, one) => sum + one, 0);
  const of = Math.max(clean.tokens.text.length, corrupted.tokens.text.length);
  if (same < LEAST_COMMON * of) throw new ProblemError('patch.apart', { same: String(same), of: String(of) });
  return pairs;
}

/** @throws ProblemError `patch.noPartner` */
function partnerOf(pairs: Readonly<Record<Sequence, TokenPairs>>, { trace, tokens }: Run, position: number): number {
  const sequence = trace.model.network.output ? 'output' : 'text';
  const { clean, corrupted } = pairs[sequence];
  const partner = corrupted[clean.indexOf(position)];
  if (partner === undefined) throw new ProblemError('patch.noPartner', { position: String(position), token: tokens[sequence][position]?.text ?? '' });
  return partner;
}
