/** Decides again, on the real models, what a learner handed in. */
import type { Problem } from '../protocol.ts';
import { decide } from './decide.ts';
import type { LessonFile } from './lessonFile.ts';
import type { Laboratory } from './laboratory.ts';
import { outcomeOf } from './outcomes.ts';
import type { ProgressFile } from './progressRecord.ts';

/** What has become of a step that was handed in as done. */
export interface Replayed {
  readonly lesson: string;
  readonly step: string;
  /** `read`: nothing was asked. `gone`: the lesson or the step is not there. */
  readonly came: 'holds' | 'fails' | 'read' | 'gone' | 'problem';
  readonly model: string | null;
  /** Whether the model's files are the same now; null where one of the two is not known. */
  readonly sameModel: boolean | null;
  readonly measured: string;
  readonly problem: Problem | null;
}

export interface ReplayServices {
  /** Null where it is not there or has mistakes. */
  lesson(id: string): Promise<LessonFile | null>;
  fingerprint(model: string): Promise<string | null>;
  readonly laboratory: Laboratory;
}

export async function* replay({ lessons }: ProgressFile, { lesson, fingerprint, laboratory }: ReplayServices): AsyncGenerator<Replayed> {
  for (const { id, steps } of lessons) {
    const file = await lesson(id);
    for (const { id: step, attempt, fingerprint: then } of steps) {
      const own = file?.steps.find((one) => one.id === step);
      const plain: Replayed = { lesson: id, step, came: 'gone', model: attempt?.model ?? null, sameModel: null, measured: '', problem: null };
      if (!own) yield plain;
      else if (!attempt || !own.check) yield { ...plain, came: own.check ? 'fails' : 'read' };
      else {
        const now = then === null ? null : await fingerprint(attempt.model);
        const sameModel = now === null ? null : now === then;
        const decided = await outcomeOf(decide(own.check.wish, own.setting, attempt, laboratory));
        if (!decided.ok) yield { ...plain, came: 'problem', sameModel, problem: decided.problem };
        else yield { ...plain, came: decided.value.passed ? 'holds' : 'fails', sameModel, measured: decided.value.measured.map(({ what, value }) => `${what}: ${value}`).join('; ') };
      }
    }
  }
}
