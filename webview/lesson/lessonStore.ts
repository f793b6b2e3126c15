/** What the page knows of the course and of the lesson that is taken. */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { CourseEntry, LessonHostMessage, Place, RunId, TakenLesson, Verdict, ViewState } from '../../src/protocol.ts';

const courseSignal = signal<readonly CourseEntry[] | null>(null);
const takenSignal = signal<TakenLesson | null>(null);
const tokensSignal = signal<{ readonly run: RunId; readonly places: ReadonlyMap<string, Place> } | null>(null);
const verdictSignal = signal<{ readonly step: string; readonly verdict: Verdict } | null>(null);

/** The overview; null: it is not shown. */
export const course: ReadonlySignal<readonly CourseEntry[] | null> = courseSignal;
export const taken: ReadonlySignal<TakenLesson | null> = takenSignal;
/** Which tokens of a run the prose means. */
export const lessonTokens: ReadonlySignal<{ readonly run: RunId; readonly places: ReadonlyMap<string, Place> } | null> = tokensSignal;
/** What the last check of the step came to. */
export const verdict: ReadonlySignal<{ readonly step: string; readonly verdict: Verdict } | null> = verdictSignal;

/** @param show puts what a step wants to see over the view. */
export function receiveLesson(message: LessonHostMessage, show: (view: Partial<ViewState>) => void): void {
  switch (message.type) {
    case 'course':
      courseSignal.value = message.lessons;
      break;
    case 'lesson':
      takeUp(message.lesson);
      break;
    case 'lessonView':
      show(message.view);
      break;
    case 'lessonTokens':
      tokensSignal.value = { run: message.run, places: new Map(message.tokens.map(({ token, place }) => [token, place])) };
      break;
    case 'lessonCheck':
      verdictSignal.value = { step: message.step, verdict: message.verdict };
      break;
    case 'lessonProgress':
      recordDone(message.done);
      break;
    default:
      message satisfies never;
  }
}

function recordDone(done: readonly string[]): void {
  const now = takenSignal.peek();
  if (now) takenSignal.value = { ...now, done };
}

function takeUp(next: TakenLesson | null): void {
  takenSignal.value = next;
  const step = next?.lesson.steps[next.at]?.id;
  if (verdictSignal.peek()?.step !== step) verdictSignal.value = null;
}
