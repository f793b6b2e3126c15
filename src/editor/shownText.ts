/** The text of a panel in its document: what is lit up there, and which token the cursor is in. */
import * as vscode from 'vscode';
import type { Highlight, SubjectSource, Token } from '../protocol.ts';
import { DocumentLink } from './documentLink.ts';
import type { Highlights } from './highlights.ts';
import { partnersByStep } from './partnerStep.ts';
import { revealRange } from './reveal.ts';

export interface ShownTextEvents {
  /** The text was edited, restored, or its document has come or gone. */
  readonly moved: () => void;
  /** The cursor has come into another token, or has left the text. */
  readonly caret: (token: number | null) => void;
}

export class ShownText implements vscode.Disposable {
  readonly link: DocumentLink;
  private highlight: Highlight | null = null;
  private caretToken: number | null = null;
  private readonly caretListener: vscode.Disposable;

  /** @param tokens tokens of the shown window; empty before they are known. */
  constructor(
    text: string,
    source: SubjectSource,
    private readonly tokens: () => readonly Token[],
    private readonly highlights: Highlights,
    private readonly events: ShownTextEvents,
  ) {
    this.link = new DocumentLink(text, source, () => {
      this.paint();
      events.moved();
    });
    this.caretListener = vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.readCaret(textEditor));
  }

  get caret(): number | null {
    return this.caretToken;
  }

  /** Lights up a token and its partners; `null` takes the light away. */
  light(highlight: Highlight | null): void {
    this.highlight = highlight;
    this.paint();
  }

  /** The panel has lost the focus: what was only pointed at goes out, what is pinned or under the cursor stays. */
  dim(): void {
    const { highlight } = this;
    if (highlight && !highlight.pinned && (highlight.token === null || highlight.token !== this.caretToken)) this.light(null);
  }

  /** Tells which token the cursor of an editor is in. A selection is in none: it is more than a place. */
  readCaret(editor: vscode.TextEditor): void {
    const { selection } = editor;
    const token = this.link.isSource(editor.document) && selection.isEmpty ? this.link.tokenAt(this.tokens(), selection.active) : null;
    if (token === this.caretToken) return;
    this.caretToken = token;
    this.events.caret(token);
  }

  /** Brings the pinned token into sight, else the whole text. Rejects where the document is gone. */
  async reveal(): Promise<void> {
    const document = await this.link.open();
    const { token = null, pinned: held = false } = this.highlight ?? {};
    const pinned = held && token !== null ? this.link.rangeOf(this.tokens(), token) : null;
    // Only the cursor goes to a token: a selected one would be taken for the next text to follow.
    const range = pinned ? new vscode.Range(pinned.start, pinned.start) : this.link.range;
    if (range) await revealRange(document, range);
  }

  dispose(): void {
    this.caretListener.dispose();
    this.link.dispose();
    this.highlights.clear(this);
  }

  private paint(): void {
    const { highlight } = this;
    if (!highlight) {
      this.highlights.clear(this);
      return;
    }
    const focused = highlight.token === null ? [] : this.rangesOf([highlight.token]);
    const partners = partnersByStep(highlight).map((tokens) => this.rangesOf(tokens));
    // Partners of a text token that cannot be shown would have nothing to belong to.
    if (focused.length === 0 && (highlight.token !== null || partners.every((ranges) => ranges.length === 0))) this.highlights.clear(this);
    else this.highlights.show(this, { uri: this.link.uri, focused, partners });
  }

  private rangesOf(tokens: readonly number[]): vscode.Range[] {
    return tokens.map((token) => this.link.rangeOf(this.tokens(), token)).filter((range) => range !== null);
  }
}
