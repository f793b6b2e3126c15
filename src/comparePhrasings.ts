/** **Compare Phrasings**: two ways to say something, scored after the same text and shown in a panel. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { chosenPhrasings, LONGEST_PHRASING } from './editor/phrasings/chosenPhrasings.ts';
import { phrasingOf, scorePhrasings } from './editor/phrasings/scorePhrasings.ts';
import type { ScoringEngine } from './editor/predictions.ts';
import { Scorer } from './editor/surprise/scorer.ts';
import { problemOf } from './engine/client.ts';
import type { ShownPhrasings } from './panel/shownPhrasings.ts';
import { describe } from './problems.ts';
import type { ModelSource, Problem } from './protocol.ts';
import { tell } from './report.ts';

export interface ComparisonServices {
  readonly engine: () => ScoringEngine;
  readonly model: () => ModelSource | null;
  /** The place in a panel where phrasings are shown. */
  readonly panel: () => ShownPhrasings;
  readonly refuse: (problem: Problem) => void;
}

export async function comparePhrasings(editor: vscode.TextEditor | undefined, { engine, model, panel, refuse }: ComparisonServices): Promise<void> {
  const chosen = editor && (await chosenPhrasings(editor, () => vscode.env.clipboard.readText()));
  if (!chosen) {
    tell(l10n.t('Select two phrasings (hold Alt for the second one), or select one and copy the other.'));
    return;
  }
  const source = model();
  if (!source) return refuse({ code: 'model.unknownName', facts: { name: l10n.t('the model of the settings'), known: 'storyteller' } });
  const { context, both, selections, cut } = chosen;
  if (selections > 2) tell(l10n.t('Of {0} selections the first two are compared.', selections));
  if (cut) tell(l10n.t('The first {0} characters of each phrasing are compared.', LONGEST_PHRASING));
  const shown = panel();
  const signal = shown.begin(source.name, [both[0].place ?? { text: both[0].text }, both[1].place ?? { text: both[1].text }]);
  const scorer = new Scorer(engine);
  try {
    const { before, both: scored } = await scorePhrasings(scorer, source, context, [both[0].text, both[1].text], signal);
    shown.show({ state: 'ready', model: source.name, before, both: [phrasingOf(both[0].text, both[0].from, scored[0]), phrasingOf(both[1].text, both[1].from, scored[1])] }, signal);
  } catch (thrown) {
    const problem = problemOf(thrown);
    if (signal.aborted) return;
    shown.show({ state: 'failed', model: source.name, trouble: describe(problem) }, signal);
    if (problem.code === 'model.predictsNothing') refuse(problem);
  } finally {
    scorer.clear();
  }
}
