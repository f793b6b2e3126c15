/** What is said of a head's steps. */
import * as l10n from '@vscode/l10n';
import type { HeadStepsAnswer } from '../../../src/protocol.ts';
import { dividesByRoot } from '../../headSteps.ts';
import { roughText } from '../../numbers.ts';

/** How products become scores: "÷ √32" in most models. */
export const scaleTitle = (answer: HeadStepsAnswer): string => (dividesByRoot(answer) ? `÷ √${answer.width}` : `× ${factorText(answer.scale)}`);

export const boundTitle = (softcap: number): string => l10n.t('bounded by ±{0}', roughText(softcap));

/** A factor that people can recognise: four figures at most. */
function factorText(factor: number): string {
  return String(Number(factor.toPrecision(4)));
}
