/** All ways to come by a model, and to be rid of one. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { PrecisionSetting } from '../manifest.ts';
import { describe } from '../problems.ts';
import { reportTrouble, tell } from '../report.ts';
import { pickRepo } from './catalogPicker.ts';
import type { Disk } from './disk.ts';
import { downloadModel } from './downloadModel.ts';
import { FolderCheck } from './folderCheck.ts';
import { DownloadFailure } from './hub/failure.ts';
import type { Repo } from './hub/repo.ts';
import type { HubAccess } from './hubAccess.ts';
import { pickModel } from './modelPicker.ts';
import type { ListedModel, ModelShelf } from './modelShelf.ts';
import { pickPrecision } from './precisionPicker.ts';
import { confirmRemoval, pickRemovable } from './removeModel.ts';

export class ModelChooser implements vscode.Disposable {
  private readonly check: FolderCheck;

  /**
   * @param disk `null` in a browser: only models that come with the extension can be used there.
   * @param precision the setting: how weights are held.
   * @param onRemoved told the name of a model that is no longer there.
   */
  constructor(
    private readonly shelf: ModelShelf,
    private readonly disk: Disk | null,
    private readonly access: HubAccess,
    private readonly log: vscode.LogOutputChannel,
    private readonly precision: () => PrecisionSetting,
    private readonly onRemoved: (name: string) => void,
  ) {
    this.check = new FolderCheck(log);
  }

  /** Lets the user choose from the known models, or get another; `null` when they leave it. @param current name of the model in use */
  async pick(current: string | null): Promise<ListedModel | null> {
    const picked = await pickModel(this.shelf, current, this.disk, (id) => this.remove(id));
    switch (picked?.type) {
      case undefined:
        return null;
      case 'model':
        return picked.model;
      case 'download':
        return this.download();
      case 'openFolder':
        return this.openFolder();
      case 'precision':
        await pickPrecision(this.precision());
        return null;
      default:
        return picked satisfies never;
    }
  }

  /** Lets the user choose a folder on disk; `null` when they leave it or it cannot be opened, which they are then told. */
  async openFolder(): Promise<ListedModel | null> {
    const chosen = await vscode.window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      canSelectMany: false,
      title: l10n.t('Open a model folder in Hugging Face layout'),
      openLabel: l10n.t('Open Model'),
    });
    const folder = chosen?.[0];
    return folder ? this.checkFolder(folder) : null;
  }

  /** The model of a folder, if nothing is wrong with it as far as its files tell. */
  async checkFolder(folder: vscode.Uri): Promise<ListedModel | null> {
    const name = folder.path.split('/').filter((part) => part !== '').at(-1) ?? folder.path;
    const findings = this.disk && folder.scheme === 'file' ? (await this.disk.inspect(folder.fsPath)).findings : [{ file: name, problem: { code: 'folder.notOnDisk', facts: { folder: name } } } as const];
    if (findings.length === 0) return this.shelf.of(folder);
    await this.check.tell(name, findings);
    return null;
  }

  /** The model whose folder holds a file, or an ONNX file's folder above. @param file a file of weights */
  async checkFolderOf(file: vscode.Uri): Promise<ListedModel | null> {
    const folder = vscode.Uri.joinPath(file, '..');
    return this.checkFolder(folder.path.endsWith('/onnx') ? vscode.Uri.joinPath(folder, '..') : folder);
  }

  /** Downloads what the user chooses. @param repo what has been chosen already */
  async download(repo?: Repo): Promise<ListedModel | null> {
    return this.attempt(async (disk) => {
      const chosen = repo ?? (await pickRepo(disk, this.host));
      const model = chosen && (await downloadModel(chosen, disk, this.access, this.log));
      if (!model) return null;
      this.shelf.refresh();
      return this.shelf.find(model.id);
    });
  }

  /** Removes a download if the user confirms it. @param id one that has been chosen already */
  async remove(id?: string): Promise<void> {
    const chosen = await this.attempt(async (disk) => (id === undefined ? pickRemovable(disk) : (disk.installed().find((model) => model.id === id) ?? null)));
    if (chosen && (await confirmRemoval(chosen.id, chosen.size))) await this.removeAtOnce(chosen.id);
  }

  async removeAtOnce(id: string): Promise<void> {
    await this.attempt(async (disk) => {
      await disk.remove(id);
      this.shelf.refresh();
      this.onRemoved(id);
      tell(l10n.t('{0} has been removed from the disk.', id));
      return null;
    });
  }

  async forgetToken(): Promise<void> {
    await this.attempt(async () => {
      tell((await this.access.forget()) ? l10n.t('The access token for {0} has been removed.', this.host) : l10n.t('There is no access token for {0}.', this.host));
      return null;
    });
  }

  private get host(): string {
    return new URL(this.access.endpoint).host;
  }

  /** What fails in a known way is told in its own words. */
  private async attempt<T>(work: (disk: Disk) => Promise<T | null>): Promise<T | null> {
    if (!this.disk) return null;
    try {
      return await work(this.disk);
    } catch (thrown) {
      if (!(thrown instanceof DownloadFailure)) throw thrown;
      await reportTrouble(describe(thrown.problem), this.log);
      return null;
    }
  }

  dispose(): void {
    this.check.dispose();
  }
}
