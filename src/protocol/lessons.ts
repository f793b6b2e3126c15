/** Lessons as the page shows them, and what page and host tell each other while one is taken. Answers and measurements stay in the host. */
import type { Trouble } from './page.ts';
import type { RunId } from './runs.ts';
import type { Place } from './tokens.ts';
import type { ViewState } from './view.ts';

/** A lesson, read from Markdown: a plain tree, never HTML. */
export interface Lesson {
  /** Of the course: its file's name without locale and extension. Of a teacher's file: its address. */
  readonly id: string;
  readonly title: string;
  /** One sentence: what one will be able to say afterwards. */
  readonly after: string;
  readonly steps: readonly LessonStep[];
}

export interface LessonStep {
  /** The same in both languages. */
  readonly id: string;
  readonly title: readonly Inline[];
  readonly prose: readonly Block[];
  /** What the live view is to show; null: what it shows anyway. */
  readonly show: Show | null;
  /** What ends the step; null: nothing is asked. */
  readonly check: Check | null;
}

export type Block =
  | { readonly kind: 'paragraph'; readonly children: readonly Inline[] }

  /** Below the step's own heading, which is level 2. */
  | { readonly kind: 'heading'; readonly level: 3 | 4; readonly children: readonly Inline[] }
  /** `start` is the number of the first item; null where items are not numbered. */
  | { readonly kind: 'list'; readonly start: number | null; readonly items: readonly (readonly Block[])[] }
  | { readonly kind: 'quote'; readonly children: readonly Block[] }
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  | { readonly kind: 'table'; readonly head: readonly TableCell[]; readonly rows: readonly (readonly TableCell[])[] }
  | { readonly kind: 'math'; readonly tex: string; readonly tree: MathElement };

export interface TableCell {
  readonly align: 'start' | 'center' | 'end';
  readonly children: readonly Inline[];
}

export type Inline =
  | { readonly kind: 'text'; readonly text: string }

  | { readonly kind: 'strong' | 'emphasis'; readonly children: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'math'; readonly tex: string; readonly tree: MathElement }
  /** Lights up its part of the picture. */
  | { readonly kind: 'point'; readonly target: PointTarget; readonly children: readonly Inline[] }
  /** A number that was measured: `measured` says what it is of which model. */
  | { readonly kind: 'claim'; readonly id: string; readonly measured: string; readonly children: readonly Inline[] }
  /** Another lesson of the course. */
  | { readonly kind: 'lesson'; readonly id: string; readonly children: readonly Inline[] }
  | { readonly kind: 'break' };

/** MathML by plain elements: tags and attributes are from a short list of harmless ones. The root is `math`. */
export interface MathElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (MathElement | string)[];
}

/** What the prose can point at. Tokens are given as in `book`, `the#2`, `output:Buch`; which ones these are is told by `lessonTokens`. */
export type PointTarget =
  | { readonly of: 'token'; readonly token: string }

  /** From the one that looks to the one that is looked at. */
  | { readonly of: 'link'; readonly from: string; readonly to: string }
  | { readonly of: 'head'; readonly layer: number; readonly head: number }
  | { readonly of: 'layer'; readonly layer: number }
  | { readonly of: 'place'; readonly place: PagePlace };

/** Parts of the page: the tokens, the picture, its controls, the grid of heads, the bars of predictions, how a token is drawn, the list of experiments, the choice of a model, the text of the lesson. */
export type PagePlace = 'strip' | 'picture' | 'toolbar' | 'navigator' | 'bars' | 'sampling' | 'experiments' | 'model' | 'text';

/** What a step shows. Where one is left out, that of the step before goes on. */
export interface Show {
  readonly model: string;
  readonly text: string;
  /** Whether `text` may be edited in the page, because the step's check is about it. */
  readonly editable: boolean;
}

/** A check as the learner sees it. */
export type Check =
  | (CheckTask & { readonly kind: 'choice'; readonly options: readonly (readonly Inline[])[] })

  /** To be guessed before it is revealed: one of some options, or a number, in `unit` where that is not empty. */
  | (CheckTask & { readonly kind: 'guess'; readonly options: readonly (readonly Inline[])[] })
  | (CheckTask & { readonly kind: 'guessNumber'; readonly unit: string })
  /** Choose one head; pin one token; edit the text; switch things off; bring about a view. What counts is how the panel is looked at when the check is asked for. */
  | (CheckTask & { readonly kind: 'head' | 'token' | 'text' | 'experiment' | 'view' });

interface CheckTask {
  /** What is to be done; empty where the prose has said so. */
  readonly task: readonly Inline[];
}

/** What the learner hands in besides what the panel shows: the option (from 0) or the number. */
export type Given = { readonly option: number } | { readonly number: number } | null;

/** A number that decided a check. */
export interface Measured {
  /** Such as: Previous-token score of head 1 in layer 2 (storyteller). */
  readonly what: string;
  /** Written out, with its unit. */
  readonly value: string;
  /** What was asked of it, such as: above 0.6. Null where it only informs. */
  readonly wanted: string | null;
}

export type Verdict =
  | { readonly state: 'passed'; readonly measured: readonly Measured[] }

  /** Not yet: `hint` helps on, and the step stays open. */
  | { readonly state: 'hint'; readonly hint: readonly Inline[]; readonly measured: readonly Measured[] }
  /** It could not be decided. */
  | { readonly state: 'failed'; readonly trouble: Trouble };

/** A lesson in the overview of the course. */
export interface CourseEntry {
  readonly id: string;
  readonly title: string;
  readonly after: string;
  /** Steps there are, and how many of them are done. */
  readonly steps: number;
  readonly done: number;
}

/** Where a panel is in a lesson; survives a reload. */
export interface LessonPlace {
  readonly id: string;
  /** Id of the step. */
  readonly step: string;
}

/** Host → page. */
export type LessonHostMessage =
  /** The overview; null: it is not shown (any more). */
  | { readonly type: 'course'; readonly lessons: readonly CourseEntry[] | null }

  /** The lesson that is taken and its step, counted from 0; null: none (any more). Comes again when its file is edited. */
  | { readonly type: 'lesson'; readonly lesson: TakenLesson | null }
  /** What the step wants to see, to be put over the view: those keys, the others as they are. Follows the start of the run it is for. */
  | { readonly type: 'lessonView'; readonly step: string; readonly view: Partial<ViewState> }
  /** Which tokens of the shown run (and what it wrote so far) the prose means; those that are not there are left out. */
  | { readonly type: 'lessonTokens'; readonly run: RunId; readonly tokens: readonly { readonly token: string; readonly place: Place }[] }
  | { readonly type: 'lessonCheck'; readonly step: string; readonly verdict: Verdict }
  /** Ids of steps that are done. */
  | { readonly type: 'lessonProgress'; readonly done: readonly string[] };

export interface TakenLesson {
  readonly lesson: Lesson;
  readonly at: number;
  /** Ids of steps that are done. */
  readonly done: readonly string[];
  /** BCP 47 tag of the language it is written in; empty for a teacher's. */
  readonly locale: string;
  /** Its neighbours in the course. */
  readonly before: CourseEntry | null;
  readonly next: CourseEntry | null;
  /** Mistakes in the file as it is being edited: the lesson is how it was before them. */
  readonly mistakes: number;
}

/** Page → host. */
export type LessonPageMessage =
  /** Show the overview, or go back from it to what was there. */
  | { readonly type: 'lesson'; readonly action: 'list' | 'closeList' }
  /** Go on from the last step: to the next lesson, or else to the overview. */
  | { readonly type: 'lesson'; readonly action: 'onward' }
  | { readonly type: 'lesson'; readonly action: 'open'; readonly id: string }
  | { readonly type: 'lesson'; readonly action: 'step'; readonly step: string }
  /** `view` is how the panel is looked at now. */
  | { readonly type: 'lesson'; readonly action: 'check'; readonly step: string; readonly given: Given; readonly view: ViewState }
  /** Another text in place of the lesson's. */
  | { readonly type: 'lesson'; readonly action: 'text'; readonly text: string }
  /** End the lesson in this panel, keeping its picture; show again what the step shows; forget what was done (asked back); save what was done. */
  | { readonly type: 'lesson'; readonly action: 'leave' | 'return' | 'reset' | 'export' };
