/** The lessons there are: those of the course in the display language, and teachers' files. Files are read when they are asked for. */
import * as vscode from 'vscode';
import { ProblemError } from '../engine/client.ts';
import type { CourseEntry } from '../protocol.ts';
import { courseLessons, lessonFileEnding, lessonLocale } from './courseNames.ts';
import type { LessonFile } from './lessonFile.ts';
import { refused, type Mistake } from './mistakes.ts';
import type { ParsedLesson } from './parse.ts';
import type { LessonProgress } from './progress.ts';

/** A lesson that can be taken. */
export interface LoadedLesson {
  readonly file: LessonFile;
  /** BCP 47; empty for a teacher's. */
  readonly locale: string;
  /** The document it is read from; null for the course's. */
  readonly document: vscode.Uri | null;
}

export class Course {
  private readonly read = new Map<string, Promise<LoadedLesson>>();

  constructor(
    private readonly extension: vscode.Uri,
    private readonly progress: LessonProgress,
    private readonly models: () => readonly string[],
  ) {}

  /** Ids in their order. */
  get ids(): readonly string[] {
    return courseLessons;
  }

  isOfCourse(id: string): boolean {
    return this.ids.includes(id);
  }

  /** @throws ProblemError `lesson.gone`, `lesson.mistakes` */
  async load(id: string): Promise<LoadedLesson> {
    if (!this.isOfCourse(id)) return this.loadDocument(vscode.Uri.parse(id));
    let lesson = this.read.get(id);
    if (!lesson) {
      lesson = this.loadOwn(id);
      this.read.set(id, lesson);
      lesson.catch(() => this.read.delete(id));
    }
    return lesson;
  }

  async entries(): Promise<CourseEntry[]> {
    return Promise.all(this.ids.map((id) => this.entry(id)));
  }

  async entry(id: string): Promise<CourseEntry> {
    const { file } = await this.load(id);
    const { title, after, steps } = file.lesson;
    const done = this.progress.done(id);
    return { id, title, after, steps: steps.length, done: steps.filter((step) => done.includes(step.id)).length };
  }

  /** The lesson's neighbours in the course. */
  async neighbours(id: string): Promise<{ readonly before: CourseEntry | null; readonly next: CourseEntry | null }> {
    const at = this.ids.indexOf(id);
    const [before, next] = [this.ids[at - 1], this.ids[at + 1]];
    return { before: at > 0 && before !== undefined ? await this.entry(before) : null, next: at >= 0 && next !== undefined ? await this.entry(next) : null };
  }

  /** Reads a lesson's text; the reader is loaded with the first one. */
  async parse(id: string, source: string): Promise<ParsedLesson> {
    const { parseLesson, speak } = await import('./lessonReader.ts');
    speak(vscode.l10n.bundle ?? {});
    return parseLesson(id, source, { models: this.models(), lessons: this.ids });
  }

  private async loadOwn(id: string): Promise<LoadedLesson> {
    const locale = lessonLocale(vscode.env.language);
    const uri = vscode.Uri.joinPath(this.extension, 'media', 'lessons', locale, `${id}.md`);
    const source = new TextDecoder().decode(await readOrGone(uri, id));
    return { file: whole(id, await this.parse(id, source)), locale, document: null };
  }

  private async loadDocument(uri: vscode.Uri): Promise<LoadedLesson> {
    const name = uri.path.split('/').pop() ?? '';
    if (!name.endsWith(lessonFileEnding)) throw new ProblemError('lesson.gone', { id: uri.toString() });
    const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
    const source = open ? open.getText() : new TextDecoder().decode(await readOrGone(uri, name));
    return { file: whole(name, await this.parse(uri.toString(), source)), locale: '', document: uri };
  }
}

async function readOrGone(uri: vscode.Uri, id: string): Promise<Uint8Array> {
  try {
    return await vscode.workspace.fs.readFile(uri);
  } catch {
    throw new ProblemError('lesson.gone', { id });
  }
}

/** @throws ProblemError `lesson.mistakes` */
function whole(name: string, { file, mistakes }: ParsedLesson): LessonFile {
  if (file && !refused(mistakes)) return file;
  throw new ProblemError('lesson.mistakes', { file: name, first: firstOf(mistakes) });
}

function firstOf(mistakes: readonly Mistake[]): string {
  return mistakes.find(({ severity }) => severity === 'error')?.message ?? '';
}
