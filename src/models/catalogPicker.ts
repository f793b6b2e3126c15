/** Choosing what to download: a model of the catalogue, or any repository by its name. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { catalog, type CatalogEntry } from './catalog.ts';
import type { Disk } from './disk.ts';
import { parseRepo, type Repo } from './hub/repo.ts';
import { byteSize, joined, kindName, licenceName } from './modelWords.ts';

interface RepoItem extends vscode.QuickPickItem {
  readonly repo: Repo;
}

/** `null` when the user leaves it. @param host where it would come from */
export async function pickRepo(disk: Disk, host: string): Promise<Repo | null> {
  const here = new Set(disk.installed().map(({ id }) => id));
  const begun = new Map((await disk.partial()).map(({ id, size }) => [id, size]));
  const listed = catalog().map((entry) => itemOf(entry, here.has(entry.repo), begun.get(entry.repo)));
  const others = [...begun].filter(([id]) => listed.every(({ repo }) => repo.id !== id)).map(([id, size]): RepoItem => ({ label: id, description: arrived(size), repo: { id } }));
  const picker = vscode.window.createQuickPick<RepoItem>();
  picker.title = l10n.t('Download Model');
  picker.placeholder = l10n.t('Choose a model of {0}, or type the name of any repository: owner/name', host);
  picker.matchOnDescription = true;
  picker.items = [...others, ...listed];
  picker.onDidChangeValue((value) => {
    const typed = parseRepo(value);
    const known = picker.items.some(({ repo, alwaysShow }) => !alwaysShow && repo.id === value.trim());
    const own: RepoItem[] = typed && value.includes('/') && !known ? [{ label: l10n.t('Download {0}', value.trim()), iconPath: new vscode.ThemeIcon('cloud-download'), alwaysShow: true, repo: typed }] : [];
    picker.items = [...own, ...others, ...listed];
  });
  try {
    const picked = new Promise<RepoItem | undefined>((resolve) => {
      picker.onDidAccept(() => resolve(picker.selectedItems[0]));
      picker.onDidHide(() => resolve(undefined));
    });
    picker.show();
    return (await picked)?.repo ?? null;
  } finally {
    picker.dispose();
  }
}

function itemOf({ repo, kind, licence, megabytes }: CatalogEntry, here: boolean, begun: number | undefined): RepoItem {
  const state = here ? l10n.t('downloaded') : begun === undefined ? null : arrived(begun);
  return { label: repo, description: joined([kindName(kind), l10n.t('about {0}', byteSize(megabytes * 1e6)), licenceName(licence), state]), repo: { id: repo } };
}

function arrived(bytes: number): string {
  return l10n.t('{0} have arrived', byteSize(bytes));
}
