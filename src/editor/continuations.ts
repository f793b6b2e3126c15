/** What a model expects to come at a place of a document: words for a list, and a few of them in a row as ghost text. */
import * as vscode from 'vscode';
import { ProblemError } from '../engine/client.ts';
import type { ModelSource, RunId, WordCandidate } from '../protocol.ts';
import type { ScoringEngine } from './surprise/scorer.ts';

/** So much of the text before the cursor is read, UTF-16 units; a model that sees less reads the end of it. */
const MOST_BEFORE = 1500;

/** The text before a place, from the beginning of a line or word on. */
export function textBefore(document: vscode.TextDocument, place: vscode.Position): string {
  const end = document.offsetAt(place);
  const start = Math.max(0, end - MOST_BEFORE);
  const text = document.getText(new vscode.Range(document.positionAt(start), place)).replace(/\r\n/g, '\n');
  if (start === 0) return text;
  const space = text.search(/\s/u);
  return space < 0 ? text : text.slice(space);
}

/**
 * The likeliest words after a text, likeliest first: of `count` candidates those that stand for text.
 * @throws ProblemError what the engine says; `run.cancelled` once the signal has fired
 */
export async function likeliestWords(engine: ScoringEngine, model: ModelSource, text: string, count: number, signal: AbortSignal): Promise<readonly WordCandidate[]> {
  const { run, position } = await lastRun(engine, model, text, signal);
  try {
    const next = await engine.ask(run, 'next', { position, top: count });
    if (!next.ok) throw new ProblemError(next.problem.code, next.problem.facts);
    if (next.value.predicts !== 'next') throw new ProblemError('model.predictsNothing', { name: model.name });
    const words = await engine.ask(run, 'words', { position, ids: next.value.top.filter(({ special }) => !special).map(({ id }) => id) });
    if (!words.ok) throw new ProblemError(words.problem.code, words.problem.facts);
    return words.value.words;
  } finally {
    engine.release(run);
  }
}

/** A run on a text's last part that the model can see whole. */
async function lastRun(engine: ScoringEngine, model: ModelSource, text: string, signal: AbortSignal): Promise<{ run: RunId; position: number }> {
  let problem: ProblemError | undefined;
  let position = 0;
  let beyond = 0;
  const { run, done } = engine.run(
    { model, text, predictionsOnly: true },
    (event) => {
      if (event.type === 'started') {
        position = event.info.tokens.length - 1;
        beyond = event.info.window.total - event.info.window.end;
      }
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
  if (beyond === 0) return { run, position };
  engine.release(run);
  return lastRun(engine, model, text.slice(Math.ceil(text.length / 2)), signal);
}
