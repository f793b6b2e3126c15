/** The lesson that is taken, and the course: what the host has told of them. */
import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';
import type { CourseEntry, Given, LessonHostMessage, LessonPlace, LessonStep, Place, RunId, TakenLesson, Verdict, ViewState } from '../../src/protocol.ts';
import { post } from '../bridge.ts';

/** How the check of a step stands; the verdict stays until the next one. */
export type Checking = { readonly state: 'open' } | { readonly state: 'checking' } | { readonly state: 'told'; readonly verdict: Verdict };

const courseSignal = signal<readonly CourseEntry[] | null>(null);
const takenSignal = signal<TakenLesson | null>(null);
const wantedSignal = signal<{ readonly step: string; readonly view: Partial<ViewState> } | null>(null);
const tokensSignal = signal<{ readonly run: RunId; readonly places: ReadonlyMap<string, Place> } | null>(null);
const checkingSignal = signal<Checking>({ state: 'open' });

/** The overview of all lessons; null while it is not shown. */
export const course: ReadonlySignal<readonly CourseEntry[] | null> = courseSignal;
/** Null while no lesson is taken. */
export const taken: ReadonlySignal<TakenLesson | null> = takenSignal;
/** What the host had the view show for a step. */
export const wantedView: ReadonlySignal<{ readonly step: string; readonly view: Partial<ViewState> } | null> = wantedSignal;
/** The tokens that the prose names, in the run that they are told of. */
export const namedTokens: ReadonlySignal<{ readonly run: RunId; readonly places: ReadonlyMap<string, Place> } | null> = tokensSignal;
export const checking: ReadonlySignal<Checking> = checkingSignal;

export const currentStep = computed((): LessonStep | null => {
  const now = takenSignal.value;
  return now?.lesson.steps[now.at] ?? null;
});

/** Where the panel is, to be kept with it. */
export const lessonPlace = computed((): LessonPlace | null => {
  const id = takenSignal.value?.lesson.id;
  const step = currentStep.value?.id;
  return id === undefined || step === undefined ? null : { id, step };
});

export function isDone(step: string): boolean {
  return takenSignal.value?.done.includes(step) ?? false;
}

export function receiveLesson(message: LessonHostMessage): void {
  switch (message.type) {
    case 'course':
      courseSignal.value = message.lessons;
      break;
    case 'lesson':
      receiveTaken(message.lesson);
      break;
    case 'lessonView':
      wantedSignal.value = { step: message.step, view: message.view };
      break;
    case 'lessonTokens':
      tokensSignal.value = { run: message.run, places: new Map(message.tokens.map(({ token, place }) => [token, place])) };
      break;
    case 'lessonCheck':
      if (message.step === currentStep.peek()?.id) checkingSignal.value = { state: 'told', verdict: message.verdict };
      break;
    case 'lessonProgress': {
      const now = takenSignal.peek();
      if (now) takenSignal.value = { ...now, done: message.done };
      break;
    }
    default:
      message satisfies never;
  }
}

/** The same step again, as when its file is edited, keeps its verdict. */
function receiveTaken(next: TakenLesson | null): void {
  const before = lessonPlace.peek();
  batch(() => {
    takenSignal.value = next;
    const now = lessonPlace.peek();
    if (before?.id === now?.id && before?.step === now?.step) return;
    checkingSignal.value = { state: 'open' };
    wantedSignal.value = null;
  });
}

/** Goes to another step of the lesson, where there is one. */
export function goToStep(at: number): void {
  const step = takenSignal.peek()?.lesson.steps[at];
  if (step) post({ type: 'lesson', action: 'step', step: step.id });
}

/** A step back or on; on from the last one to what the host has next. */
export function turnStep(by: 1 | -1): void {
  const now = takenSignal.peek();
  if (!now) return;
  const { at, lesson } = now;
  if (at + by < lesson.steps.length) goToStep(at + by);
  else post({ type: 'lesson', action: 'onward' });
}

/** Has the host decide the check of the step on the real run. */
export function check(given: Given, view: ViewState): void {
  const step = currentStep.peek();
  if (!step?.check || checkingSignal.peek().state === 'checking') return;
  checkingSignal.value = { state: 'checking' };
  post({ type: 'lesson', action: 'check', step: step.id, given, view });
}
