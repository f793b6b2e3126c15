/** What `activate` returns while tests run, so that they can see what the extension holds. */
import type * as vscode from 'vscode';
import type { Parts } from './activation.ts';
import type { Answer, Ask, Inventory, Outcome, Question, RunId, RunInfo, Subject, ViewState } from './protocol.ts';

export interface PanelSnapshot {
  readonly title: string;
  readonly subject: Subject | null;
  readonly view: ViewState | null;
  readonly visible: boolean;
  /** The page has loaded and listens. */
  readonly ready: boolean;
  readonly following: boolean;
  /** The document no longer holds the text where the picture says. */
  readonly stale: boolean;
  readonly caret: number | null;
  readonly run: {
    readonly state: 'none' | 'running' | 'finished' | 'failed';
    readonly info: RunInfo | null;
    /** Layers that have arrived. */
    readonly layers: number;
    /** Code of the problem of a failed run. */
    readonly problem: string | null;
  };
}

/** Start line and character, end line and character. */
export type Corners = readonly [number, number, number, number];

export interface DecorationSnapshot {
  readonly uri: string;
  readonly focused: readonly Corners[];
  /** By shade, faintest first. */
  readonly partners: readonly (readonly Corners[])[];
}

export interface TestApi {
  /** Milliseconds that activation took. */
  readonly activation: number;
  /** Open panels, oldest first. */
  panels(): readonly PanelSnapshot[];
  /** What is lit up in the text now. */
  decorations(): DecorationSnapshot | null;
  /** Whether a worker has been started and has not ended. */
  engineRuns(): boolean;
  /** What the worker holds; starts it if it does not run. */
  inventory(): Promise<Outcome<Inventory>>;
  /** A question as the page puts it. */
  ask<Q extends Question>(run: RunId, question: Q, ask: Ask<Q>): Promise<Outcome<Answer<Q>>>;
  /** Does what the page does when it sends this message. */
  fromPage(panel: number, message: unknown): void;
  /** Ends the worker as if it had died. */
  killEngine(): Promise<void>;
}

export function testApi({ panels, engineHost, highlights }: Parts, activation: number): TestApi {
  return {
    activation,
    panels: () => panels.all.map((panel) => panel.snapshot()),
    decorations: () => {
      const { marks } = highlights;
      return marks && { uri: marks.uri, focused: marks.focused.map(corners), partners: marks.partners.map((ranges) => ranges.map(corners)) };
    },
    engineRuns: () => engineHost.runs,
    inventory: () => engineHost.engine.inventory(),
    ask: (run, question, ask) => engineHost.engine.ask(run, question, ask),
    fromPage: (panel, message) => panels.all[panel]?.receive(message),
    killEngine: () => engineHost.kill(),
  };
}

function corners({ start, end }: vscode.Range): Corners {
  return [start.line, start.character, end.line, end.character];
}
