/** What a model expects to come at a place of a document: words for a list, and a few of them in a row as ghost text. */
import * as vscode from 'vscode';
import type { ModelSource, WordCandidate } from '../protocol.ts';
import { runFor, wordsAfter, type ScoringEngine } from './predictions.ts';

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
  const { run, info } = await runFor(engine, model, text, signal);
  if (info.window.end < info.window.total) {
    // More than the model can see at once: its last part.
    engine.release(run);
    return likeliestWords(engine, model, text.slice(Math.ceil(text.length / 2)), count, signal);
  }
  try {
    return await wordsAfter(engine, run, info.tokens.length - 1, count, model);
  } finally {
    engine.release(run);
  }
}
