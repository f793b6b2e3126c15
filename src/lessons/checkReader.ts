/** The check block of a step: as the learner sees it, and as the host decides it. */
import * as l10n from '@vscode/l10n';
import type { Check, Inline } from '../protocol.ts';
import { check as checkSchema, type CheckWish } from './blockSchemas.ts';
import type { CheckFile } from './lessonFile.ts';
import type { Mistakes, TextRange } from './mistakes.ts';
import { inlineProse, type ProsePlace } from './prose.ts';
import { fitted } from './schemaMistakes.ts';
import type { Known } from './stepReader.ts';
import type { YamlBlock } from './yamlBlock.ts';

/** Null where the block does not say a check; `mistakes` then says why. */
export function readCheck(block: YamlBlock, place: (range: TextRange) => ProsePlace, mistakes: Mistakes, known: Known): { page: Check; file: CheckFile; wish: CheckWish } | null {
  const wish = fitted(checkSchema, block, mistakes);
  if (!wish) return null;
  const missing = missingBetween(wish);
  if (missing) mistakes.add(block.rangeOf(['kind']), missing);
  if (wish.kind === 'view' && wish.model !== undefined && !known.models.includes(wish.model)) mistakes.add(block.rangeOf(['model']), l10n.t('There is no model {0}. There are {1}.', wish.model, known.models.join(', ')));
  const inline = (written: string, path: readonly (string | number)[]): Inline[] => inlineProse(written, place(block.rangeOf(path)));
  const task = wish.task === undefined ? [] : inline(wish.task, ['task']);
  const hints = wish.hint === undefined ? [] : typeof wish.hint === 'string' ? [inline(wish.hint, ['hint'])] : wish.hint.map((hint, at) => inline(hint, ['hint', at]));
  const options = 'options' in wish ? wish.options : [];
  const texts = options.map((option, at) => inline(typeof option === 'string' ? option : option.text, typeof option === 'string' ? ['options', at] : ['options', at, 'text']));
  const optionHints = options.map((option, at) => (typeof option === 'string' || option.hint === undefined ? null : inline(option.hint, ['options', at, 'hint'])));
  return { page: pageCheck(wish, task, texts), file: { wish, block, hints, optionHints }, wish };
}

function pageCheck(wish: CheckWish, task: readonly Inline[], options: readonly (readonly Inline[])[]): Check {
  if (wish.kind === 'choice') return { kind: 'choice', task, options };
  if (wish.kind === 'guess') return wish.options ? { kind: 'guess', task, options } : { kind: 'guessNumber', task, unit: wish.unit ?? '' };
  return { kind: wish.kind, task };
}

/** What a check lacks although each of its keys is right. */
function missingBetween(wish: CheckWish): string | null {
  const bound = (...keys: readonly string[]): boolean => keys.some((key) => key in wish);
  switch (wish.kind) {
    case 'choice': {
      const right = [wish.right].flat();
      return right.some((place) => place > wish.options.length) || right.length === wish.options.length ? l10n.t('“right” counts the options from 1, and some option is wrong.') : null;
    }
    case 'guess':
      if (wish.options) return wish.right && wish.options.every((option) => typeof option !== 'string' && option.measure) ? null : l10n.t('Each option of a guess has a measurement (measure), and “right” says whether the largest or the smallest is right.');
      return wish.number && wish.within !== undefined && wish.answer !== undefined && wish.wrong !== undefined ? null : l10n.t('A guess has options, or a number with within, answer and wrong.');
    case 'head':
      return (wish.score === undefined) !== (wish.measure === undefined) && bound('above', 'below', 'largest') ? null : l10n.t('A head is chosen by its score, or a measurement (measure), that is above or below a number, or the largest.');
    case 'token':
      return [wish.token, wish.largest, wish.smallest].filter((one) => one !== undefined).length === 1 && (wish.token !== undefined || wish.answer !== undefined) ? null : l10n.t('A token is named (token), or has the largest or the smallest of a measurement, with an answer.');
    case 'text':
      return bound('above', 'below', 'is') ? null : l10n.t('A measurement must be above or below a number, or be something (is).');
    case 'experiment':
      return bound('falls', 'rises', 'above', 'below') ? null : l10n.t('A measurement must fall or rise by a number, or be above or below one.');
    case 'view':
      return wish.view || wish.model !== undefined || wish.measure ? null : l10n.t('A view is wanted: by its keys (view), a model, or a measurement.');
    default:
      return wish satisfies never;
  }
}
