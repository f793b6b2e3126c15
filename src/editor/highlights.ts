/** Marks in the text: the focused token in a box, its partners shaded by weight, in every visible editor of the document. */
import * as vscode from 'vscode';
import { colors } from '../manifest.ts';

/** What is lit up in one document. */
export interface Marks {
  readonly uri: string;
  readonly focused: readonly vscode.Range[];
  /** By shade, faintest first. */
  readonly partners: readonly (readonly vscode.Range[])[];
}

interface MarkTypes {
  readonly focused: vscode.TextEditorDecorationType;
  readonly partners: readonly vscode.TextEditorDecorationType[];
}

export class Highlights implements vscode.Disposable {
  private types: MarkTypes | null = null;
  private shown: { readonly owner: object; readonly marks: Marks } | null = null;
  private visible: vscode.Disposable | null = null;

  /** What is lit up now. */
  get marks(): Marks | null {
    return this.shown?.marks ?? null;
  }

  /** Lights up `marks` in place of what was lit up before, whoever asked for it. */
  show(owner: object, marks: Marks): void {
    const before = this.shown?.marks;
    this.shown = { owner, marks };
    if (before && before.uri !== marks.uri) this.paint(before.uri, null);
    this.paint(marks.uri, marks);
    this.visible ??= vscode.window.onDidChangeVisibleTextEditors(() => {
      if (this.shown) this.paint(this.shown.marks.uri, this.shown.marks);
    });
  }

  /** Takes away what `owner` has lit up; another's marks stay. */
  clear(owner: object): void {
    if (this.shown?.owner !== owner) return;
    this.paint(this.shown.marks.uri, null);
    this.shown = null;
    this.visible?.dispose();
    this.visible = null;
  }

  dispose(): void {
    this.visible?.dispose();
    this.types?.focused.dispose();
    for (const type of this.types?.partners ?? []) type.dispose();
    this.types = this.shown = null;
  }

  private paint(uri: string, marks: Marks | null): void {
    const types = (this.types ??= createTypes());
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document.uri.toString() !== uri) continue;
      editor.setDecorations(types.focused, marks?.focused ?? []);
      types.partners.forEach((type, step) => editor.setDecorations(type, marks?.partners[step] ?? []));
    }
  }
}

function createTypes(): MarkTypes {
  const border = new vscode.ThemeColor(colors.focusedTokenBorder);
  const rangeBehavior = vscode.DecorationRangeBehavior.ClosedClosed;
  return {
    focused: vscode.window.createTextEditorDecorationType({
      border: '1px solid',
      borderColor: border,
      backgroundColor: new vscode.ThemeColor(colors.focusedTokenBackground),
      overviewRulerColor: border,
      overviewRulerLane: vscode.OverviewRulerLane.Full,
      rangeBehavior,
    }),
    partners: colors.partners.map((color) => {
      const shade = new vscode.ThemeColor(color);
      return vscode.window.createTextEditorDecorationType({
        backgroundColor: shade,
        border: '1px dashed',
        borderColor: new vscode.ThemeColor(colors.partnerBorder),
        overviewRulerColor: shade,
        overviewRulerLane: vscode.OverviewRulerLane.Center,
        rangeBehavior,
      });
    }),
  };
}
