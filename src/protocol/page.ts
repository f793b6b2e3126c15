/** Host ⇄ page, by postMessage. */
import type { ExportPageMessage } from './exports.ts';
import type { Intervention } from './interventions.ts';
import type { LessonHostMessage, LessonPageMessage, LessonPlace } from './lessons.ts';
import type { ModelKind } from './models.ts';
import type { Phrasings } from './phrasings.ts';
import type { ProbeHostMessage, ProbePageMessage } from './probes.ts';
import type { ProblemCode } from './problems.ts';
import type { Answer, Ask, Question } from './questions.ts';
import type { RunEvent, RunId } from './runs.ts';
import type { ViewState } from './view.ts';

/** What a panel is about. Survives a reload with the view state; tensors do not. */
export interface Subject {
  readonly text: string;
  /** UTF-16 length of the chosen text, where `text` holds only its beginning. */
  readonly textLength?: number;
  /** Name of the model that shows it. */
  readonly model: string;
  readonly windowStart: number;
  /** Code of the target language that was chosen, for models that translate. */
  readonly target?: string;
  /** Where the text came from, if from a document. */
  readonly source?: SubjectSource;
}

export interface SubjectSource {
  readonly uri: string;
  /** File name for the status line. */
  readonly label: string;
  readonly languageId: string;
  /** Offset of the text in the document, UTF-16, with the document's own line ends. */
  readonly start: number;
}

export interface PanelState {
  readonly subject: Subject;
  readonly view: ViewState;
  /** The lesson that is taken in the panel. */
  readonly lesson?: LessonPlace;
}

/** A token under attention in the page, and its strongest partners: lit up in the editor. */
export interface Highlight {
  /** Of the text; null where the token is one that the model has written, which only has partners there. */
  readonly token: number | null;
  readonly pinned: boolean;
  readonly partners: readonly { readonly token: number; readonly weight: number }[];
}

/** The places beside the shown run: another model on the same text, the same with experiments, another text, what is written with experiments. */
export type BesidePlace = 'model' | 'experiments' | 'text' | 'writing';

/** A run like the shown one, but for what is given here. */
export interface Beside {
  readonly model?: string;
  readonly text?: string;
  readonly interventions?: readonly Intervention[];
  /** As in `RunRequest`: what a decoder has written, so that both look at the same output; without it, it writes its own. */
  readonly outputIds?: readonly number[];
}

export type PageMessage =
  | ProbePageMessage
  | ExportPageMessage
  | LessonPageMessage
  /** The page has loaded and listens. */
  | { readonly type: 'ready' }
  | { readonly [Q in Question]: { readonly type: 'ask'; readonly id: number; readonly run: RunId; readonly question: Q; readonly ask: Ask<Q> } }[Question]
  /** The answer is no longer wanted. */
  | { readonly type: 'drop'; readonly id: number }
  | { readonly type: 'highlight'; readonly highlight: Highlight | null }
  /** View state to keep with the panel. */
  | { readonly type: 'view'; readonly view: ViewState }
  /** Another part of a long text. */
  | { readonly type: 'window'; readonly start: number }
  /** Text that goes into the document after a token of the text, or in its place. */
  | { readonly type: 'insert'; readonly text: string; readonly token: number; readonly instead: boolean }
  /** One step back or forward through what was put in. */
  | { readonly type: 'walk'; readonly by: -1 | 1 }
  /** Away from the compared phrasings: back to attention, or to that of one of them. */
  | { readonly type: 'phrasings'; readonly action: 'close' }
  | { readonly type: 'phrasings'; readonly action: 'attend'; readonly which: 0 | 1 }
  | { readonly type: 'model'; readonly name: string }
  /** Another run is to stand beside the shown one; null: none any more. `request` comes back with its events. */
  | { readonly type: 'beside'; readonly place: BesidePlace; readonly request: number; readonly wanted: Beside | null }
  /** Another language to translate into. */
  | { readonly type: 'target'; readonly target: string }
  | { readonly type: 'command'; readonly command: 'openModel' | 'retry' | 'reveal' | 'refresh' | 'toggleFollow' };

/** A model to choose from; its kind where that is known before it is loaded. */
export interface OfferedModel {
  readonly name: string;
  readonly kind: ModelKind | null;
}

export type HostMessage =
  | ProbeHostMessage
  | LessonHostMessage
  /** First message: strings of the display language (`@vscode/l10n` bundle), models to choose from, view to start with. */
  | { readonly type: 'hello'; readonly strings: Readonly<Record<string, string>>; readonly locale: string; readonly models: readonly OfferedModel[]; readonly view: ViewState | null }
  | { readonly type: 'subject'; readonly subject: Subject }
  | { readonly type: 'run'; readonly event: HostRunEvent }
  /** How a run beside goes. */
  | { readonly type: 'beside'; readonly place: BesidePlace; readonly request: number; readonly event: HostRunEvent }
  | { readonly [Q in Question]: { readonly type: 'answer'; readonly id: number; readonly question: Q; readonly outcome: PageOutcome<Answer<Q>> } }[Question]
  /** How many texts were tried one after another, and which of them is shown. */
  | { readonly type: 'trail'; readonly length: number; readonly at: number }
  /** Phrasings that are compared; null: none any more. */
  | { readonly type: 'phrasings'; readonly phrasings: Phrasings | null }
  /** The cursor in the editor is in this token. */
  | { readonly type: 'caret'; readonly token: number | null }
  /** The document has changed under the picture (`stale`), and whether the panel follows the selection. */
  | { readonly type: 'link'; readonly stale: boolean; readonly following: boolean };

/** As `RunEvent`, with the sentence of a problem already made by the host. */
export type HostRunEvent = Exclude<RunEvent, { type: 'failed' }> | { readonly type: 'failed'; readonly run: RunId; readonly trouble: Trouble };

/** A problem in words: what happened, and what helps. */
export interface Trouble {
  readonly code: ProblemCode;
  readonly message: string;
  readonly help: string;
}

export type PageOutcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly trouble: Trouble };
