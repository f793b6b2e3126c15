/** What a hover says of a coloured token: how likely it was, and what would have been likelier, each a link that replaces. */
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import * as vscode from 'vscode';
import { commands } from '../../manifest.ts';
import type { WordCandidate } from '../../protocol.ts';
import type { Coloring, TokenAt } from './coloring.ts';
import { countText, safeText, shareText } from './hoverText.ts';
import type { Scorer } from './scorer.ts';

const ALTERNATIVES = 5;

export class SurpriseHover implements vscode.HoverProvider {
  constructor(
    private readonly coloringOf: (document: vscode.TextDocument) => Coloring | null,
    private readonly scorer: Scorer,
  ) {}

  async provideHover(document: vscode.TextDocument, position: vscode.Position, cancel: vscode.CancellationToken): Promise<vscode.Hover | null> {
    const coloring = this.coloringOf(document);
    const found = coloring?.at(position);
    if (!coloring || !found) return null;
    const abort = new AbortController();
    cancel.onCancellationRequested(() => abort.abort());
    const words = await this.scorer.alternatives(coloring.model, found.passage, found.token.start, ALTERNATIVES, abort.signal).catch(() => []);
    if (abort.signal.aborted) return null;
    return new vscode.Hover(hoverText(document, found, words), found.range);
  }
}

function hoverText(document: vscode.TextDocument, { token, range, before }: TokenAt, words: readonly WordCandidate[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString(undefined, true);
  // Only this one command may be run from the text, whatever a document or a model puts into it.
  text.isTrusted = { enabledCommands: [commands.replaceToken] };
  text.appendMarkdown(`${l10n.t('**{0}** · rank {1} · {2} · {3} bits', safeText(token.text.trim() === '' ? token.text : token.text.trim()), countText(token.rank), shareText(2 ** -token.bits), token.bits.toFixed(1))}\n\n`);
  if (words.length > 0) text.appendMarkdown(`${l10n.t('Likelier here:')} ${words.map((word) => link(document, range, word, nameOf(word.text, token.text))).join(' · ')}\n\n`);
  text.appendMarkdown(l10n.t('Given the {0} tokens before it.', countText(before)));
  return text;
}

/** A word as it is listed: without its space, and where there would be none between it and the word before, with a sign of that. */
function nameOf(word: string, token: string): string {
  if (word.trim() === '') return word;
  return token.startsWith(' ') && !/^\s/u.test(word) ? `…${word.trimEnd()}` : word.trim();
}

function link(document: vscode.TextDocument, range: vscode.Range, { text, logProbability }: WordCandidate, name: string): string {
  const replace: ReplaceRequest = [document.uri.toString(), document.version, document.offsetAt(range.start), document.offsetAt(range.end), text];
  const address = `command:${commands.replaceToken}?${encodeURIComponent(JSON.stringify(replace))}`;
  return `[${safeText(name)}](${address} "${l10n.t('Replace with this word')}") ${shareText(Math.exp(logProbability))}`;
}

const replaceRequest = v.tuple([v.string(), v.number(), v.pipe(v.number(), v.integer(), v.minValue(0)), v.pipe(v.number(), v.integer(), v.minValue(0)), v.string()]);

/** Address and version of a document, the offsets of what is replaced, and by what: the arguments of a link. */
type ReplaceRequest = v.InferOutput<typeof replaceRequest>;

/** What a link asks for, or null where it is none of ours. */
export function readReplaceRequest(given: readonly unknown[]): { readonly uri: string; readonly version: number; readonly start: number; readonly end: number; readonly text: string } | null {
  const read = v.safeParse(replaceRequest, given);
  if (!read.success) return null;
  const [uri, version, start, end, text] = read.output;
  return { uri, version, start, end, text };
}
