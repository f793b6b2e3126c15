/** Which steps are done, and how: kept in the window's memory. */
import * as v from 'valibot';
import { storedProgress, type DoneStep, type StoredProgress } from './progressRecord.ts';

/** What of `vscode.Memento` is used. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

const progressKey = 'headlight.lessons';

export class LessonProgress {
  constructor(private readonly memory: Memory) {}

  /** Ids of a lesson's steps that are done. */
  done(lesson: string): string[] {
    return Object.keys(this.all()[lesson] ?? {});
  }

  /** All that is done; what cannot be read counts as nothing. */
  all(): StoredProgress {
    const parsed = v.safeParse(storedProgress, this.memory.get(progressKey) ?? {});
    return parsed.success ? parsed.output : {};
  }

  /** Keeps the latest way in which a step was done. */
  async record(lesson: string, step: string, done: DoneStep): Promise<void> {
    const all = this.all();
    await this.memory.update(progressKey, { ...all, [lesson]: { ...all[lesson], [step]: done } });
  }

  /** Forgets a lesson, or everything. */
  async reset(lesson: string | null): Promise<void> {
    await this.memory.update(progressKey, lesson === null ? {} : Object.fromEntries(Object.entries(this.all()).filter(([id]) => id !== lesson)));
  }
}
