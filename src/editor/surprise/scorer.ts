/** How surprising the tokens of passages are: asked of the engine, kept, and gone on with while one types. */
import { ProblemError } from '../../engine/client.ts';
import type { ModelSource, RunId, RunInfo, Token, WordCandidate } from '../../protocol.ts';
import { runFor, wordsAfter, type ScoringEngine } from '../predictions.ts';
import type { Passage } from './passages.ts';

/** A token of a passage; offsets are in the passage's text. */
export interface ScoredToken {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** −log₂ of its probability. */
  readonly bits: number;
  /** 1 is the likeliest. */
  readonly rank: number;
  /** Tokens with the same number make up a word. */
  readonly word: number;
}

export interface Scored {
  /** Tokens that something comes before; the first of a document has no score. */
  readonly tokens: readonly ScoredToken[];
  /** Tokens of context that the model saw before the passage. */
  readonly context: number;
}

/** A run that is kept so that the next one goes on from it. */
interface HeldRun {
  readonly run: RunId;
  readonly model: string;
  readonly tokens: readonly Token[];
  /** Of each token, NaN where none was asked for. */
  readonly bits: Float32Array;
  readonly rank: Uint32Array;
}

/** What scoring depends on. */
type Piece = Pick<Passage, 'text' | 'context'>;

const MOST_HELD = 4;
const MOST_KEPT = 500;

export class Scorer {
  private readonly kept = new Map<string, Scored>();
  private readonly held: HeldRun[] = [];
  /** A run that was on its way when all was given back is not held any more. */
  private clearings = 0;

  /** @param engine the engine of now. */
  constructor(private readonly engine: () => ScoringEngine) {}

  /** What is known of a passage without asking. */
  known(model: ModelSource, piece: Piece): Scored | undefined {
    return this.kept.get(keyOf(model, piece));
  }

  /** @throws ProblemError what the engine says; `run.cancelled` once the signal has fired */
  async score(model: ModelSource, piece: Piece, signal: AbortSignal): Promise<Scored> {
    return (await this.scoreWhole(model, piece, signal)) ?? this.scoreLess(model, piece, signal);
  }

  /** With all of its context, or null where the model cannot see so much at once. @throws ProblemError as `score` does */
  async scoreWhole(model: ModelSource, piece: Piece, signal: AbortSignal): Promise<Scored | null> {
    const known = this.known(model, piece);
    if (known) return known;
    const { info, held } = await this.run(model, piece.context + piece.text, signal);
    const { tokens, window, model: told } = info;
    if (told.predicts !== 'next' || told.kind === 'encoder-decoder') throw new ProblemError('model.predictsNothing', { name: told.name });
    if (window.end < window.total) return null;
    return this.keep(model, piece, await this.scoreAll(held, piece.context.length, tokens));
  }

  /** The likeliest words in place of the token that begins at `offset` of a passage, and the run's own word for it. */
  async alternatives(model: ModelSource, piece: Piece, offset: number, count: number, signal: AbortSignal): Promise<readonly WordCandidate[]> {
    const { run, info } = await this.run(model, piece.context + piece.text.slice(0, offset), signal);
    const words = await wordsAfter(this.engine(), run, info.tokens.length - 1, count, model);
    return [...words].sort((a, b) => b.logProbability - a.logProbability);
  }

  /** Gives back all that is held and kept. */
  clear(): void {
    this.clearings++;
    for (const { run } of this.held.splice(0)) this.engine().release(run);
    this.kept.clear();
  }

  /** The engine has lost its runs. */
  engineDied(): void {
    this.held.length = 0;
  }

  /** More text than the model can see: with half of the context, and without any, in two halves. */
  private async scoreLess(model: ModelSource, piece: Piece, signal: AbortSignal): Promise<Scored> {
    const { text, context } = piece;
    if (context.length > 16) return this.keep(model, piece, await this.score(model, { text, context: context.slice(Math.ceil(context.length / 2)) }, signal));
    const middle = halfway(text);
    const first = await this.score(model, { text: text.slice(0, middle), context }, signal);
    const second = await this.score(model, { text: text.slice(middle), context: text.slice(Math.max(0, middle - Math.ceil(middle / 4)), middle) }, signal);
    const moved = second.tokens.map((token) => ({ ...token, start: token.start + middle, end: token.end + middle, word: token.word + 1e6 }));
    return this.keep(model, piece, { tokens: [...first.tokens, ...moved], context: first.context });
  }

  private async scoreAll(held: HeldRun, contextLength: number, tokens: readonly Token[]): Promise<Scored> {
    const first = tokens.findIndex((token) => token.end > contextLength && token.origin !== 'added');
    if (first < 0) return { tokens: [], context: tokens.length };
    // What was before the first token that differs has its numbers already.
    const unknown = held.bits.findIndex((bits, token) => token >= Math.max(first, 1) && Number.isNaN(bits));
    if (unknown >= 0) {
      const answer = await this.engine().ask(held.run, 'surprisal', { from: unknown, to: tokens.length });
      if (!answer.ok) throw new ProblemError(answer.problem.code, answer.problem.facts);
      held.bits.set(answer.value.bits, unknown);
      held.rank.set(answer.value.rank, unknown);
    }
    const scored = tokens.flatMap((token, index): ScoredToken[] => {
      const bits = held.bits[index] ?? NaN;
      if (index < first || Number.isNaN(bits) || token.start === token.end) return [];
      return [{ start: Math.max(0, token.start - contextLength), end: token.end - contextLength, text: token.text, bits, rank: held.rank[index] ?? 0, word: token.word }];
    });
    return { tokens: scored, context: first };
  }

  private async run(model: ModelSource, text: string, signal: AbortSignal): Promise<{ readonly run: RunId; readonly info: RunInfo; readonly held: HeldRun }> {
    const engine = this.engine();
    const since = this.clearings;
    const { run, info } = await runFor(engine, model, text, signal);
    if (since !== this.clearings) {
      engine.release(run);
      throw new ProblemError('run.cancelled');
    }
    return { run, info, held: this.hold(engine, run, model, info.tokens) };
  }

  /** Keeps a run, with the numbers of the tokens that it shares with one before it. */
  private hold(engine: ScoringEngine, run: RunId, { location: model }: ModelSource, tokens: readonly Token[]): HeldRun {
    const bits = new Float32Array(tokens.length).fill(NaN);
    const rank = new Uint32Array(tokens.length);
    for (const before of this.held) {
      if (before.model !== model) continue;
      for (let i = 0; i < tokens.length && tokens[i]?.id === before.tokens[i]?.id; i++) {
        if (Number.isNaN(bits[i] ?? NaN)) [bits[i], rank[i]] = [before.bits[i] ?? NaN, before.rank[i] ?? 0];
      }
    }
    const held = { run, model, tokens, bits, rank };
    this.held.push(held);
    if (this.held.length > MOST_HELD) for (const oldest of this.held.splice(0, this.held.length - MOST_HELD)) engine.release(oldest.run);
    return held;
  }

  private keep(model: ModelSource, piece: Piece, scored: Scored): Scored {
    this.kept.set(keyOf(model, piece), scored);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= MOST_KEPT) break;
      this.kept.delete(oldest);
    }
    return scored;
  }
}

const keyOf = ({ location, precision }: ModelSource, { text, context }: Piece): string => JSON.stringify([location, precision, context, text]);

/** The middle of a text, at a space where one is near; never inside a surrogate pair. */
function halfway(text: string): number {
  const middle = Math.max(1, Math.floor(text.length / 2));
  const space = text.indexOf(' ', middle);
  if (space > 0 && space < middle + 40) return space;
  const unit = text.charCodeAt(middle);
  return unit >= 0xdc00 && unit <= 0xdfff ? middle + 1 : middle;
}
