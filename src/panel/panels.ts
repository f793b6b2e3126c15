/**
 * All open panels, and which one commands mean. They outlive this extension host: it never closes
 * them, since the window could then not bring them back after a reload.
 */
import * as vscode from 'vscode';
import type { ChosenText } from '../editor/chosenText.ts';
import type { LessonFile } from '../lessons/lessonFile.ts';
import type { LessonPlayer } from '../lessons/lessonPlayer.ts';
import { contextKeys, panelType } from '../manifest.ts';
import type { Problem, ViewState } from '../protocol.ts';
import { AttentionPanel } from './attentionPanel.ts';
import { readPanelState } from './incoming.ts';
import type { PanelServices } from './panelServices.ts';
import { panelTitle } from './panelTitle.ts';
import type { ShownPhrasings } from './shownPhrasings.ts';

export class Panels implements vscode.WebviewPanelSerializer {
  /** Oldest first. */
  private readonly open: AttentionPanel[] = [];
  private lastActive: AttentionPanel | null = null;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly services: () => PanelServices,
  ) {}

  get all(): readonly AttentionPanel[] {
    return this.open;
  }

  /** The panel that commands act on: the one in front, else the one that was last. */
  get current(): AttentionPanel | null {
    return this.lastActive;
  }

  /** Shows a text in the current panel, or in a new one beside the editor. */
  show(chosen: ChosenText, where: 'current' | 'new'): void {
    const panel = (where === 'current' && this.current) || this.create();
    panel.panel.reveal(undefined, true);
    panel.showChosen(chosen);
  }

  /** Where lessons are taken: the current panel, or a new one, in front and ready for keys. */
  forLessons(): LessonPlayer {
    const panel = this.current ?? this.create();
    panel.panel.reveal(undefined, false);
    return panel.lesson;
  }

  /** A lesson was edited: the panels where it is taken follow. */
  lessonEdited(id: string, file: LessonFile | null, mistakes: number): void {
    for (const { lesson } of this.open) if (lesson.place?.id === id) lesson.replace(file, mistakes);
  }

  /** Where two phrasings are shown: in the current panel, or in a new one. */
  forPhrasings(): ShownPhrasings {
    const panel = this.current ?? this.create();
    panel.panel.reveal(undefined, true);
    return panel.phrasings;
  }

  /** Fills a panel of before a reload of the window; from a state that cannot be used it starts empty. */
  deserializeWebviewPanel(webviewPanel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const stored = readPanelState(state);
    const panel = this.take(webviewPanel, stored?.view ?? null);
    if (stored) panel.show(stored.subject);
    if (stored?.lesson) void panel.lesson.resume(stored.lesson);
    else if (state !== undefined) this.services().log.warn('The stored state of a panel could not be used.', state);
    return Promise.resolve();
  }

  engineDied(problem: Problem): void {
    for (const panel of this.open) panel.engineDied(problem);
  }

  retryAll(): void {
    for (const panel of this.open) panel.retry();
  }

  private create(): AttentionPanel {
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    return this.take(vscode.window.createWebviewPanel(panelType, panelTitle(null), column), null);
  }

  private take(webviewPanel: vscode.WebviewPanel, view: ViewState | null): AttentionPanel {
    const file = (...path: string[]): vscode.Uri => vscode.Uri.joinPath(this.extension, ...path);
    webviewPanel.iconPath = { light: file('media', 'panel-light.svg'), dark: file('media', 'panel-dark.svg') };
    const panel = new AttentionPanel(webviewPanel, this.services(), view, (changed, change) => {
      if (change === 'closed') this.open.splice(this.open.indexOf(changed), 1);
      if (change === 'active') this.lastActive = changed;
      if (change === 'closed' && this.lastActive === changed) this.lastActive = this.open.at(-1) ?? null;
      this.tellContext();
    });
    this.open.push(panel);
    this.lastActive = panel;
    panel.page.load(this.extension);
    this.tellContext();
    return panel;
  }

  private tellContext(): void {
    void vscode.commands.executeCommand('setContext', contextKeys.panelOpen, this.open.length > 0);
    const seen = this.lastActive?.panel.visible ? this.lastActive : this.open.find(({ panel }) => panel.visible);
    this.services().status.show(seen?.model ?? null);
    void vscode.commands.executeCommand('setContext', contextKeys.following, this.lastActive?.following ?? false);
  }
}
