/** A lesson as it is read from its file: what the page shows, and what only the host knows of it. */
import type { Inline, Lesson } from '../protocol.ts';
import type { CheckWish, ShowWish } from './blockSchemas.ts';
import type { Measurement } from './measurement.ts';
import type { TextRange } from './mistakes.ts';
import type { Mention } from './prose.ts';
import type { Path, YamlBlock } from './yamlBlock.ts';

export interface LessonFile {
  readonly lesson: Lesson;
  /** As many as the lesson has, in the same order. */
  readonly steps: readonly StepFile[];
}

/** What a step is about: carried over from step to step until another is named. */
export interface Setting {
  readonly model: string;
  readonly text: string;
  readonly target?: string;
}

export interface StepFile {
  readonly id: string;
  /** Of its heading. */
  readonly range: TextRange;
  /** Null before the first block that names a model and a text. */
  readonly setting: Setting | null;
  /** The step's own block; null where it has none. */
  readonly show: { readonly wish: ShowWish; readonly block: YamlBlock } | null;
  /** What is seen when the step is opened by itself: its own wish, or that of the last step that has one. */
  readonly seen: ShowWish | null;
  readonly claims: readonly Claim[];
  readonly check: CheckFile | null;
  readonly mentions: readonly Mention[];
}

export interface Claim {
  readonly id: string;
  readonly measurement: Measurement;
  readonly block: YamlBlock;
  readonly path: Path;
  /** What the prose says that it is, wherever it does. */
  readonly stated: readonly { readonly text: string; readonly range: TextRange }[];
}

export interface CheckFile {
  readonly wish: CheckWish;
  readonly block: YamlBlock;
  /** One after another, the last again and again. */
  readonly hints: readonly (readonly Inline[])[];
  /** Of each option, where it has one of its own. */
  readonly optionHints: readonly (readonly Inline[] | null)[];
}
