/** What lessons need of the editor: files, memory, the engine, and questions to the user. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { EngineClient } from '../engine/client.ts';
import type { CourseEntry, ModelSource, TakenLesson, Trouble } from '../protocol.ts';
import { reportTrouble, tell } from '../report.ts';
import { Course, type LoadedLesson } from './course.ts';
import { EngineLaboratory } from './laboratory.ts';
import type { LessonServices } from './lessonPlayer.ts';
import { LessonProgress } from './progress.ts';
import { progressText, type DoneStep } from './progressRecord.ts';

/** What of the list of models is used. */
export interface Models {
  find(name: string): ModelSource | null;
  list(): readonly ModelSource[];
}

export class LessonHost implements LessonServices, vscode.Disposable {
  readonly course: Course;
  readonly laboratory: EngineLaboratory;
  /** One of its own, whose runs are forgotten with it. */
  readonly newLaboratory: () => EngineLaboratory;
  private readonly progress: LessonProgress;

  constructor(
    extension: vscode.Uri,
    memory: vscode.Memento,
    private readonly engine: () => EngineClient,
    private readonly models: Models,
    targets: (wanted: string | undefined) => readonly string[],
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.progress = new LessonProgress(memory);
    const names = (): string[] => models.list().map(({ name }) => name);
    this.course = new Course(extension, this.progress, names);
    this.newLaboratory = () => new EngineLaboratory(engine, (name) => models.find(name), targets, names);
    this.laboratory = this.newLaboratory();
  }

  load(id: string): Promise<LoadedLesson> {
    return this.course.load(id);
  }

  neighbours(id: string): Promise<Pick<TakenLesson, 'before' | 'next'>> {
    return this.course.neighbours(id);
  }

  entries(): Promise<readonly CourseEntry[]> {
    return this.course.entries();
  }

  done(id: string): readonly string[] {
    return this.progress.done(id);
  }

  record(id: string, step: string, done: DoneStep): Promise<void> {
    return this.progress.record(id, step, done);
  }

  async fingerprint(name: string): Promise<string | null> {
    const model = this.models.find(name);
    const outcome = model && (await this.engine().fingerprint(model));
    return outcome?.ok ? outcome.value : null;
  }

  async reset(id: string): Promise<boolean> {
    const { title } = (await this.load(id)).file.lesson;
    const sure = l10n.t('Reset');
    const chosen = await vscode.window.showWarningMessage(l10n.t('Forget what you have done in “{0}”?', title), { modal: true }, sure);
    if (chosen !== sure) return false;
    await this.resetAtOnce(id);
    return true;
  }

  /** As `reset` does once it has been confirmed. @param id null: all lessons */
  resetAtOnce(id: string | null): Promise<void> {
    return this.progress.reset(id);
  }

  async exportProgress(): Promise<void> {
    const workspace = vscode.workspace.workspaceFolders?.[0]?.uri;
    const to = await vscode.window.showSaveDialog({ ...(workspace ? { defaultUri: vscode.Uri.joinPath(workspace, 'progress.json') } : {}), filters: { json: ['json'] } });
    if (!to) return;
    await vscode.workspace.fs.writeFile(to, new TextEncoder().encode(await this.progressFile()));
    tell(l10n.t('Saved as {0}.', to.path.split('/').pop() ?? ''));
  }

  /** What has been done, as a file to hand in. */
  async progressFile(): Promise<string> {
    const lessons = Object.entries(this.progress.all()).map(async ([id, steps]) => {
      const title = await this.load(id).then(({ file }) => file.lesson.title, () => '');
      // A teacher's file goes by its name: where it lies on this machine is nobody's business.
      return { id: this.course.isOfCourse(id) ? id : (vscode.Uri.parse(id).path.split('/').pop() ?? id), title, steps: Object.entries(steps).map(([step, done]) => ({ id: step, ...done })) };
    });
    return progressText(await Promise.all(lessons));
  }

  report(trouble: Trouble): void {
    void reportTrouble(trouble, this.log);
  }

  /** The engine has ended, and with it what was held. */
  engineDied(): void {
    this.laboratory.dispose();
  }

  dispose(): void {
    this.laboratory.dispose();
  }
}
