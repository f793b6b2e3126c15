/** Decides whether the learner has brought about a view. */
import * as l10n from '@vscode/l10n';
import type { Measured } from '../protocol.ts';
import type { Attempt } from './attempt.ts';
import type { Bounds, CheckOf } from './blockSchemas.ts';
import { settingWords } from './settingWords.ts';
import type { Decision } from './decision.ts';
import type { LabRun, Laboratory } from './laboratory.ts';
import { measure } from './measure.ts';
import { measurementWords } from './measurementWords.ts';
import { boundsWords, within } from './narrowed.ts';
import { placeOf, vocabularyId } from './resolve.ts';
import { unitOf, valueText } from './values.ts';

/** @throws ProblemError */
export async function decideView(check: CheckOf<'view'>, attempt: Attempt, laboratory: Laboratory): Promise<Decision> {
  const where = { model: attempt.model, text: attempt.text, ...(attempt.target === undefined ? {} : { target: attempt.target }) };
  if (check.model !== undefined && check.model !== attempt.model) return { passed: false, measured: [{ what: l10n.t('Model'), value: attempt.model, wanted: l10n.t('wanted: {0}', check.model) }] };
  const run = await laboratory.run(where);
  const missing = check.view ? await differences(check.view, attempt, run) : [];
  const value = check.measure && (await measure(check.measure, where, laboratory));
  const measured: Measured[] = check.measure && value !== undefined ? [{ what: measurementWords(check.measure, attempt.model), value: valueText(value, unitOf(check.measure)), wanted: boundsWords(check) }] : [];
  return { passed: missing.length === 0 && (value === undefined || within(value, check)), measured: [...missing, ...measured] };
}

/** What of the view is not as it is wanted. */
async function differences(wanted: NonNullable<CheckOf<'view'>['view']>, { view }: Attempt, run: LabRun): Promise<Measured[]> {
  const found: Measured[] = [];
  const { pin, aim, rival, sampling, layer, percent, heads, ...plain } = wanted;
  const expect = (what: string, holds: boolean, value: unknown, wish: unknown): void => {
    if (!holds) found.push({ what, value: shownAs(value), wanted: typeof wish === 'object' && wish !== null && !Array.isArray(wish) ? boundsWords(wish) : l10n.t('wanted: {0}', shownAs(wish)) });
  };
  for (const [key, wish] of Object.entries(plain)) {
    const own = Object.entries(view).find(([name]) => name === key)?.[1];
    expect(settingWords(key), own === wish, own, wish);
  }
  if (layer !== undefined) expect(settingWords('layer'), keeps(view.layer, layer), view.layer, layer);
  if (percent !== undefined) expect(settingWords('percent'), keeps(view.percent, percent), view.percent, percent);
  if (heads !== undefined) expect(settingWords('heads'), view.heads?.join() === heads.join(), view.heads ?? [], heads);
  const samplingNow: [string, number][] = Object.entries({ ...view.sampling });
  for (const [key, wish] of Object.entries(sampling ?? {})) {
    const own = samplingNow.find(([name]) => name === key)?.[1];
    expect(settingWords(key), keeps(own, wish), own, wish);
  }
  if (pin !== undefined) {
    const place = placeOf(pin, run);
    expect(l10n.t('Pinned token'), view.pinned?.sequence === place.sequence && view.pinned.token === place.token, view.pinned?.token, pin);
  }
  if (aim !== undefined) expect(l10n.t('Target token'), view.target === (await vocabularyId(aim, run)), view.target, aim);
  if (rival !== undefined) expect(l10n.t('Rival token'), view.rival === (await vocabularyId(rival, run)), view.rival, rival);
  return found;
}

function keeps(own: number | undefined, wish: number | Bounds): boolean {
  return typeof wish === 'number' ? own === wish : own !== undefined && within(own, wish);
}

function shownAs(value: unknown): string {
  return value === undefined || value === null ? l10n.t('nothing') : Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : JSON.stringify(value);
}
