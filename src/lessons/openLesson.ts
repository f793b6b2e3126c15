/** The commands that begin a lesson: the welcome, a choice from the course, a teacher's file. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { isLessonDocument } from './lessonDocuments.ts';
import type { LessonHost } from './lessonHost.ts';
import type { LessonPlayer } from './lessonPlayer.ts';

/** Id of the walkthrough in package.json, behind the extension's own. */
export const walkthrough = 'headlight.welcome';

export async function openWelcome(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openWalkthrough', `headlight.headlight#${walkthrough}`, false);
}

/** @param asked a lesson's id or a file's address; without one, the lesson in the active editor, else one that is picked */
export async function openLesson(asked: unknown, panels: { forLessons(): LessonPlayer }, lessons: LessonHost): Promise<void> {
  const active = vscode.window.activeTextEditor?.document;
  const named = asked instanceof vscode.Uri ? asked.toString() : typeof asked === 'string' ? asked : active && isLessonDocument(active) ? active.uri.toString() : await pickLesson(lessons);
  if (named !== undefined) await panels.forLessons().open(named);
}

async function pickLesson(lessons: LessonHost): Promise<string | undefined> {
  const entries = await lessons.entries();
  const items = entries.map(({ id, title, after, steps, done }) => ({ id, label: title, description: done === steps ? l10n.t('done') : l10n.t('{0} of {1} steps', done, steps), detail: after }));
  const picked = await vscode.window.showQuickPick(items, { title: l10n.t('Lessons'), placeHolder: l10n.t('Choose a lesson'), matchOnDetail: true });
  return picked?.id;
}
