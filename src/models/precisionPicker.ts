/** How weights are held: as the files need it, exactly, or in 8 bits for speed. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { PrecisionSetting } from '../manifest.ts';

interface PrecisionItem extends vscode.QuickPickItem {
  readonly precision: PrecisionSetting;
}

/** Lets the user choose; the setting is written for all windows. */
export async function pickPrecision(current: PrecisionSetting): Promise<void> {
  const items: readonly PrecisionItem[] = [
    { precision: 'auto', label: l10n.t('Automatic'), detail: l10n.t('float32 where a model fits into memory, else 8-bit.') },
    { precision: 'float32', label: 'float32', detail: l10n.t('Exact. A model that does not fit is refused.') },
    { precision: '8-bit', label: '8-bit', detail: l10n.t('Faster on texts of some length and a quarter of the memory. What it costs is measured on each text and stated.') },
  ];
  const picked = await vscode.window.showQuickPick(items.map((item) => ({ ...item, ...(item.precision === current ? { description: l10n.t('in use') } : {}) })), { title: l10n.t('Weights in memory') });
  if (picked) await vscode.workspace.getConfiguration().update('headlight.precision', picked.precision, vscode.ConfigurationTarget.Global);
}
