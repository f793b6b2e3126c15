/** What the engine is asked about a text in a document: a run for predictions only, and the likeliest words at its end. */
import { ProblemError, type EngineClient } from '../engine/client.ts';
import type { ModelSource, RunId, RunInfo, WordCandidate } from '../protocol.ts';

export type ScoringEngine = Pick<EngineClient, 'run' | 'ask' | 'release'>;

/**
 * A finished run, which the caller releases.
 * @throws ProblemError what the engine says; `run.cancelled` once the signal has fired
 */
export async function runFor(engine: ScoringEngine, model: ModelSource, text: string, signal: AbortSignal): Promise<{ readonly run: RunId; readonly info: RunInfo }> {
  const found: { info?: RunInfo } = {};
  let problem: ProblemError | undefined;
  const { run, done } = engine.run(
    { model, text, predictionsOnly: true },
    (event) => {
      if (event.type === 'started') found.info = event.info;
      if (event.type === 'failed') problem = new ProblemError(event.problem.code, event.problem.facts);
    },
    signal,
  );
  await done;
  if (problem) {
    // It may have ended in the worker before it heard that it was called off.
    engine.release(run);
    throw problem;
  }
  if (!found.info) throw new ProblemError('run.gone');
  return { run, info: found.info };
}

/** The words that `count` candidates after a position begin, as far as they stand for text, likeliest candidate first. @throws ProblemError */
export async function wordsAfter(engine: ScoringEngine, run: RunId, position: number, count: number, model: ModelSource): Promise<readonly WordCandidate[]> {
  const next = await engine.ask(run, 'next', { position, top: count });
  if (!next.ok) throw new ProblemError(next.problem.code, next.problem.facts);
  if (next.value.predicts !== 'next') throw new ProblemError('model.predictsNothing', { name: model.name });
  const words = await engine.ask(run, 'words', { position, ids: next.value.top.filter(({ special }) => !special).map(({ id }) => id) });
  if (!words.ok) throw new ProblemError(words.problem.code, words.problem.facts);
  return words.value.words;
}
