/** What of a probe's file stays when its page is looked at otherwise. */
import { describe, expect, it } from 'vitest';
import { keptProbe } from '../../../src/probeFiles/keepProbe.ts';
import type { Probe } from '../../../src/protocol.ts';
import { probe } from './probes.ts';

/** The same probe as measured today, by a machine that rounds otherwise. */
const today = (view: Probe['view']): Probe => ({ ...probe, view, model: { ...probe.model, fingerprint: 'f'.repeat(64) }, result: probe.result && { ...probe.result, divergence: 0.5 } });

describe('a probe that is looked at otherwise', () => {
  it.each<Probe['view']>([{ otherText: 'The girl read the' }, { patchOver: 'z' }, { headFilter: 'induction > 0.6', repeatedTokens: true }, { sweepOver: 'tokens', sweepBy: 'mean', sweepMeasure: 'divergence' }])('keeps what was saved, and looks so: %j', (change) => {
    const view = { ...probe.view, ...change };
    expect(keptProbe(probe, today(view))).toEqual({ ...probe, view });
  });

  it('has another result where it asks about another token', () => {
    const other = { ...today(probe.view), aim: { position: 12, target: { id: 914, text: ' cook' }, rival: null } };
    expect(keptProbe(probe, other)).toEqual(other);
  });
});
