/** What is kept of a learner's work, in the window's memory and in files to hand in: checked wherever it is read. */
import * as v from 'valibot';
import { viewState } from '../panel/incoming.ts';
import type { ViewState } from '../protocol.ts';
import type { Attempt } from './attempt.ts';

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(2000));
const given = v.nullable(v.union([v.strictObject({ option: v.pipe(v.number(), v.integer(), v.minValue(0)) }), v.strictObject({ number: v.pipe(v.number(), v.finite()) })]));

/** JSON knows no `undefined`: what is not there is left out. */
const isView = (view: { readonly [K in keyof ViewState]?: ViewState[K] | undefined }): view is Partial<ViewState> => Object.values(view).every((setting) => setting !== undefined);

const attempt = v.object({ model: name, text: v.pipe(v.string(), v.maxLength(20_000)), target: v.exactOptional(v.string()), given, view: v.pipe(v.partial(viewState), v.guard(isView)) });

/** A step that is done: by an answer, or without one where nothing is asked. */
const doneStep = v.object({
  /** ISO 8601. */
  at: v.pipe(v.string(), v.maxLength(40)),
  /** What the model's files are known by; null where they could not be read. */
  fingerprint: v.nullable(v.pipe(v.string(), v.maxLength(200))),
  attempt: v.nullable(attempt),
});
export interface DoneStep {
  readonly at: string;
  readonly fingerprint: string | null;
  readonly attempt: Attempt | null;
}

const PROGRESS_VERSION = 1;
const mostLessons = 500;
const steps = v.record(name, doneStep);
export const storedProgress = v.record(name, steps);
export type StoredProgress = Readonly<Record<string, Readonly<Record<string, DoneStep>>>>;

const progressFile = v.object({
  headlightLessons: v.literal(PROGRESS_VERSION),
  lessons: v.pipe(v.array(v.object({ id: name, title: v.pipe(v.string(), v.maxLength(2000)), steps: v.pipe(v.array(v.object({ id: name, ...doneStep.entries })), v.maxLength(100)) })), v.maxLength(mostLessons)),
});
export interface ProgressFile {
  readonly headlightLessons: 1;
  readonly lessons: readonly { readonly id: string; readonly title: string; readonly steps: readonly (DoneStep & { readonly id: string })[] }[];
}

/** What a file holds, or what is wrong with it. */
export function readProgressFile(text: string): { readonly ok: true; readonly file: ProgressFile } | { readonly ok: false; readonly detail: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    return { ok: false, detail: thrown instanceof Error ? thrown.message : String(thrown) };
  }
  const parsed = v.safeParse(progressFile, value);
  if (parsed.success) return { ok: true, file: parsed.output };
  const [issue] = parsed.issues;
  return { ok: false, detail: `${v.getDotPath(issue) ?? ''}: ${issue.message}` };
}

export function progressText(lessons: ProgressFile['lessons']): string {
  return `${JSON.stringify({ headlightLessons: PROGRESS_VERSION, lessons } satisfies ProgressFile, null, 2)}\n`;
}
