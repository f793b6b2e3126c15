/**
 * One document in the colours of surprise, in every editor that shows it: what is visible first, what was edited
 * before the rest, and nothing twice. Colours of what is being scored again stay until it is.
 */
import * as vscode from 'vscode';
import { ProblemError, problemOf } from '../../engine/client.ts';
import type { ModelSource, Problem } from '../../protocol.ts';
import type { Inks } from './inks.ts';
import { bucketOf, figuresOf, type Figures } from './measures.ts';
import { passagesIn, placeIn, type Lines, type Passage, type PassageSizes } from './passages.ts';
import type { Scored, ScoredToken, Scorer } from './scorer.ts';

/** Sizes that every model of 512 positions has room for. */
const SIZES: PassageSizes = { passage: 160, context: 200 };
/** Lines above and below what is visible that are coloured as well. */
const AROUND = 20;
/** Milliseconds that a document rests before it is scored again. */
const REST = 40;

/** A token of the document, for a hover. */
export interface TokenAt {
  readonly passage: Passage;
  readonly token: ScoredToken;
  readonly range: vscode.Range;
  /** Tokens that the model saw before it. */
  readonly before: number;
}

export class Coloring implements vscode.Disposable {
  private going = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** The last results by text alone, to draw what is being scored in a new context. */
  private readonly former = new Map<string, Scored>();
  private edited: number | null = null;
  private drawn: { readonly figures: Figures | null; readonly complete: boolean } = { figures: null, complete: false };

  /**
   * @param onProgress is told when there is something new to say of the document.
   * @param onProblem is told what the engine refuses.
   */
  constructor(
    readonly document: vscode.TextDocument,
    readonly model: ModelSource,
    private readonly scorer: Scorer,
    private readonly inks: Inks,
    private readonly onProgress: () => void,
    private readonly onProblem: (problem: Problem) => void,
  ) {
    this.schedule(0);
  }

  /** Figures of what is visible, and whether all of it has been scored. */
  get state(): { readonly figures: Figures | null; readonly complete: boolean } {
    return this.drawn;
  }

  /** The document has changed; the first change tells where the writer is. */
  changed(changes: readonly vscode.TextDocumentContentChangeEvent[]): void {
    const [first] = changes;
    if (first) this.edited = first.range.start.line;
    this.schedule(REST);
  }

  /** Other lines have become visible, or other editors. */
  scrolled(): void {
    this.schedule(REST);
  }

  /** The scored token at a place, as far as it is known. */
  at(position: vscode.Position): TokenAt | null {
    const passage = this.passages(position.line, position.line).find(({ start, end }) => new vscode.Range(start.line, start.character, end.line, end.character).contains(position));
    const scored = passage && this.scorer.known(this.model, passage);
    if (!passage || !scored) return null;
    for (const token of scored.tokens) {
      const range = rangeOf(passage, token);
      if (range.contains(position) && !range.end.isEqual(position)) return { passage, token, range, before: scored.context + scored.tokens.indexOf(token) };
    }
    return null;
  }

  /** Ranges by bucket as they are known now, in the given lines. */
  ranges(first: number, last: number): vscode.Range[][] {
    const ranges: vscode.Range[][] = [[], [], [], []];
    for (const passage of this.passages(first, last)) {
      for (const token of this.best(passage)?.tokens ?? []) ranges[bucketOf(token.rank)]?.push(inkOf(passage, token));
    }
    return ranges;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.going.abort();
    for (const editor of this.editors()) this.inks.draw(editor, []);
  }

  private schedule(rest: number): void {
    this.drawn = { ...this.drawn, complete: false };
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.update(), rest);
  }

  /** Scores what is visible, the edited passage first, and draws after each. A newer update ends this one. */
  private async update(): Promise<void> {
    this.going.abort();
    const going = (this.going = new AbortController());
    const near = this.edited;
    const wanted = this.visible().flatMap(([first, last]) => this.passages(first, last));
    const unknown = wanted.filter((passage) => !this.scorer.known(this.model, passage));
    const cursor = near ?? vscode.window.activeTextEditor?.selection.active.line ?? 0;
    unknown.sort((a, b) => distance(a, cursor) - distance(b, cursor)).splice(MOST_AT_ONCE);
    // What was edited keeps the colours that the editor moves along until its own are there.
    if (unknown.length === 0 || this.edited === null) this.draw(unknown.length === 0);
    try {
      for (const [i, passage] of unknown.entries()) {
        const scored = await this.scorer.score(this.model, passage, going.signal);
        if (going.signal.aborted) return;
        this.remember(passage.text, scored);
        this.edited = null;
        this.draw(i === unknown.length - 1);
      }
    } catch (thrown) {
      if (going.signal.aborted || (thrown instanceof ProblemError && thrown.problem.code === 'run.cancelled')) return;
      this.onProblem(problemOf(thrown));
    }
  }

  private draw(complete: boolean): void {
    const seen: Scored[] = [];
    for (const editor of this.editors()) {
      const ranges: vscode.Range[][] = [[], [], [], []];
      for (const [first, last] of visibleLines(editor)) for (const [bucket, found] of this.ranges(first, last).entries()) ranges[bucket]?.push(...found);
      this.inks.draw(editor, ranges);
      for (const [first, last] of visibleLines(editor)) for (const passage of this.passages(first, last)) seen.push(...[this.best(passage)].filter((scored) => scored !== undefined));
    }
    this.drawn = { figures: figuresOf([...new Set(seen)]), complete };
    this.onProgress();
  }

  private best(passage: Passage): Scored | undefined {
    return this.scorer.known(this.model, passage) ?? this.former.get(passage.text);
  }

  private remember(text: string, scored: Scored): void {
    this.former.delete(text);
    this.former.set(text, scored);
    for (const oldest of this.former.keys()) {
      if (this.former.size <= MOST_FORMER) break;
      this.former.delete(oldest);
    }
  }

  private passages(first: number, last: number): Passage[] {
    const lines: Lines = { count: this.document.lineCount, line: (index) => this.document.lineAt(index).text };
    return passagesIn(lines, first, Math.min(last, this.document.lineCount - 1), SIZES);
  }

  private visible(): (readonly [number, number])[] {
    return this.editors().flatMap(visibleLines);
  }

  private editors(): vscode.TextEditor[] {
    return vscode.window.visibleTextEditors.filter((editor) => editor.document === this.document);
  }
}

const MOST_FORMER = 200;
/** A line of a megabyte is visible as a whole, as far as an editor tells. */
const MOST_AT_ONCE = 100;

const visibleLines = (editor: vscode.TextEditor): (readonly [number, number])[] => editor.visibleRanges.map(({ start, end }) => [Math.max(0, start.line - AROUND), end.line + AROUND] as const);

const distance = ({ start, end }: Passage, line: number): number => (line < start.line ? start.line - line : line > end.line ? line - end.line : 0);

/** What is drawn of a token: the blanks at its sides are left out where there is anything else. */
function inkOf(passage: Passage, token: ScoredToken): vscode.Range {
  const text = passage.text.slice(token.start, token.end);
  const inner = text.trim();
  if (inner === '') return rangeOf(passage, token);
  const start = token.start + text.indexOf(inner);
  return rangeOf(passage, { start, end: start + inner.length });
}

function rangeOf(passage: Passage, token: Pick<ScoredToken, 'start' | 'end'>): vscode.Range {
  const start = placeIn(passage, token.start);
  const end = placeIn(passage, token.end);
  return new vscode.Range(start.line, start.character, end.line, end.character);
}
