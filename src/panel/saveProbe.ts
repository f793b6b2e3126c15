/** Keeps what a page shows as a probe file. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { ProblemError } from '../engine/client.ts';
import { probeEditorType } from '../manifest.ts';
import { probeNow, type Looked } from '../probeFiles/probeNow.ts';
import { probeText } from '../probeFiles/writeProbe.ts';
import { describe } from '../problems.ts';
import type { Outcome, Probe } from '../protocol.ts';
import { note, reportTrouble, tell } from '../report.ts';
import { askWhere, fileName } from './exportFile.ts';
import type { LivePage } from './livePage.ts';
import type { PanelServices } from './panelServices.ts';

/**
 * Takes the result from the engine, and writes it all.
 * @param looked how the page looks at its run; null: it has not said yet
 * @param place where to; it is asked for where it is not given
 */
export async function saveProbe(page: LivePage, looked: Looked | null, services: PanelServices, place?: vscode.Uri): Promise<void> {
  const to = looked && page.run.state === 'finished' ? (place ?? (await askWhere('prediction', 'probe.json', page.subject?.source?.uri))) : null;
  if (to === undefined) return;
  if (!looked || !to) {
    tell(l10n.t('There is nothing to keep yet: the text is not through the model.'));
    return;
  }
  const probe = await shownProbe(page, looked, services);
  if (!probe.ok) {
    await reportTrouble(describe(probe.problem), services.log);
    return;
  }
  await vscode.workspace.fs.writeFile(to, new TextEncoder().encode(probeText(probe.value)));
  // Whoever saves is not kept waiting for an answer.
  page.attempt(offer(to));
}

/** Says that the file is there, and opens it where that is wanted. */
async function offer(file: vscode.Uri): Promise<void> {
  const sentence = l10n.t('Saved as {0}.', fileName(file));
  note(sentence);
  const open = l10n.t('Open');
  if ((await vscode.window.showInformationMessage(sentence, open)) === open) await vscode.commands.executeCommand('vscode.openWith', file, probeEditorType);
}

/** What a probe of the page would say, its result measured now. */
export async function shownProbe(page: LivePage, looked: Looked, { engine, shelf }: PanelServices): Promise<Outcome<Probe>> {
  const { subject, run } = page;
  const source = subject && shelf.find(subject.model);
  const { info } = run;
  if (!subject || !source || !info) return { ok: false, problem: new ProblemError('run.gone').problem };
  const fingerprint = await engine().fingerprint(source);
  if (!fingerprint.ok) return fingerprint;
  return probeNow({ subject, info, fingerprint: fingerprint.value, looked, ask: (question, ask) => engine().ask(info.run, question, ask) });
}
