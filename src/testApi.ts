/** What `activate` returns while tests run, so that they can see what the extension holds. */
import * as vscode from 'vscode';
import type { Parts } from './activation.ts';
import { use } from './commands.ts';
import type { Marks } from './editor/highlights.ts';
import type { Coloring } from './editor/surprise/coloring.ts';
import type { Inventory, LessonPlace, LinksAnswer, Outcome, Phrasings, Probe, ProbeDifference, RunInfo, Subject, Token, Verdict, ViewState } from './protocol.ts';
import { told } from './report.ts';

export interface PanelSnapshot {
  readonly title: string;
  readonly subject: Subject | null;
  readonly view: ViewState | null;
  /** Phrasings that are compared in place of attention. */
  readonly phrasings: Phrasings | null;
  readonly visible: boolean;
  /** The page has loaded and listens. */
  readonly ready: boolean;
  readonly following: boolean;
  /** The document no longer holds the text where the picture says. */
  readonly stale: boolean;
  readonly caret: number | null;
  /** Where it is in a lesson. */
  readonly lesson: LessonPlace | null;
  /** What the last check of its step came to. */
  readonly verdict: Verdict['state'] | null;
  readonly run: {
    readonly state: 'none' | 'running' | 'finished' | 'failed';
    readonly info: RunInfo | null;
    /** Layers that have arrived. */
    readonly layers: number;
    /** What the model has written, where it writes. */
    readonly output: readonly Token[] | null;
    /** Code of the problem of a failed run. */
    readonly problem: string | null;
  };
}

/** Start and end as offsets of the document. */
export type Offsets = readonly [number, number];

export interface DecorationSnapshot {
  readonly uri: string;
  readonly focused: readonly Offsets[];
  /** By shade, faintest first. */
  readonly partners: readonly (readonly Offsets[])[];
}

export interface SurpriseSnapshot {
  /** By bucket, least surprising first. */
  readonly ranges: readonly (readonly Offsets[])[];
  readonly words: number;
  readonly bitsPerWord: number;
  /** All that is visible has been scored as it is now. */
  readonly complete: boolean;
}

/** One editor of a probe file. */
export interface ProbeSnapshot {
  readonly uri: string;
  readonly ready: boolean;
  readonly run: 'none' | 'running' | 'finished' | 'failed';
  /** Code of what is wrong with the file, or of the problem of a failed run. */
  readonly problem: string | null;
  /** What the file says, as far as it could be read last. */
  readonly probe: Probe | null;
  /** What is not as it was saved; null while it is not known. */
  readonly differences: readonly ProbeDifference[] | null;
  /** What messages of its page must say that they know. */
  readonly version: number;
  /** How the page looks at it, as it said last. */
  readonly view: ViewState | null;
}

export interface TestApi {
  /** Milliseconds that activation took. */
  readonly activation: number;
  /** Open panels, oldest first. */
  panels(): readonly PanelSnapshot[];
  /** Open editors of probe files, oldest first. */
  probes(): readonly ProbeSnapshot[];
  /** Does what the page of such an editor does when it sends this message. */
  fromProbePage(editor: number, message: unknown): void;
  /** What is lit up in the text now. */
  decorations(): DecorationSnapshot | null;
  /** Whether a worker has been started and has not ended. */
  engineRuns(): boolean;
  /** What the worker holds; starts it if it does not run. */
  inventory(): Promise<Outcome<Inventory>>;
  /** The links of a panel's picture as a page would first ask for them: layer 0, all heads, 70 % of each row. */
  links(panel: number): Promise<Outcome<LinksAnswer>>;
  /** Sentences that were shown as notifications, newest last. */
  told(): readonly string[];
  /** Does what the page does when it sends this message. */
  fromPage(panel: number, message: unknown): void;
  /** What is drawn of a document's surprise; `null` where its colours are off. */
  surprise(document: vscode.TextDocument): SurpriseSnapshot | null;
  /** What was done in lessons, as the file to hand in. */
  progress(): Promise<string>;
  /** Forgets what was done in all lessons, as the command does once it has been confirmed. */
  resetLessons(): Promise<void>;
  /** The status bar's word on the model in use; `null` where it is hidden. */
  status(): string | null;
  /** Names of the models to choose from. */
  models(): readonly string[];
  /** Downloads a repository as the command does once it has been chosen; resolves when the model is in use, or has not come. */
  download(id: string): Promise<void>;
  /** Removes a download as the command does once it has been confirmed. */
  removeModel(id: string): Promise<void>;
  /** Ends the worker as if it had died. */
  killEngine(): Promise<void>;
}

export function testApi({ panels, probes, engineHost, highlights, writer, services }: Parts, activation: number): TestApi {
  return {
    activation,
    panels: () => panels.all.map((panel) => panel.snapshot()),
    probes: () => probes.all.map((editor) => editor.snapshot()),
    fromProbePage: (editor, message) => probes.all[editor]?.receive(message),
    decorations: () => highlights.marks && inOffsets(highlights.marks),
    engineRuns: () => engineHost.runs,
    inventory: () => engineHost.engine.inventory(),
    links: (panel) => {
      const { run } = panels.all[panel]?.snapshot() ?? {};
      const attention = run?.info?.model.attentions[0];
      const heads = Array.from({ length: attention?.heads ?? 0 }, (_, head) => head);
      return engineHost.engine.ask(run?.info?.run ?? 0, 'links', { part: attention?.part ?? 'decoder', layer: 0, heads, average: false, sink: 'show', unit: 'token', percent: 70, limit: 65_535 });
    },
    told: () => told,
    fromPage: (panel, message) => panels.all[panel]?.receive(message),
    surprise: (document) => surpriseOf(writer.colors.of(document), document),
    progress: () => services().lessons.progressFile(),
    resetLessons: () => services().lessons.resetAtOnce(null),
    status: () => services().status.shown,
    models: () => services().shelf.list().map(({ name }) => name),
    download: async (id) => use(await services().chooser.download({ id }), panels, services()),
    removeModel: (id) => services().chooser.removeAtOnce(id),
    killEngine: () => engineHost.kill(),
  };
}

function inOffsets({ uri, focused, partners }: Marks): DecorationSnapshot {
  const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri);
  const offsets = (range: vscode.Range): Offsets => [document?.offsetAt(range.start) ?? -1, document?.offsetAt(range.end) ?? -1];
  return { uri, focused: focused.map(offsets), partners: partners.map((ranges) => ranges.map(offsets)) };
}

function surpriseOf(coloring: Coloring | null, document: vscode.TextDocument): SurpriseSnapshot | null {
  if (!coloring) return null;
  const { figures, complete } = coloring.state;
  const offsets = (range: vscode.Range): Offsets => [document.offsetAt(range.start), document.offsetAt(range.end)];
  const ranges = coloring.ranges(0, document.lineCount - 1).map((bucket) => bucket.map(offsets));
  return { ranges, words: figures?.words ?? 0, bitsPerWord: figures?.bitsPerWord ?? 0, complete };
}
