import type * as vscode from 'vscode';
import type { LessonHost } from '../lessons/lessonHost.ts';
import type { Highlights } from '../editor/highlights.ts';
import type { EngineClient } from '../engine/client.ts';
import type { ModelChooser } from '../models/modelChooser.ts';
import type { ListedModel, ModelShelf } from '../models/modelShelf.ts';
import type { ModelStatus } from '../models/modelStatus.ts';

/** What panels share. */
export interface PanelServices {
  /** The engine of now: another one after its options have changed. */
  readonly engine: () => EngineClient;
  readonly shelf: ModelShelf;
  readonly highlights: Highlights;
  readonly lessons: LessonHost;
  readonly log: vscode.LogOutputChannel;
  readonly chooser: ModelChooser;
  readonly status: ModelStatus;
  /** Milliseconds that a selection must rest before a follower takes it. */
  readonly followDelay: () => number;
  /** Lets later panels start with this model. */
  readonly prefer: (model: ListedModel) => void;
}
