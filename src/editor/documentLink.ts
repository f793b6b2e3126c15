/** The tie between an analysed text and the document it came from, kept through edits and reopening. */
import * as vscode from 'vscode';
import type { SubjectSource, Token } from '../protocol.ts';
import { afterEdit, nearest, settle, tokenAt, tokenRange, type Stretch } from './tokenRanges.ts';

export class DocumentLink implements vscode.Disposable {
  /** `null` while the document is not open, or has never held the text since it was opened. */
  private held: { readonly document: vscode.TextDocument; eol: vscode.EndOfLine; stretch: Stretch } | null = null;
  private readonly listeners: vscode.Disposable;
  /** Where the text was last seen; a document that is opened again is searched from here. */
  private lastStart: number;

  /** @param onMoved is told when the text has moved, become stale or been restored, or its document has come or gone. */
  constructor(
    private readonly text: string,
    private readonly source: SubjectSource,
    private readonly onMoved: () => void,
  ) {
    this.lastStart = source.start;
    const document = vscode.workspace.textDocuments.find((open) => this.isSource(open));
    if (document) this.attach(document);
    this.listeners = vscode.Disposable.from(
      vscode.workspace.onDidChangeTextDocument((change) => {
        if (this.isSource(change.document)) this.edited(change);
      }),
      vscode.workspace.onDidOpenTextDocument((opened) => {
        if (!this.isSource(opened)) return;
        this.attach(opened);
        this.onMoved();
      }),
      vscode.workspace.onDidCloseTextDocument((closed) => {
        if (!this.isSource(closed)) return;
        this.held = null;
        this.onMoved();
      }),
    );
  }

  get uri(): string {
    return this.source.uri;
  }

  /** The document has the text no longer where the picture says it is. */
  get stale(): boolean {
    return this.held?.stretch.stale ?? false;
  }

  /** Where the text stands, or what it has become; `null` while the document is not open. */
  get range(): vscode.Range | null {
    return this.held && toRange(this.held.document, this.held.stretch);
  }

  /** The document, opened if it can be. Rejects where it is gone. */
  open(): Thenable<vscode.TextDocument> {
    return this.held ? Promise.resolve(this.held.document) : vscode.workspace.openTextDocument(vscode.Uri.parse(this.source.uri, true));
  }

  /** Where a token stands in the document; `null` where that cannot be said. */
  rangeOf(tokens: readonly Token[], token: number): vscode.Range | null {
    const range = this.held && tokenRange(this.held.stretch, tokens, token);
    return this.held && range && toRange(this.held.document, range);
  }

  /** The token at a place of this document; `null` outside the text. */
  tokenAt(tokens: readonly Token[], place: vscode.Position): number | null {
    return this.held && tokenAt(this.held.stretch, tokens, this.held.document.offsetAt(place));
  }

  isSource(document: vscode.TextDocument): boolean {
    return document.uri.toString() === this.source.uri;
  }

  dispose(): void {
    this.listeners.dispose();
    this.held = null;
  }

  /** Finds the text in a document that was opened; where it is not, the picture is one of an old text. */
  private attach(document: vscode.TextDocument): void {
    const found = this.findIn(document);
    const start = document.offsetAt(document.positionAt(found ?? this.lastStart));
    const end = document.offsetAt(document.positionAt(start + this.text.length));
    this.held = { document, eol: document.eol, stretch: { start, end, stale: found === null } };
    this.lastStart = start;
  }

  private findIn(document: vscode.TextDocument): number | null {
    const { lastStart, text } = this;
    const there = document.getText(toRange(document, { start: lastStart, end: lastStart + text.length })) === text;
    return there ? lastStart : nearest(document.getText(), text, lastStart);
  }

  private edited({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (!this.held || this.held.eol !== document.eol) {
      // All offsets are others under other line ends.
      this.attach(document);
      this.onMoved();
      return;
    }
    if (contentChanges.length === 0) return;
    const before = this.held.stretch;
    const moved = contentChanges.reduce(
      (stretch, change) => afterEdit(stretch, { offset: change.rangeOffset, removed: change.rangeLength, inserted: change.text.length }),
      before,
    );
    const read = (start: number, end: number): string => document.getText(toRange(document, { start, end }));
    this.held.stretch = settle(moved, this.text, read, before.start);
    this.lastStart = this.held.stretch.start;
    if (this.held.stretch !== before) this.onMoved();
  }
}

function toRange(document: vscode.TextDocument, { start, end }: { start: number; end: number }): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}
