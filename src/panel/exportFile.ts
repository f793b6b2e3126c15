/** Writes what a page exports where the user wants it, and puts it on the clipboard. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { ProblemError, type EngineClient } from '../engine/client.ts';
import type { ExportPageMessage, RunInfo, Subject, Token } from '../protocol.ts';
import { tell } from '../report.ts';
import { traceFile } from '../traceFile.ts';

/** The run that a trace is taken of. */
export interface ExportedRun {
  readonly engine: Pick<EngineClient, 'ask'>;
  readonly subject: Subject | null;
  readonly info: RunInfo | null;
  readonly output: readonly Token[] | null;
}

/** A file system that is written as a whole takes a trace of this many bytes at most. */
const LARGEST_TRACE = 2 ** 30;

/** @throws ProblemError `run.gone`, `export.tooLarge`, what the engine says, and the file system's own error */
export async function carryOut(message: ExportPageMessage, run: ExportedRun): Promise<void> {
  if (message.type === 'copy') {
    await vscode.env.clipboard.writeText(message.text);
    tell(l10n.t('The table is on the clipboard.'));
    return;
  }
  const to = await askWhere(message.name, message.format, run.subject?.source?.uri);
  if (!to) return;
  const content = message.format === 'safetensors' ? await wholeTrace(run) : typeof message.content === 'string' ? new TextEncoder().encode(message.content) : message.content;
  await vscode.workspace.fs.writeFile(to, content);
  tell(l10n.t('Saved as {0}.', fileName(to)));
}

/** Asks for the place of a file: beside the document that the text came from, else in the workspace. */
export async function askWhere(name: string, ending: string, document?: string): Promise<vscode.Uri | undefined> {
  const source = document === undefined ? null : vscode.Uri.parse(document);
  const folder = source && source.scheme !== 'untitled' ? vscode.Uri.joinPath(source, '..') : vscode.workspace.workspaceFolders?.[0]?.uri;
  return askFor(folder ? vscode.Uri.joinPath(folder, `${name}.${ending}`) : undefined, ending);
}

/** VS Code knows only the last part of an ending such as `probe.json`: what is missing of it is put in here. */
async function askFor(proposed: vscode.Uri | undefined, ending: string): Promise<vscode.Uri | undefined> {
  const last = ending.split('.').pop() ?? ending;
  const chosen = await vscode.window.showSaveDialog({ ...(proposed ? { defaultUri: proposed } : {}), filters: { [last]: [last] } });
  if (!chosen || chosen.path.endsWith(`.${ending}`)) return chosen;
  const whole = chosen.with({ path: `${chosen.path.replace(new RegExp(`\\.${last}$`), '')}.${ending}` });
  // A file of that name is not written over unasked: the dialog warns of it.
  return (await exists(whole)) ? askFor(whole, ending) : whole;
}

async function exists(file: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
}

export const fileName = (file: vscode.Uri): string => file.path.split('/').pop() ?? file.path;

async function wholeTrace({ engine, subject, info, output }: ExportedRun): Promise<Uint8Array> {
  if (!subject || !info) throw new ProblemError('run.gone');
  const { run } = info;
  const file = await traceFile({
    info,
    output,
    text: subject.text,
    ask: async (question, ask) => {
      const answer = await engine.ask(run, question, ask);
      if (answer.ok) return answer.value;
      throw new ProblemError(answer.problem.code, answer.problem.facts);
    },
  });
  if (file.bytes > LARGEST_TRACE) throw new ProblemError('export.tooLarge', { size: String(Math.ceil(file.bytes / 2 ** 20)), most: String(LARGEST_TRACE / 2 ** 20) });
  const whole = new Uint8Array(file.bytes);
  let at = 0;
  for await (const piece of file.pieces()) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
