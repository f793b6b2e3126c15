/** A download as the user sees it: progress and cancelling in a notification, a question where it is large, a token where one is wanted. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { describe } from '../problems.ts';
import { reportTrouble, tell } from '../report.ts';
import type { Asked, Disk } from './disk.ts';
import type { Plan, Progress } from './hub/download.ts';
import { DownloadFailure } from './hub/failure.ts';
import type { Installed } from './hub/installed.ts';
import type { Repo } from './hub/repo.ts';
import type { HubAccess } from './hubAccess.ts';
import { byteSize, licenceName } from './modelWords.ts';
import { Speed } from './speed.ts';

/** Larger downloads are asked about first. */
const LARGE = 500e6;

/** @returns the model once it is whole; `null` where it was cancelled or could not be had, which the user has then been told */
export async function downloadModel(repo: Repo, disk: Disk, access: HubAccess, log: vscode.LogOutputChannel): Promise<Installed | null> {
  for (;;) {
    try {
      return await attempt(repo, disk, access);
    } catch (thrown) {
      if (!(thrown instanceof DownloadFailure)) throw thrown;
      log.error(thrown);
      const { code } = thrown.problem;
      const closed = code === 'download.needsToken' || code === 'download.forbidden';
      const action = closed ? l10n.t('Give Access Token…') : l10n.t('Try Again');
      if (!(await reportTrouble(describe(thrown.problem), log, action))) return null;
      if (closed && !(await access.ask(repo.id))) return null;
    }
  }
}

/** @returns `null` where the user has cancelled it */
async function attempt(repo: Repo, disk: Disk, access: HubAccess): Promise<Installed | null> {
  const { endpoint } = access;
  const token = await access.token();
  const asked = (signal: AbortSignal): Asked => ({ repo, endpoint, token, signal });
  const plan = await cancellable(l10n.t('Looking up {0}…', repo.id), (signal) => disk.plan(asked(signal)));
  if (!plan) return null;
  if (plan.present) {
    tell(l10n.t('{0} is here already.', repo.id));
    return plan.present;
  }
  if (plan.size > LARGE && !(await confirmed(plan))) return null;
  const model = await cancellable(l10n.t('Downloading {0}', repo.id), (signal, say) => {
    const speed = new Speed(() => performance.now());
    return disk.download(asked(signal), plan, (progress) => say(words(progress, plan, speed), plan.size > 0 ? progress.bytes / plan.size : 1));
  });
  if (!model) tell(l10n.t('The download of {0} was stopped. What has arrived is kept: downloading it again goes on from there.', repo.id));
  return model;
}

/**
 * `null` once the user has cancelled.
 * @param work says in words and as a share of 1 how far it is.
 */
async function cancellable<T>(title: string, work: (signal: AbortSignal, say: (message: string, share: number) => void) => Promise<T>): Promise<T | null> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (progress, cancellation) => {
    const stop = new AbortController();
    cancellation.onCancellationRequested(() => stop.abort());
    let said = '';
    let drawn = 0;
    try {
      return await work(stop.signal, (message, share) => {
        if (message === said) return;
        // The bar takes steps, and none back.
        progress.report({ message, increment: Math.max(0, share - drawn) * 100 });
        said = message;
        drawn = Math.max(drawn, share);
      });
    } catch (thrown) {
      if (stop.signal.aborted) return null;
      throw thrown;
    }
  });
}

async function confirmed({ repo, size, licence }: Plan): Promise<boolean> {
  const download = l10n.t('Download');
  const detail = licence === null ? l10n.t('Its card names no licence.') : l10n.t('Its licence is {0}.', licenceName(licence));
  return (await vscode.window.showInformationMessage(l10n.t('{0} is {1} to download. Go on?', repo.id, byteSize(size)), { modal: true, detail }, download)) === download;
}

function words({ files, bytes }: Progress, plan: Plan, speed: Speed): string {
  const rate = speed.at(bytes);
  const amounts = [files, plan.files.length, byteSize(bytes), byteSize(plan.size)];
  return rate === null ? l10n.t('{0} of {1} files, {2} of {3}', ...amounts) : l10n.t('{0} of {1} files, {2} of {3}, {4} a second', ...amounts, byteSize(rate));
}
