/** Decides a check on the real run: what the learner did or found, held against what is measured. */
import { ProblemError } from '../engine/client.ts';
import * as l10n from '@vscode/l10n';
import type { Measured } from '../protocol.ts';
import type { Attempt } from './attempt.ts';
import type { CheckOf, CheckWish } from './blockSchemas.ts';
import type { Decision } from './decision.ts';
import { decideView } from './decideView.ts';
import type { Setting } from './lessonFile.ts';
import type { LabRun, Laboratory } from './laboratory.ts';
import { measure, type Value } from './measure.ts';
import type { Measurement } from './measurement.ts';
import { measurementWords } from './measurementWords.ts';
import { boundsWords, withHead, withToken, within, type HeadPlace } from './narrowed.ts';
import { attentionOf, placeOf, predictingPart } from './resolve.ts';
import { runOf } from './runOf.ts';
import { unitOf, valueText } from './values.ts';

/**
 * @param setting what the step itself is about: guesses are about that, whatever the learner has tried meanwhile
 * @throws ProblemError
 */
export async function decide(check: CheckWish, setting: Setting | null, attempt: Attempt, laboratory: Laboratory): Promise<Decision> {
  switch (check.kind) {
    case 'choice':
      return decideChoice(check, attempt);
    case 'guess':
      return decideGuess(check, setting ?? attempt, attempt, laboratory);
    case 'head':
      return decideHead(check, attempt, laboratory);
    case 'token':
      return decideToken(check, attempt, laboratory);
    case 'text': {
      const value = await measure(check.measure, runOf(attempt), laboratory);
      const { is } = check;
      const wanted = is === undefined ? boundsWords(check) : l10n.t('wanted: {0}', is);
      const same = typeof is === 'string' ? String(value).trim() === is.trim() : value === is;
      return { passed: is === undefined ? within(value, check) : same, measured: [measuredAs(check.measure, value, attempt.model, wanted)] };
    }
    case 'experiment':
      return decideExperiment(check, attempt, laboratory);
    case 'view':
      return decideView(check, attempt, laboratory);
    default:
      return check satisfies never;
  }
}

export function measuredAs(measured: Measurement, value: Value, model: string, wanted: string | null): Measured {
  return { what: measurementWords(measured, model), value: valueText(value, unitOf(measured)), wanted };
}

const optionOf = ({ given }: Attempt): number | null => (given && 'option' in given ? given.option : null);

function decideChoice({ right }: CheckOf<'choice'>, attempt: Attempt): Decision {
  const option = optionOf(attempt);
  if (option === null) return { passed: false, measured: [], missing: l10n.t('Choose an option first.') };
  return { passed: [right].flat().includes(option + 1), measured: [], option };
}

async function decideGuess(check: CheckOf<'guess'>, setting: Setting, attempt: Attempt, laboratory: Laboratory): Promise<Decision> {
  const { given } = attempt;
  if (check.number) {
    if (!given || !('number' in given)) return { passed: false, measured: [], missing: l10n.t('Write down your guess first.') };
    const value = await measure(check.number, runOf(setting), laboratory);
    const guessed = check.unit === '%' ? given.number / 100 : given.number;
    const near = Math.abs(Number(value) - guessed) <= (check.within ?? 0) * (1 + 1e-9);
    return { passed: near, measured: [measuredAs(check.number, value, setting.model, null)] };
  }
  const option = optionOf(attempt);
  if (option === null) return { passed: false, measured: [], missing: l10n.t('Choose an option first.') };
  const values: { measured: Measured; value: number }[] = [];
  for (const each of check.options ?? []) {
    const value = typeof each === 'string' || !each.measure ? NaN : await measure(each.measure, runOf(setting), laboratory);
    if (typeof each !== 'string' && each.measure) values.push({ measured: measuredAs(each.measure, value, setting.model, null), value: Number(value) });
  }
  const all = values.map(({ value }) => value);
  const best = check.right === 'smallest' ? Math.min(...all) : Math.max(...all);
  return { passed: all[option] === best, measured: values.map(({ measured }) => measured), option };
}

/** The heads that are looked at must be one. */
async function decideHead(check: CheckOf<'head'>, attempt: Attempt, laboratory: Laboratory): Promise<Decision> {
  const run = await laboratory.run(runOf(attempt));
  const { layer = 0, heads = [], part = predictingPart(run.info.model) } = attempt.view;
  const [head, ...more] = heads;
  if (head === undefined || more.length > 0) return { passed: false, measured: [], missing: l10n.t('Choose one head first, so that it alone is shown.') };
  const template: Measurement = check.measure ?? { score: check.score ?? 'previous' };
  const own: HeadPlace = { part, layer, head };
  const value = await measure(withHead(template, own), runOf(attempt), laboratory);
  const told = (wanted: string): Measured[] => [measuredAs(withHead(template, own), value, attempt.model, wanted)];
  if (!check.largest) return { passed: within(value, check), measured: told(boundsWords(check)) };
  const { layers, heads: count } = attentionOf(run, part, layer, [head]);
  let largest = -Infinity;
  for (let l = 0; l < layers; l++) for (let h = 0; h < count; h++) largest = Math.max(largest, numberOf(await measure(withHead(template, { part, layer: l, head: h }), runOf(attempt), laboratory)));
  return { passed: value === largest && within(value, check), measured: told(l10n.t('the largest of all heads is wanted')) };
}

async function decideToken(check: CheckOf<'token'>, attempt: Attempt, laboratory: Laboratory): Promise<Decision> {
  const run = await laboratory.run(runOf(attempt));
  const { pinned = null } = attempt.view;
  if (!pinned) return { passed: false, measured: [], missing: l10n.t('Pin a token first.') };
  if (check.token !== undefined) {
    const place = placeOf(check.token, run);
    return { passed: place.sequence === pinned.sequence && place.token === pinned.token, measured: [] };
  }
  const template = check.largest ?? check.smallest;
  if (!template) return { passed: false, measured: [] };
  const values = await valuesOfTokens(template, check.except ?? [], run, attempt, laboratory);
  const numbers = values.map(({ value }) => value);
  const best = check.smallest ? Math.min(...numbers) : Math.max(...numbers);
  const own = values.find(({ token }) => pinned.sequence === 'text' && token === pinned.token);
  const wanted = check.smallest ? l10n.t('the smallest of all tokens is wanted') : l10n.t('the largest of all tokens is wanted');
  return { passed: own?.value === best, measured: own ? [measuredAs(own.measured, own.value, attempt.model, wanted)] : [] };
}

/** The measurement of each token that it can be made of. */
async function valuesOfTokens(template: Measurement, except: readonly string[], run: LabRun, attempt: Attempt, laboratory: Laboratory): Promise<{ token: number; measured: Measurement; value: number }[]> {
  const left = new Set(except.map((written) => placeOf(written, run).token));
  const found: { token: number; measured: Measurement; value: number }[] = [];
  for (const [token, { text }] of run.info.tokens.entries()) {
    if (left.has(token) || !text.trim()) continue;
    const nth = run.info.tokens.slice(0, token + 1).filter((other) => other.text.trim() === text.trim()).length;
    const measured = withToken(template, `text:${text.trim()}#${String(nth)}`);
    try {
      const value = numberOf(await measure(measured, runOf(attempt), laboratory));
      if (!Number.isNaN(value)) found.push({ token, measured, value });
    } catch (thrown) {
      // Of some tokens it cannot be asked: those that come after, or have nothing before them.
      if (!(thrown instanceof ProblemError)) throw thrown;
    }
  }
  return found;
}

async function decideExperiment(check: CheckOf<'experiment'>, attempt: Attempt, laboratory: Laboratory): Promise<Decision> {
  const interventions = (attempt.view.experiments ?? []).flatMap(({ on, intervention }) => (on ? [intervention] : []));
  if (interventions.length === 0) return { passed: false, measured: [], missing: l10n.t('Switch something off first.') };
  const plain = runOf(attempt);
  const before = numberOf(await measure(check.measure, plain, laboratory));
  const after = numberOf(await measure(check.measure, { ...plain, interventions }, laboratory));
  const { only, most = Infinity, falls, rises } = check;
  const allowed = interventions.length <= most && (!only || interventions.every(({ kind }) => only.includes(kind)));
  const fallen = (falls === undefined || before - after >= falls) && (rises === undefined || after - before >= rises);
  const unit = unitOf(check.measure);
  const wanted = falls === undefined && rises === undefined ? boundsWords(check) : falls === undefined ? l10n.t('a rise by at least {0} is wanted', valueText(rises ?? 0, unit)) : l10n.t('a fall by at least {0} is wanted', valueText(falls, unit));
  const limits = allowed ? [] : [{ what: l10n.t('What is switched off'), value: String(interventions.length), wanted: only ? l10n.t('at most {0}, and only: {1}', Number.isFinite(most) ? most : interventions.length, only.join(', ')) : l10n.t('at most {0}', most) }];
  return {
    passed: allowed && fallen && within(after, check),
    measured: [...limits, { ...measuredAs(check.measure, before, attempt.model, null) }, { what: l10n.t('With what is switched off'), value: valueText(after, unit), wanted }],
  };
}

const numberOf = (value: Value): number => (typeof value === 'number' ? value : NaN);
