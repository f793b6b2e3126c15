/** **Next Word at Cursor**: the likeliest words in a list; the chosen one goes into the document as one step to undo. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { problemOf } from '../engine/client.ts';
import type { ModelSource, Problem, WordCandidate } from '../protocol.ts';
import { likeliestWords, textBefore } from './continuations.ts';
import { shareText } from './surprise/hoverText.ts';
import type { ScoringEngine } from './predictions.ts';
import { isWritable } from './writable.ts';

const COUNT = 12;

interface WordItem extends vscode.QuickPickItem {
  readonly word: WordCandidate;
}

export interface NextWordServices {
  readonly engine: () => ScoringEngine;
  readonly model: () => ModelSource | null;
  readonly refuse: (problem: Problem) => void;
}

export async function nextWord(editor: vscode.TextEditor, { engine, model, refuse }: NextWordServices): Promise<void> {
  const source = model();
  if (!source) return;
  const { document, selection } = editor;
  const version = document.version;
  const before = textBefore(document, selection.active);
  if (before.trim() === '') return refuse({ code: 'text.empty', facts: {} });
  const abort = new AbortController();
  const picker = vscode.window.createQuickPick<WordItem>();
  picker.title = l10n.t('Next word, as {0} expects it', source.name);
  picker.placeholder = l10n.t('Choose a word to put it at the cursor');
  picker.busy = true;
  const picked = new Promise<WordItem | undefined>((resolve) => {
    picker.onDidAccept(() => {
      const [item] = picker.selectedItems;
      // Before the words have come there is nothing to choose.
      if (item) resolve(item);
    });
    picker.onDidHide(() => resolve(undefined));
  });
  picker.show();
  try {
    const words = await likeliestWords(engine(), source, before, COUNT, abort.signal).catch((thrown: unknown) => {
      picker.hide();
      refuse(problemOf(thrown));
      return [];
    });
    picker.items = words.map(itemOf);
    picker.busy = false;
    const item = await picked;
    if (!item) return;
    if (document.version !== version || !(await isWritable(document)) || !(await editor.edit((edit) => edit.replace(selection, item.word.text)))) {
      vscode.window.setStatusBarMessage(l10n.t('Headlight: the text could not be changed.'), 4000);
    }
  } finally {
    abort.abort();
    picker.dispose();
  }
}

function itemOf(word: WordCandidate): WordItem {
  const visible = word.text.replace(/\n/g, '↵').replace(/\t/g, '→');
  const whole = word.complete ? '' : '…';
  return { label: visible.trim() === '' ? visible.replace(/ /g, '␣') : `${visible}${whole}`, description: shareText(Math.exp(word.logProbability)), detail: bar(Math.exp(word.logProbability)), alwaysShow: true, word };
}

/** A bar of up to 24 cells for a probability. */
const bar = (share: number): string => '█'.repeat(Math.max(1, Math.round(share * 24)));
