/** The list of models, with what is known of each before it is loaded. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Disk } from './disk.ts';
import type { FolderReport } from './folderReport.ts';
import { embeddedLicence, embeddedModels } from './modelNames.ts';
import type { ListedModel, ModelShelf } from './modelShelf.ts';
import { byteSize, joined, kindName, licenceName } from './modelWords.ts';
import { whereModelsRun } from './place.ts';

/** What was chosen: a model, or a way to get one. */
export type Pick = { readonly type: 'model'; readonly model: ListedModel } | { readonly type: 'download' } | { readonly type: 'openFolder' } | { readonly type: 'precision' };

interface ModelItem extends vscode.QuickPickItem {
  readonly pick?: Pick;
}

/**
 * Lets the user choose; `null` when they leave it.
 * @param current name of the model in use.
 * @param disk `null` in a browser, which can neither open folders nor keep downloads.
 * @param remove removes a downloaded model if the user confirms it.
 */
export async function pickModel(shelf: ModelShelf, current: string | null, disk: Disk | null, remove: (id: string) => Promise<void>): Promise<Pick | null> {
  const picker = vscode.window.createQuickPick<ModelItem>();
  const fill = async (): Promise<void> => {
    const items = await Promise.all(shelf.list().map((model) => itemOf(model, current, disk)));
    picker.items = [...items, ...ways(disk !== null)];
    picker.activeItems = items.filter(({ pick }) => pick?.type === 'model' && pick.model.name === current);
  };
  picker.title = l10n.t('Select Model');
  picker.placeholder = whereModelsRun(disk !== null);
  picker.matchOnDescription = picker.matchOnDetail = true;
  picker.onDidTriggerItemButton(async ({ item: { pick } }) => {
    if (pick?.type !== 'model') return;
    // The question of removal takes the focus, and the list comes back after it.
    picker.ignoreFocusOut = true;
    if (pick.model.folder) shelf.forget(pick.model.folder);
    else await remove(pick.model.name);
    await fill();
    picker.ignoreFocusOut = false;
  });
  const picked = new Promise<ModelItem | undefined>((resolve) => {
    picker.onDidAccept(() => resolve(picker.selectedItems[0]));
    picker.onDidHide(() => resolve(undefined));
  });
  try {
    picker.busy = true;
    picker.show();
    await fill();
    picker.busy = false;
    return (await picked)?.pick ?? null;
  } finally {
    picker.dispose();
  }
}

function ways(hasDisk: boolean): ModelItem[] {
  const getting: ModelItem[] = [
    { label: l10n.t('Download Model…'), iconPath: new vscode.ThemeIcon('cloud-download'), alwaysShow: true, pick: { type: 'download' } },
    { label: l10n.t('Open Model Folder…'), iconPath: new vscode.ThemeIcon('folder-opened'), alwaysShow: true, pick: { type: 'openFolder' } },
  ];
  const precision: ModelItem = { label: l10n.t('Weights in Memory…'), iconPath: new vscode.ThemeIcon('dashboard'), alwaysShow: true, pick: { type: 'precision' } };
  return [{ label: '', kind: vscode.QuickPickItemKind.Separator }, ...(hasDisk ? getting : []), precision];
}

async function itemOf(model: ListedModel, current: string | null, disk: Disk | null): Promise<ModelItem> {
  const facts = disk && isOnDisk(model) ? await disk.facts(model.location) : null;
  const embedded = embeddedModels.find(({ name }) => model.origin === 'embedded' && name === model.name);
  const kind = embedded?.kind ?? facts?.kind ?? null;
  // The Hub's word at the time of the download, else the card's.
  const noted = model.origin === 'downloaded' ? disk?.installed().find(({ id }) => id === model.name)?.licence : null;
  const licence = embedded ? embeddedLicence : (noted ?? facts?.licence ?? null);
  const description = [kind && kindName(kind), facts && facts.weights > 0 ? byteSize(facts.weights) : null, licence && licenceName(licence), originName(model), model.name === current ? l10n.t('in use') : null];
  const detail = [memoryOf(facts), troubleOf(facts), model.folder ? pathOf(model.folder) : null];
  return { label: model.name, description: joined(description), ...(joined(detail) === '' ? {} : { detail: joined(detail) }), buttons: buttonsOf(model), pick: { type: 'model', model } };
}

function originName({ origin }: ListedModel): string {
  switch (origin) {
    case 'embedded':
      return l10n.t('comes with Headlight');
    case 'downloaded':
      return l10n.t('downloaded');
    case 'opened':
      return l10n.t('opened folder');
    default:
      return origin satisfies never;
  }
}

function buttonsOf({ origin }: ListedModel): vscode.QuickInputButton[] {
  if (origin === 'opened') return [{ iconPath: new vscode.ThemeIcon('close'), tooltip: l10n.t('Remove from the List') }];
  return origin === 'downloaded' ? [{ iconPath: new vscode.ThemeIcon('trash'), tooltip: l10n.t('Remove from the Disk…') }] : [];
}

function memoryOf(facts: FolderReport | null): string | null {
  return facts && facts.memory > 0 ? l10n.t('about {0} in memory', byteSize(facts.memory)) : null;
}

function troubleOf(facts: FolderReport | null): string | null {
  const [first] = facts?.findings ?? [];
  if (!first) return null;
  return first.problem.code === 'folder.unreadable' ? l10n.t('missing') : l10n.t('cannot be opened: {0}', first.file);
}

function isOnDisk({ folder }: ListedModel): boolean {
  return folder === undefined || folder.scheme === 'file';
}

function pathOf(folder: vscode.Uri): string {
  return folder.scheme === 'file' ? folder.fsPath : folder.toString(true);
}
