/** The answers that a check's own file gives: those that must pass, and those that must fail. */
import type { Attempt } from './attempt.ts';
import type { CheckOf, CheckWish, GivenView } from './blockSchemas.ts';
import type { Setting } from './lessonFile.ts';
import type { Laboratory, LabRun } from './laboratory.ts';
import { runOf } from './runOf.ts';
import { placeOf, predictingPart } from './resolve.ts';
import { experimentsOf, shownView } from './shownView.ts';
import type { Path } from './yamlBlock.ts';

export interface Reference {
  readonly passes: boolean;
  /** Where the block says it. */
  readonly path: Path;
  /** @throws ProblemError */
  attempt(laboratory: Laboratory): Promise<Attempt>;
}

/** @param setting what the step is about; a choice needs none */
export function referencesOf(check: CheckWish, setting: Setting): Reference[] {
  const given = (passes: boolean, path: Path, made: Attempt): Reference => ({ passes, path, attempt: () => Promise.resolve(made) });
  const onRun = (passes: boolean, path: Path, make: (run: LabRun) => Attempt['view'] | Promise<Attempt['view']>): Reference => ({
    passes,
    path,
    attempt: async (laboratory) => ({ ...setting, given: null, view: await make(await laboratory.run(runOf(setting))) }),
  });
  switch (check.kind) {
    case 'choice':
      return check.options.map((_, option) => given([check.right].flat().includes(option + 1), ['options', option], { ...setting, given: { option }, view: {} }));
    case 'guess':
      return guesses(check, setting, given);
    case 'head':
      return both(check.answer, check.wrong, (place, passes, path) => onRun(passes, path, (run) => ({ part: place.part ?? predictingPart(run.info.model), layer: place.layer, heads: [place.head] })));
    case 'token':
      return both(check.answer ?? check.token ?? '', check.wrong, (written, passes, path) => onRun(passes, path, (run) => ({ pinned: placeOf(written, run) })), check.answer === undefined ? ['token'] : ['answer']);
    case 'text':
      return both(check.answer, check.wrong, (text, passes, path) => given(passes, path, { ...setting, text, given: null, view: {} }));
    case 'experiment':
      return [
        onRun(true, ['answer'], (run) => ({ experiments: experimentsOf(check.answer, run) })),
        ...listsOf(check.wrong).map((wrong, at) => onRun(false, ['wrong', ...(listsOf(check.wrong).length > 1 ? [at] : [])], (run) => ({ experiments: experimentsOf(wrong, run) }))),
      ];
    case 'view':
      return views(check, setting);
    default:
      return check satisfies never;
  }
}

/** Options of a guess are right or wrong by what is measured: the file cannot say which, but that not all are right. */
function guesses(check: CheckOf<'guess'>, setting: Setting, given: (passes: boolean, path: Path, made: Attempt) => Reference): Reference[] {
  if (check.answer === undefined || check.wrong === undefined) return [];
  return both(check.answer, check.wrong, (number, passes, path) => given(passes, path, { ...setting, given: { number }, view: {} }));
}

function views(check: CheckOf<'view'>, setting: Setting): Reference[] {
  const answer: GivenView = check.answer ?? { ...exactOf(check.view ?? {}), ...(check.model === undefined ? {} : { model: check.model }) };
  return both(answer, check.wrong, (view, passes, path) => ({
    passes,
    path,
    attempt: async (laboratory) => {
      const other: Setting = view.model === undefined || view.model === setting.model ? setting : { model: view.model, text: setting.text };
      return { ...other, given: null, view: await shownView(view, await laboratory.run(runOf(other))) };
    },
  }), check.answer ? ['answer'] : ['view']);
}

/** What is wanted exactly; bounds say no one value, so an answer of its own is needed there. */
function exactOf({ layer, percent, sampling, ...rest }: NonNullable<CheckOf<'view'>['view']>): GivenView {
  const numbers = Object.entries(sampling ?? {}).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  return { ...rest, ...(typeof layer === 'number' ? { layer } : {}), ...(typeof percent === 'number' ? { percent } : {}), ...(sampling ? { sampling: Object.fromEntries(numbers) } : {}) };
}

function both<T>(answer: T, wrong: T | readonly T[], make: (one: T, passes: boolean, path: Path) => Reference, answerPath: Path = ['answer']): Reference[] {
  return [make(answer, true, answerPath), ...(isList(wrong) ? wrong.map((one, at) => make(one, false, ['wrong', at])) : [make(wrong, false, ['wrong'])])];
}

const isList = <T>(value: T | readonly T[]): value is readonly T[] => Array.isArray(value);

/** One list of things to switch off, or several of them. */
function listsOf(wrong: CheckOf<'experiment'>['wrong']): readonly CheckOf<'experiment'>['answer'][] {
  const [first] = wrong;
  return Array.isArray(first) ? wrong.filter((one): one is CheckOf<'experiment'>['answer'] => Array.isArray(one)) : [wrong.filter((one): one is CheckOf<'experiment'>['answer'][number] => !Array.isArray(one))];
}
