/**
 * Activation patching (Meng et al. 2022 call it causal tracing, Wang et al. 2022 path patching's simplest form): one
 * thing at a time of the clean run is put into the corrupted one, and what of the clean answer comes back is measured.
 */
import type { Answer, Ask, PatchMeasure, TokenPairs } from '../../protocol.ts';
import type { NetworkAttention } from '../architectures/architecture.ts';
import { ProblemError } from '../problemError.ts';
import type { Run } from '../run.ts';
import type { Trace } from '../trace.ts';
import { Contrast } from './contrast.ts';
import { aimed, told } from './effect.ts';
import { logProbabilities } from './next.ts';
import { hookOf, pairAt, pairsUpTo, patchOf, sitesOf } from './patchSites.ts';

/** Each site is run from the block where it differs, in a decoder from the position too. @throws ProblemError `patch.…`, `run.cancelled` between sites */
export async function patch(run: Run, corruptedRun: Run, ask: Ask<'patch'>): Promise<Answer<'patch'>> {
  const contrast = await Contrast.of(run, corruptedRun, ask.position);
  try {
    const [clean, corrupted] = [await contrast.clean.base(), await contrast.corrupted.base()];
    if (Object.values(clean.isOf({ text: corrupted.ids('text'), output: corrupted.ids('output') })).every(Boolean)) throw new ProblemError('patch.same');
    const pairsOf = pairsSeen(contrast, ask.position);
    const all = sitesOf(clean, ask, (attention) => [...pairsOf(attention).clean]);
    const sites = all.slice(ask.from, ask.to);
    const before = contrast.clean.before;
    const aim = aimed(ask, before.order);
    const measured = { clean: measure(before.logits, aim), corrupted: measure(contrast.corrupted.before.logits, aim) };
    const patched: PatchMeasure[] = [];
    for (const site of sites) {
      run.trace.requireHeld();
      corruptedRun.trace.requireHeld();
      const attention = run.trace.model.attention(site.part);
      const hook = hookOf(ask.over, attention, site.layer);
      const pairs = site.kind === 'head' ? pairsOf(attention) : pairAt(pairsOf(attention), site.position);
      const logits = await patchedLogits(clean, corrupted, { hook, pairs, head: site.kind === 'head' ? site.head : null, ahead: !attention.causal && attention.queries === 'text' }, contrast.corruptedPosition);
      patched.push(logits ? measure(logits, aim) : measured.corrupted);
    }
    const candidate = told(run.trace.model, before.logits);
    const byRival = ask.rival !== undefined;
    return {
      total: all.length,
      sites,
      logProbability: Float32Array.from(patched, ({ logProbability }) => logProbability),
      logitDifference: byRival ? Float32Array.from(patched, ({ logitDifference }) => logitDifference ?? NaN) : null,
      restored: Float32Array.from(patched, (one) => restored(one, measured)),
      ...measured,
      target: candidate(aim.target),
      rival: ask.rival === undefined ? null : candidate(ask.rival),
    };
  } catch (thrown) {
    run.trace.requireHeld();
    corruptedRun.trace.requireHeld();
    throw thrown;
  } finally {
    await contrast.release();
  }
}

/** The pairs of a part's queries that the prediction can see. */
function pairsSeen({ pairs, corruptedPosition }: Contrast, position: number): (attention: NetworkAttention) => TokenPairs {
  const upTo = { text: pairsUpTo(pairs.text, position + 1, corruptedPosition + 1), output: pairsUpTo(pairs.output, position + 1, corruptedPosition + 1) };
  return ({ queries, causal }) => (causal || queries === 'output' ? upTo[queries] : pairs[queries]);
}

interface Given {
  readonly hook: string;
  readonly pairs: TokenPairs;
  readonly head: number | null;
  /** Earlier positions look at later ones. */
  readonly ahead: boolean;
}

/** Logits of the corrupted run with something of the clean one, `[vocabulary]`; null where both have the same there. */
async function patchedLogits(clean: Trace, corrupted: Trace, { hook, pairs, head, ahead }: Given, position: number): Promise<Float32Array | null> {
  const patch = patchOf(hook, await clean.get(hook), await corrupted.get(hook), pairs, head);
  if (!patch) return null;
  const trace = corrupted.patched(patch.tensors, ahead ? 0 : patch.from);
  try {
    await trace.run(new AbortController().signal);
    return (await trace.logits([position])).data;
  } finally {
    trace.release();
  }
}

function measure(logits: Float32Array, { target, rival }: { readonly target: number; readonly rival?: number }): PatchMeasure {
  const logitDifference = rival === undefined ? null : (logits[target] ?? NaN) - (logits[rival] ?? NaN);
  return { logProbability: logProbabilities(logits)[target] ?? NaN, logitDifference };
}

function restored(patched: PatchMeasure, { clean, corrupted }: Readonly<Record<'clean' | 'corrupted', PatchMeasure>>): number {
  const of = ({ logitDifference, logProbability }: PatchMeasure): number => logitDifference ?? logProbability;
  return of(clean) === of(corrupted) ? NaN : (of(patched) - of(corrupted)) / (of(clean) - of(corrupted));
}
