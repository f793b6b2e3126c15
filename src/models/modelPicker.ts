/** Choosing a model: a list of those that are known, and a dialog for a folder. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ListedModel, ModelShelf } from './modelShelf.ts';

interface ModelItem extends vscode.QuickPickItem {
  readonly model?: ListedModel;
}

/**
 * Lets the user choose from the known models or open a folder; `null` when they leave it.
 * @param current name of the model in use.
 * @param canOpenFolders whether the engine can read folders here.
 */
export async function pickModel(shelf: ModelShelf, current: string | null, canOpenFolders: boolean): Promise<ListedModel | null> {
  const picker = vscode.window.createQuickPick<ModelItem>();
  const openFolder: ModelItem = { label: l10n.t('Open Model Folder…'), iconPath: new vscode.ThemeIcon('folder-opened'), alwaysShow: true };
  const fill = async (): Promise<void> => {
    const items = await Promise.all(shelf.list().map((model) => itemOf(model, current)));
    picker.items = [...items, ...(canOpenFolders ? [{ label: '', kind: vscode.QuickPickItemKind.Separator }, openFolder] : [])];
    picker.activeItems = items.filter(({ model }) => model?.name === current);
  };
  picker.title = l10n.t('Select Model');
  picker.placeholder = l10n.t('The model that shows its attention');
  picker.matchOnDescription = picker.matchOnDetail = true;
  picker.onDidTriggerItemButton(({ item }) => {
    if (!item.model?.folder) return;
    shelf.forget(item.model.folder);
    void fill();
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
    const item = await picked;
    return item === openFolder ? await openModelFolder(shelf) : (item?.model ?? null);
  } finally {
    picker.dispose();
  }
}

/** Lets the user choose a folder on disk; `null` when they leave it. */
export async function openModelFolder(shelf: ModelShelf): Promise<ListedModel | null> {
  const chosen = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    canSelectMany: false,
    title: l10n.t('Open a model folder in Hugging Face layout'),
    openLabel: l10n.t('Open Model'),
  });
  const folder = chosen?.[0];
  return folder ? shelf.of(folder) : null;
}

async function itemOf(model: ListedModel, current: string | null): Promise<ModelItem> {
  const marks = [];
  if (model.name === current) marks.push(l10n.t('in use'));
  if (!model.folder) return { label: model.name, description: [l10n.t('comes with Headlight'), ...marks].join(' · '), model };
  if (!(await holdsModel(model.folder))) marks.push(l10n.t('missing'));
  return {
    label: model.name,
    description: marks.join(' · '),
    detail: model.folder.scheme === 'file' ? model.folder.fsPath : model.folder.toString(true),
    buttons: [{ iconPath: new vscode.ThemeIcon('close'), tooltip: l10n.t('Remove from the List') }],
    model,
  };
}

async function holdsModel(folder: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(vscode.Uri.joinPath(folder, 'config.json'));
    return true;
  } catch {
    // Not there, or not readable: the list says so.
    return false;
  }
}
