/** What is found wrong when a lesson is held to the models, as mistakes in its file. */
import * as l10n from '@vscode/l10n';
import { describe } from '../problems.ts';
import type { Finding } from './judge.ts';
import type { Mistake } from './mistakes.ts';

/** Null where nothing is wrong. */
export function findingMistake(finding: Finding): Mistake | null {
  const { range } = finding;
  switch (finding.of) {
    case 'claim':
      return finding.holds ? null : { range, severity: 'error', message: l10n.t('The lesson states {0}, but it is {1}.', finding.stated, finding.measured) };
    case 'answer':
      if (finding.passed === finding.shouldPass) return null;
      return { range, severity: 'error', message: withNumbers(finding.shouldPass ? l10n.t('This check cannot be met by its own answer.') : l10n.t('This answer should fail, but it passes.'), finding.measured) };
    case 'undecided':
      return { range, severity: 'error', message: l10n.t('One option of a guess must be right, and only one.') };
    case 'problem': {
      const { message, help } = describe(finding.problem);
      return { range, severity: 'error', message: `${message} ${help}` };
    }
    default:
      return finding satisfies never;
  }
}

function withNumbers(sentence: string, measured: string): string {
  return measured ? `${sentence} ${measured}.` : sentence;
}
