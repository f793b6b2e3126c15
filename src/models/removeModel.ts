/** Removing what was downloaded: models, and what has arrived of downloads that were broken off. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { tell } from '../report.ts';
import type { Disk } from './disk.ts';
import { byteSize } from './modelWords.ts';

interface RemovableItem extends vscode.QuickPickItem {
  readonly id: string;
  readonly size: number;
}

/** Lets the user choose; `null` when they leave it or there is nothing. */
export async function pickRemovable(disk: Disk): Promise<{ readonly id: string; readonly size: number } | null> {
  const whole = disk.installed().map(({ id, size }): RemovableItem => ({ id, size, label: id, description: byteSize(size) }));
  const parts = (await disk.partial()).filter(({ id }) => whole.every((model) => model.id !== id));
  const items = [...whole, ...parts.map(({ id, size }): RemovableItem => ({ id, size, label: id, description: l10n.t('{0} have arrived', byteSize(size)) }))];
  if (items.length === 0) {
    tell(l10n.t('No model has been downloaded.'));
    return null;
  }
  return (await vscode.window.showQuickPick(items, { title: l10n.t('Remove Downloaded Model'), placeHolder: l10n.t('The model to remove from the disk') })) ?? null;
}

export async function confirmRemoval(id: string, size: number): Promise<boolean> {
  const remove = l10n.t('Remove');
  const detail = l10n.t('{0} are freed on the disk. It can be downloaded again.', byteSize(size));
  return (await vscode.window.showWarningMessage(l10n.t('Remove {0}?', id), { modal: true, detail }, remove)) === remove;
}
