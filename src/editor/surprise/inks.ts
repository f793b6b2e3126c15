/** How surprise is drawn: one kind of decoration for each bucket, in theme colours. */
import * as vscode from 'vscode';
import { surpriseColors } from '../../manifest.ts';

export type InkStyle = 'underline' | 'background';

export class Inks implements vscode.Disposable {
  private readonly types: readonly vscode.TextEditorDecorationType[];

  constructor(style: InkStyle) {
    this.types = surpriseColors.map((ids, bucket) => vscode.window.createTextEditorDecorationType(style === 'underline' ? underline(ids.line, bucket) : background(ids.background, ids.line, bucket)));
  }

  /** Draws the ranges of each bucket, in place of what was drawn before. */
  draw(editor: vscode.TextEditor, ranges: readonly (readonly vscode.Range[])[]): void {
    for (const [bucket, type] of this.types.entries()) editor.setDecorations(type, ranges[bucket] ?? []);
  }

  dispose(): void {
    for (const type of this.types) type.dispose();
  }
}

/** The more surprising, the more there is to see, also without colours. */
const LINES = ['1px dotted', '2px dotted', '2px solid', '3px solid'] as const;
/** The overview ruler shows where the surprises are: the two upper buckets. */
const FIRST_IN_RULER = 2;

function underline(color: string, bucket: number): vscode.DecorationRenderOptions {
  return { borderStyle: LINES[bucket]?.split(' ')[1] ?? 'solid', borderWidth: `0 0 ${LINES[bucket]?.split(' ')[0] ?? '1px'} 0`, borderColor: new vscode.ThemeColor(color), ...common(color, bucket) };
}

function background(color: string, ruler: string, bucket: number): vscode.DecorationRenderOptions {
  return { backgroundColor: new vscode.ThemeColor(color), ...common(ruler, bucket) };
}

function common(color: string, bucket: number): vscode.DecorationRenderOptions {
  return {
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    ...(bucket >= FIRST_IN_RULER ? { overviewRulerColor: new vscode.ThemeColor(color), overviewRulerLane: vscode.OverviewRulerLane.Right } : {}),
  };
}
