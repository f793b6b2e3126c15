/** The two phrasings that a writer means: two selections, or one and what was copied; and the text before them. */
import * as vscode from 'vscode';
import type { Phrasing } from '../../protocol.ts';
import { textIn, type ChosenText } from '../chosenText.ts';
import { cutTo } from '../paragraph.ts';

export interface ChosenPhrasing {
  /** Without blanks at its sides, lines ended by `\n`. */
  readonly text: string;
  readonly from: Phrasing['from'];
  /** Where it stands; null for what was copied. */
  readonly place: ChosenText | null;
}

export interface ChosenPhrasings {
  /** What comes before the first selection, with the blanks that it begins with. */
  readonly context: string;
  readonly both: readonly [ChosenPhrasing, ChosenPhrasing];
  /** Selections with text in them, of which the first two count. */
  readonly selections: number;
  /** Some text was too long and is left out. */
  readonly cut: boolean;
}

/** UTF-16 units of a phrasing: both are on the screen token by token. */
export const LONGEST_PHRASING = 2000;
/** UTF-16 units of context; what the model cannot see of it is left out later. */
const LONGEST_CONTEXT = 4000;

/**
 * In the order of the document; null where there are no two.
 * @param copied reads the clipboard, asked only where it is needed.
 */
export async function chosenPhrasings({ document, selections }: vscode.TextEditor, copied: () => Thenable<string>): Promise<ChosenPhrasings | null> {
  const chosen = selections.flatMap((selection) => inked(document, selection)).sort((a, b) => a.start.compareTo(b.start));
  const [first, second] = chosen;
  if (!first) return null;
  const both = [selected(document, first), second ? selected(document, second) : clipped(await copied())] as const;
  if (both[1].text === '') return null;
  const end = document.offsetAt(first.start);
  const before = plain(document.getText(new vscode.Range(document.positionAt(Math.max(0, end - LONGEST_CONTEXT)), first.start)));
  const context = end > LONGEST_CONTEXT ? before.slice(Math.max(0, before.search(/\s/u))) : before;
  return { context, both: [shortened(both[0]), shortened(both[1])], selections: chosen.length, cut: both.some(({ text }) => text.length > LONGEST_PHRASING) };
}

/** What a selection holds without the blanks at its sides; nothing where it is blank. */
function inked(document: vscode.TextDocument, selection: vscode.Range): vscode.Range[] {
  const text = document.getText(selection);
  const inner = text.trim();
  if (inner === '') return [];
  const start = document.offsetAt(selection.start) + text.indexOf(inner);
  return [new vscode.Range(document.positionAt(start), document.positionAt(start + inner.length))];
}

const selected = (document: vscode.TextDocument, range: vscode.Range): ChosenPhrasing => ({ text: plain(document.getText(range)), from: 'selection', place: textIn(document, range) });
const clipped = (text: string): ChosenPhrasing => ({ text: plain(text).trim(), from: 'clipboard', place: null });
const shortened = (phrasing: ChosenPhrasing): ChosenPhrasing => ({ ...phrasing, text: cutTo(phrasing.text, LONGEST_PHRASING) });
const plain = (text: string): string => text.replace(/\r\n?/g, '\n');
