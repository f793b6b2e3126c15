/** Holds a lesson to the real models: what it shows and points at is there, what it states is measured, and its checks can be passed and failed. */
import { ProblemError } from '../engine/client.ts';
import type { Problem } from '../protocol.ts';
import { decide } from './decide.ts';
import type { Claim, LessonFile, Setting, StepFile } from './lessonFile.ts';
import type { Laboratory, LabRun } from './laboratory.ts';
import { measure, type Value } from './measure.ts';
import type { TextRange } from './mistakes.ts';
import { referencesOf } from './referenceAnswers.ts';
import { attentionOf } from './resolve.ts';
import { runOf } from './runOf.ts';
import { viewOfStep } from './shownView.ts';
import { holds } from './stated.ts';
import { findToken } from './tokenRef.ts';
import { outcomeOf } from './outcomes.ts';
import type { Path, YamlBlock } from './yamlBlock.ts';

export type Finding = { readonly step: string; readonly range: TextRange } & (
  | { readonly of: 'claim'; readonly id: string; readonly stated: string; readonly measured: Value; readonly holds: boolean }
  /** An answer of the file's own: one that should pass, or one that should fail. */
  | { readonly of: 'answer'; readonly path: Path; readonly shouldPass: boolean; readonly passed: boolean; readonly measured: string }
  /** A guess of which no option, or every one, is right. */
  | { readonly of: 'undecided' }
  | { readonly of: 'problem'; readonly problem: Problem }
);

/** Finds one thing after another; who listens may stop at any. */
export async function* judge({ steps }: LessonFile, laboratory: Laboratory): AsyncGenerator<Finding> {
  for (const step of steps) {
    if (step.setting) yield* judgeShow(step, step.setting, laboratory);
    for (const claim of step.claims) yield* judgeClaim(step, claim, laboratory);
    yield* judgeCheck(step, laboratory);
  }
}

async function* judgeShow(step: StepFile, setting: Setting, laboratory: Laboratory): AsyncGenerator<Finding> {
  const { show, mentions, id } = step;
  const opened = await outcomeOf(laboratory.run(runOf(setting)));
  if (!opened.ok) {
    yield { step: id, of: 'problem', problem: opened.problem, range: show?.block.rangeOf(['model']) ?? step.range };
    return;
  }
  const run = opened.value;
  if (show) {
    const viewed = await outcomeOf(viewOfStep(show.wish, run));
    if (!viewed.ok) yield { step: id, of: 'problem', problem: viewed.problem, range: show.block.rangeOf(pathOf(viewed.problem, show.wish)) };
  }
  for (const mention of mentions) {
    const pointed = mention.of === 'token' || mention.of === 'head' ? await outcomeOf(pointAt(mention, step, run)) : null;
    if (pointed && !pointed.ok) yield { step: id, of: 'problem', problem: pointed.problem, range: mention.range };
  }
}

/** @throws ProblemError where the prose points at what the run has not */
function pointAt(mention: Extract<StepFile['mentions'][number], { of: 'token' | 'head' }>, { seen }: StepFile, run: LabRun): Promise<void> {
  return new Promise((resolve) => {
    const { info, output } = run;
    if (mention.of === 'head') attentionOf(run, seen?.part ?? info.model.attentions.at(-1)?.part, mention.layer, mention.head === null ? [] : [mention.head]);
    else if (!(findToken(mention.token, { text: info.tokens, output }, 'text') ?? findToken(mention.token, { text: info.tokens, output }, 'output'))) throw new ProblemError('lesson.noToken', { token: mention.token, name: info.model.name });
    resolve();
  });
}

async function* judgeClaim(step: StepFile, { id, measurement, block, path, stated }: Claim, laboratory: Laboratory): AsyncGenerator<Finding> {
  const setting = step.setting ?? { model: '', text: '' };
  const measured = await outcomeOf(measure(measurement, runOf(setting), laboratory));
  if (!measured.ok) {
    yield { step: step.id, of: 'problem', problem: measured.problem, range: block.rangeOf([...path, ...pathOf(measured.problem, measurement)]) };
    return;
  }
  for (const { text, range } of stated) yield { step: step.id, of: 'claim', id, stated: text, measured: measured.value, holds: holds(text, measured.value), range };
}

async function* judgeCheck(step: StepFile, laboratory: Laboratory): AsyncGenerator<Finding> {
  const { check, id } = step;
  if (!check) return;
  const { wish, block } = check;
  const setting = step.setting ?? { model: '', text: '' };
  for (const { path, passes, attempt } of referencesOf(wish, setting)) {
    const decided = await outcomeOf(attempt(laboratory).then((made) => decide(wish, setting, made, laboratory)));
    const range = block.rangeOf(path);
    if (decided.ok) yield { step: id, of: 'answer', path, shouldPass: passes, passed: decided.value.passed, measured: decided.value.measured.map(({ what, value }) => `${what}: ${value}`).join('; '), range };
    else yield { step: id, of: 'problem', problem: decided.problem, range: block.rangeOf(pathIn(decided.problem, wish, path, block)) };
  }
  if (wish.kind === 'guess' && wish.options) {
    const passed: boolean[] = [];
    for (const option of wish.options.keys()) {
      const decided = await outcomeOf(decide(wish, setting, { ...setting, given: { option }, view: {} }, laboratory));
      if (!decided.ok) {
        yield { step: id, of: 'problem', problem: decided.problem, range: block.rangeOf(pathIn(decided.problem, wish, ['options', option], block)) };
        return;
      }
      passed.push(decided.value.passed);
    }
    if (passed.filter(Boolean).length !== 1) yield { step: id, of: 'undecided', range: block.rangeOf(['options']) };
  }
}

/** Where in a value stands what a problem is about: the token it names; else a key that says a layer or a head. */
function pathOf({ code, facts }: Problem, value: unknown): Path {
  const wanted = code === 'lesson.noToken' || code === 'lesson.notOneToken' ? facts['token'] : undefined;
  return (wanted === undefined ? null : pathTo(value, (found) => String(found) === wanted)) ?? (code === 'head.beyond' ? (pathToKey(value, facts['place']?.includes('.') ? 'head' : 'layer') ?? pathToKey(value, 'heads') ?? pathToKey(value, 'layer')) : null) ?? (code.startsWith('model.') ? pathToKey(value, 'model') : null) ?? [];
}

/** The same of a check: what is in its answer is looked for there first. */
function pathIn(problem: Problem, wish: object, answer: Path, block: YamlBlock): Path {
  const own = answer.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === String(key))?.[1] : undefined), block.value);
  const inAnswer = pathOf(problem, own);
  if (inAnswer.length > 0 || String(own) === problem.facts['token']) return [...answer, ...inAnswer];
  const anywhere = pathOf(problem, wish);
  return anywhere.length > 0 ? anywhere : answer;
}

function pathTo(value: unknown, fits: (found: string | number) => boolean): Path | null {
  if (typeof value === 'string' || typeof value === 'number') return fits(value) ? [] : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const path = pathTo(inner, fits);
    if (path) return [Array.isArray(value) ? Number(key) : key, ...path];
  }
  return null;
}

function pathToKey(value: unknown, wanted: string): Path | null {
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    if (key === wanted && !Array.isArray(value)) return [key];
    const path = pathToKey(inner, wanted);
    if (path) return [Array.isArray(value) ? Number(key) : key, ...path];
  }
  return null;
}
