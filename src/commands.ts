/** What the commands of package.json do. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { chosenText, editorOf } from './editor/chosenText.ts';
import { openLesson, openWelcome } from './lessons/openLesson.ts';
import { commands, type Command } from './manifest.ts';
import type { ListedModel } from './models/modelShelf.ts';
import type { PanelServices } from './panel/panelServices.ts';
import type { Panels } from './panel/panels.ts';
import { describe } from './problems.ts';
import { reportTrouble, reportUnforeseen, tell } from './report.ts';
import type { Writer } from './writer.ts';

/** @param clicked what a menu hands to its command: the address of a document. */
type Action = (clicked: unknown, ...more: readonly unknown[]) => void | Promise<void>;

/**
 * Registers every command.
 * @param services made at first use.
 */
export function registerCommands(panels: Panels, writer: Writer, services: () => PanelServices): vscode.Disposable {
  const actions: Record<Command, Action> = {
    [commands.showAttention]: (clicked) => showAttention(panels, 'current', clicked),
    [commands.showAttentionInNewPanel]: (clicked) => showAttention(panels, 'new', clicked),
    [commands.followSelection]: () => panels.current?.follow(true),
    [commands.stopFollowing]: () => panels.current?.follow(false),
    [commands.refresh]: () => panels.current?.refresh(),
    [commands.revealText]: () => panels.current?.reveal(),
    [commands.selectModel]: () => (panels.current ? panels.current.selectModel() : pickFirst(services())),
    [commands.openModelFolder]: () => (panels.current ? panels.current.openModel() : openFirst(services())),
    [commands.openThisModel]: async (clicked) => use(clicked instanceof vscode.Uri ? await services().chooser.checkFolderOf(clicked) : null, panels, services()),
    [commands.downloadModel]: async () => use(await services().chooser.download(), panels, services()),
    [commands.removeModel]: () => services().chooser.remove(),
    [commands.removeToken]: () => services().chooser.forgetToken(),
    [commands.toggleSurprise]: () => writer.toggleSurprise(),
    [commands.nextWord]: () => writer.nextWord(),
    [commands.comparePhrasings]: () => writer.comparePhrasings(panels),
    [commands.replaceToken]: (...request) => writer.replaceToken(request),
    [commands.saveProbe]: (place) => panels.current?.saveProbe(place instanceof vscode.Uri && place.path.endsWith('.probe.json') ? place : undefined) ?? tell(l10n.t('Show some text first: what is shown then can be kept.')),
    [commands.welcome]: () => openWelcome(),
    [commands.openCourse]: () => panels.forLessons().openList(),
    [commands.openLesson]: (clicked) => openLesson(clicked, panels, services().lessons),
    [commands.nextStep]: () => panels.current?.lesson.goBy(1),
    [commands.previousStep]: () => panels.current?.lesson.goBy(-1),
    [commands.returnToStep]: () => panels.current?.lesson.obey({ type: 'lesson', action: 'return' }),
    [commands.resetLesson]: () => panels.current?.lesson.obey({ type: 'lesson', action: 'reset' }),
    [commands.exportProgress]: () => services().lessons.exportProgress(),
    [commands.showLog]: () => services().log.show(),
  };
  const run = async (action: Action, given: readonly unknown[]): Promise<void> => {
    try {
      await action(given[0], ...given.slice(1));
    } catch (thrown) {
      void reportUnforeseen(thrown, services().log);
    }
  };
  return vscode.Disposable.from(
    ...Object.entries(actions).map(([command, action]) => vscode.commands.registerCommand(command, (...given: unknown[]) => run(action, given))),
  );
}

function showAttention(panels: Panels, where: 'current' | 'new', clicked: unknown): void {
  const editor = editorOf(clicked);
  const chosen = editor && chosenText(editor);
  if (!chosen) {
    const { message, help } = describe({ code: 'text.empty', facts: {} });
    tell(`${message} ${help}`);
    return;
  }
  panels.show(chosen, where);
}

/** Without a panel a chosen model is the one that the next panel starts with. */
async function startWith(model: ListedModel | null, { engine, shelf, prefer, log }: PanelServices): Promise<void> {
  if (!model) return;
  const outcome = await engine().load(model);
  if (!outcome.ok) {
    await reportTrouble(describe(outcome.problem), log);
    return;
  }
  shelf.remember(model);
  prefer(model);
  tell(l10n.t('New panels start with {0}.', model.name));
}

/** In the current panel, or where there is none in the next one. */
export async function use(model: ListedModel | null, panels: Panels, services: PanelServices): Promise<void> {
  if (model && panels.current) await panels.current.useModel(model);
  else await startWith(model, services);
}

async function pickFirst(services: PanelServices): Promise<void> {
  await startWith(await services.chooser.pick(services.shelf.firstName), services);
}

async function openFirst(services: PanelServices): Promise<void> {
  await startWith(await services.chooser.openFolder(), services);
}
