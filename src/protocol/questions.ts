/** Every question about a run, with what is asked and what is answered. */
import type { AttentionOf, DifferenceAnswer, DifferenceAsk, FocusAnswer, HeadChangesAnswer, HeadChangesAsk, LinksAnswer, PatternAnswer } from './attention.ts';
import type { AttributionAnswer, AttributionAsk, CapturedTensor, LensAnswer, LensAsk, NeighboursAnswer, NeuronsAnswer, NeuronsAsk, SourcesAnswer, StageInfo, StatesAnswer } from './inside.ts';
import type { HeadStepsAnswer, HeadStepsAsk } from './headSteps.ts';
import type { EffectAnswer, EffectAsk, SweepAnswer, SweepAsk } from './interventions.ts';
import type { AlignmentAnswer, AlignmentAsk, PatchAnswer, PatchAsk, RepeatedAnswer, RepeatedAsk } from './twoTexts.ts';
import type { PathsAnswer, PathsAsk } from './paths.ts';
import type { FidelityAnswer, InfluenceAnswer, NextAnswer, NextAsk, SpelledToken, SurprisalAnswer, WordCandidate } from './prediction.ts';
import type { PositionsAnswer, PositionsAsk, ProjectionAnswer, ProjectionAsk, WayAnswer, WayAsk } from './vectors.ts';

export interface Questions {
  /** The fewest links that carry `percent` of each row, strongest first, at most `limit` of them. */
  readonly links: {
    readonly ask: AttentionOf & { readonly percent: number; readonly limit: number };
    readonly answer: LinksAnswer;
  };
  /**
   * One unit's complete row (`from`: what it attends to, the unit being a query) or column (`to`: what attends
   * to it, the unit being a key), per head.
   */
  readonly focus: {
    readonly ask: AttentionOf & { readonly percent: number; readonly unitIndex: number; readonly direction: 'from' | 'to' };
    readonly answer: FocusAnswer;
  };
  /** A whole pattern, one head or the average of some. */
  readonly pattern: { readonly ask: AttentionOf; readonly answer: PatternAnswer };
  /** How the attention of another run, the same but for experiments, differs from that of this one. */
  readonly difference: { readonly ask: DifferenceAsk; readonly answer: DifferenceAnswer };
  /** The same of every head at a glance, some layers at a time. */
  readonly headChanges: { readonly ask: HeadChangesAsk; readonly answer: HeadChangesAnswer };
  /**
   * What the model expects after the token at `position` (of the output, where there is one); of an encoder,
   * what it puts in place of that token when it is masked.
   */
  readonly next: { readonly ask: NextAsk; readonly answer: NextAnswer };
  /** Some candidates continued to the end of their word, the likeliest token each time. For models that go on with the text itself. */
  readonly words: { readonly ask: { readonly position: number; readonly ids: readonly number[] }; readonly answer: { readonly words: readonly WordCandidate[] } };
  /** How surprising the tokens of the text are, each after those before it. For models that predict what is next. */
  readonly surprisal: { readonly ask: { readonly from: number; readonly to: number }; readonly answer: SurprisalAnswer };
  /** A recurrent network's state, the `units` that change most over the text. */
  readonly states: { readonly ask: { readonly layer: number; readonly units: number }; readonly answer: StatesAnswer };
  /**
   * How much each of some earlier tokens moves the prediction at `position`: the model is run again without it.
   * For models that predict what is next from the text itself.
   */
  readonly influence: { readonly ask: { readonly position: number; readonly tokens: readonly number[] }; readonly answer: InfluenceAnswer };
  /**
   * The logit lens: what the head would predict from the residual stream after the embedding and after each layer, at
   * some positions (of the output, where there is one). An encoder is read as it is: the text holds the masks. The
   * encoder of an encoder–decoder, on which no head was trained, is read with the decoder's, behind its own last norm.
   * Of a recurrent network there is the last layer only. Costs the head for each layer and position.
   */
  readonly lens: { readonly ask: LensAsk; readonly answer: LensAnswer };
  /**
   * What each part of a decoder adds to the logit of a token after `position`, or to its difference from a rival's. The
   * scale of the last norm is that of the run. Costs about a run.
   */
  readonly attribution: { readonly ask: AttributionAsk; readonly answer: AttributionAnswer };
  /** One head's share in that by the tokens it looked at. */
  readonly attributionSources: { readonly ask: AttributionAsk & { readonly layer: number; readonly head: number }; readonly answer: SourcesAnswer };
  /**
   * The paths by which a logit after `position` is made, or its difference from a rival's: heads and feed-forward parts at
   * tokens, traced back through the values of the heads. Of a run without interventions. Costs about two runs.
   */
  readonly paths: { readonly ask: PathsAsk; readonly answer: PathsAnswer };
  /** The neurons that are strongest at a token, and what each adds to which logits most there. For the same models as attribution. */
  readonly neurons: { readonly ask: NeuronsAsk; readonly answer: NeuronsAnswer };
  /** The tokens whose embeddings point in the direction closest to that of one token of the text's vocabulary. */
  readonly neighbours: { readonly ask: { readonly id: number; readonly top: number }; readonly answer: NeighboursAnswer };
  /** One head at one query: its vectors, products, scores, weights and result, as the run had them. Not of an exported graph. */
  readonly headSteps: { readonly ask: HeadStepsAsk; readonly answer: HeadStepsAnswer };
  /** Embeddings of the text's tokens on a plane. Not of an exported graph. */
  readonly projection: { readonly ask: ProjectionAsk; readonly answer: ProjectionAnswer };
  /** What tells positions apart. Not of an exported graph or a recurrent network. */
  readonly positions: { readonly ask: PositionsAsk; readonly answer: PositionsAnswer };
  /** The residual stream of one token, layer by layer. Not of an exported graph or a recurrent network. */
  readonly way: { readonly ask: WayAsk; readonly answer: WayAnswer };
  /** The tokens that a text is in the vocabulary which the model predicts, with none put around it: for choosing one by its text. */
  readonly spelling: { readonly ask: { readonly text: string }; readonly answer: { readonly tokens: readonly SpelledToken[] } };
  /**
   * How a prediction changes when things are switched off: of a run without interventions, whose position counts before
   * any token is left out. It is run again from where it differs.
   */
  readonly effect: { readonly ask: EffectAsk; readonly answer: EffectAnswer };
  /** The effect of switching off each head, each part of each layer, or each token: some of them at a time, `from` up to `to`. */
  readonly sweep: { readonly ask: SweepAsk; readonly answer: SweepAnswer };
  /** Which tokens of a run on another text stand for which of this one, and what each run predicts at a position. */
  readonly alignment: { readonly ask: AlignmentAsk; readonly answer: AlignmentAnswer };
  /**
   * How much of a prediction comes back when one thing at a time of this run, the clean one, is put into a run on another
   * text, the corrupted one: some sites at a time, `from` up to `to`. Each is run from where it differs.
   */
  readonly patch: { readonly ask: PatchAsk; readonly answer: PatchAnswer };
  /** What each head does on random tokens that are repeated, whatever the text is. */
  readonly repeated: { readonly ask: RepeatedAsk; readonly answer: RepeatedAnswer };
  /**
   * What 8-bit weights cost on this very text: it is run through float32 as well, stage by stage. Of a run in
   * float32 the answer is that nothing differs. Ends as `run.cancelled` when the run is released meanwhile.
   */
  readonly fidelity: { readonly ask: Record<string, never>; readonly answer: FidelityAnswer };
  /** The hook points of the model with their shapes in this run, by stage, in the order they are computed. */
  readonly stages: { readonly ask: Record<string, never>; readonly answer: { readonly stages: readonly StageInfo[] } };
  /** Every hook point of one stage in full: for exports, never for pictures. */
  readonly capture: { readonly ask: { readonly stage: string }; readonly answer: { readonly tensors: readonly CapturedTensor[] } };
}

export type Question = keyof Questions;

export type Ask<Q extends Question> = Questions[Q]['ask'];

export type Answer<Q extends Question> = Questions[Q]['answer'];
