/** What both hosts do when the extension is activated: register, and nothing more. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { registerCommands } from './commands.ts';
import { countSetting, precisionSetting, textSetting } from './configuration.ts';
import { Highlights } from './editor/highlights.ts';
import type { EngineWorker } from './engine/client.ts';
import { EngineHost } from './engineHost.ts';
import { provideLessonCompletions } from './lessons/lessonCompletion.ts';
import { LessonDocuments } from './lessons/lessonDocuments.ts';
import { LessonHost } from './lessons/lessonHost.ts';
import { panelType, probeEditorType } from './manifest.ts';
import type { Disk } from './models/disk.ts';
import { HubAccess } from './models/hubAccess.ts';
import { ModelChooser } from './models/modelChooser.ts';
import { ModelShelf, type ListedModel } from './models/modelShelf.ts';
import { ModelStatus } from './models/modelStatus.ts';
import type { PanelServices } from './panel/panelServices.ts';
import { Panels } from './panel/panels.ts';
import { wantedTargets } from './panel/targetLanguage.ts';
import { ProbeEditors } from './panel/probeEditors.ts';
import { provideProbeSchema } from './panel/probeSchema.ts';
import { Writer } from './writer.ts';

/** In what the two hosts differ. */
export interface Platform {
  readonly spawn: () => EngineWorker | Promise<EngineWorker>;
  /** Folder URL of the runtime's files, ending in `/`. */
  readonly runtime: string;
  /** What the engine calls a folder. */
  readonly locate: (folder: vscode.Uri) => string;
  /** Folders of the user's, and downloads; `null` where there is no disk. */
  readonly disk: Disk | null;
}

/** The parts of the running extension, for tests. */
export interface Parts {
  readonly panels: Panels;
  readonly probes: ProbeEditors;
  readonly engineHost: EngineHost;
  readonly highlights: Highlights;
  readonly writer: Writer;
  readonly services: () => PanelServices;
}

export function activateOn(platform: Platform, context: vscode.ExtensionContext): Parts {
  l10n.config({ contents: vscode.l10n.bundle ?? {} });
  const engineHost = new EngineHost(
    platform.spawn,
    () => ({ runtime: platform.runtime, threads: countSetting('headlight.threads') }),
    (problem) => {
      panels.engineDied(problem);
      probes.engineDied(problem);
      services().lessons.engineDied();
      writer.engineDied();
    },
  );
  const highlights = new Highlights();
  const services = once((): PanelServices => createServices(platform, context, engineHost, highlights));
  const panels = new Panels(context.extensionUri, services);
  const probes = new ProbeEditors(context.extensionUri, services);
  const lessonDocuments = new LessonDocuments(() => services().lessons, (id, file, mistakes) => panels.lessonEdited(id, file, mistakes), () => services().log);
  const writer = new Writer({ engine: () => engineHost.engine, shelf: () => services().shelf });
  const retryAll = (): void => {
    panels.retryAll();
    probes.retryAll();
  };
  context.subscriptions.push(
    highlights,
    { dispose: () => engineHost.restart() },
    writer,
    lessonDocuments,
    provideLessonCompletions(() => services().shelf.list().map(({ name }) => name)),
    registerCommands(panels, writer, services),
    vscode.window.registerWebviewPanelSerializer(panelType, panels),
    probes,
    vscode.window.registerCustomEditorProvider(probeEditorType, probes, { supportsMultipleEditorsPerDocument: true }),
    provideProbeSchema(context.extensionUri),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('headlight.threads')) void engineHost.restart().then(() => retryAll());
      if (change.affectsConfiguration('headlight.model') || change.affectsConfiguration('headlight.precision')) services().shelf.refresh();
      if (change.affectsConfiguration('headlight.precision')) retryAll();
    }),
  );
  return { panels, probes, engineHost, highlights, writer, services };
}

/** What the first panel or command needs: a log, and the list of models. */
function createServices(platform: Platform, context: vscode.ExtensionContext, engineHost: EngineHost, highlights: Highlights): PanelServices {
  const log = vscode.window.createOutputChannel('Headlight', { log: true });
  const shelf = new ModelShelf(context.extensionUri, context.globalState, platform.locate, () => platform.disk?.installed() ?? [], () => textSetting('headlight.model'), precisionSetting);
  const access = new HubAccess(context.secrets, () => textSetting('headlight.hub.endpoint'));
  const chooser = new ModelChooser(shelf, platform.disk, access, log, precisionSetting, (name) => void forgetPreference(name, log));
  const status = new ModelStatus(platform.disk !== null);
  const lessons = new LessonHost(context.extensionUri, context.globalState, () => engineHost.engine, shelf, (wanted) => wantedTargets(vscode.env.language, wanted), log);
  context.subscriptions.push(log, shelf, chooser, status, lessons);
  return {
    engine: () => engineHost.engine,
    shelf,
    highlights,
    lessons,
    log,
    chooser,
    status,
    followDelay: () => countSetting('headlight.follow.delay'),
    prefer: (model) => void prefer(model, log),
  };
}

/** Writes the choice of a model to the user's settings; where they cannot be written it holds for this panel only. */
async function prefer(model: ListedModel, log: vscode.LogOutputChannel): Promise<void> {
  const value = model.folder ? model.location : model.name;
  if (value !== textSetting('headlight.model')) await setPreference(value, log);
}

/** New panels do not start with a model that is gone. */
async function forgetPreference(name: string, log: vscode.LogOutputChannel): Promise<void> {
  if (name === textSetting('headlight.model')) await setPreference(undefined, log);
}

async function setPreference(value: string | undefined, log: vscode.LogOutputChannel): Promise<void> {
  try {
    await vscode.workspace.getConfiguration().update('headlight.model', value, vscode.ConfigurationTarget.Global);
  } catch (thrown) {
    log.warn('The choice of model could not be written to the settings.', thrown);
  }
}

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
