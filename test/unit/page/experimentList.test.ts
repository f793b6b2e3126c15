/** The list of experiments: what is added, and that every step can be taken back. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttentionPart, Experiment, Intervention, ModelInfo, Replacement } from '../../../src/protocol.ts';
import { added, addedTogether, changed, fitting, headsOff, interventionsOf, isOn, removed, renamed, replacedBy, type Experiments } from '../../../webview/experimentList.ts';
import { noHistory, redone, stepped, undone, type History } from '../../../webview/history.ts';
import { model } from './fakePage.ts';

const head = (layer: number, at: number, by: Replacement = 'zero', part: AttentionPart = 'decoder'): Intervention => ({ kind: 'head', part, layer, head: at, by });
const link = (renormalise: boolean): Intervention => ({ kind: 'link', part: 'decoder', layer: 0, heads: [1], query: 3, key: 1, renormalise });
const token = (at: number): Intervention => ({ kind: 'token', token: at });
const on = (intervention: Intervention, name: string | null = null): Experiment => ({ name, on: true, intervention });

describe('adding', () => {
  it('puts what is new at the end, switched off at once', () => {
    expect(added([on(head(0, 1))], token(2))).toEqual([on(head(0, 1)), on(token(2))]);
  });

  it('switches over what is there already, whatever stands in its place', () => {
    const list: Experiments = [on(head(0, 1, 'mean'), 'mine')];
    const once = added(list, head(0, 1));
    expect(once).toEqual([{ ...list[0], on: false }]);
    expect(added(once, head(0, 1))).toEqual(list);
  });

  it('cuts a link in the other way where it is cut in one', () => {
    const list = added(added([], link(true)), link(false));
    expect(list).toEqual([on(link(false))]);
    expect(added(list, link(false))).toEqual([{ ...on(link(false)), on: false }]);
  });

  it('of several brings on what is missing, and off where all are on', () => {
    const all = addedTogether([on(head(0, 1)), { ...on(head(0, 2)), on: false }], [head(0, 1), head(0, 2), head(0, 0)]);
    expect(all.map(({ on: is }) => is)).toEqual([true, true, true]);
    expect(interventionsOf(addedTogether(all, [head(0, 1), head(0, 2), head(0, 0)]))).toEqual([]);
    expect(isOn(all, head(0, 2, 'mean'))).toBe(true);
  });
});

describe('an entry', () => {
  const list: Experiments = [on(head(1, 2)), on(token(4))];
  it('is renamed, and has its own name again when that is empty', () => {
    expect(renamed(list, 0, '  my head ')[0]?.name).toBe('my head');
    expect(renamed(renamed(list, 0, 'x'), 0, ' ')).toEqual(list);
  });
  it('is replaced by its mean where it can be', () => {
    expect(replacedBy(list, 0, 'mean')[0]?.intervention).toMatchObject({ by: 'mean' });
    expect(replacedBy(list, 1, 'mean')).toBe(list);
  });
  it('is taken out', () => {
    expect(removed(list, 0)).toEqual([list[1]]);
  });
});

describe('another model or text', () => {
  const small: ModelInfo = model;
  const list: Experiments = [on(head(1, 2)), on(head(1, 3)), on(head(2, 0)), on({ kind: 'attention', part: 'encoder', layer: 0, by: 'zero' }), on(token(3)), on(token(9)), on(link(true)), on({ kind: 'positions', by: 'zero' })];
  it('leaves what the model has, and of the same text what it is long enough for', () => {
    expect(fitting(list, small, 5, true).map(({ intervention }) => intervention)).toEqual([head(1, 2), token(3), link(true), { kind: 'positions', by: 'zero' }]);
  });
  it('of another text leaves nothing that names tokens', () => {
    expect(fitting(list, small, 50, false).map(({ intervention }) => intervention)).toEqual([head(1, 2), { kind: 'positions', by: 'zero' }]);
  });
  it('is the very same list where all fit', () => {
    const all: Experiments = [on(head(1, 2)), on(token(3))];
    expect(fitting(all, small, 5, true)).toBe(all);
  });
  it('of an exported model leaves nothing', () => {
    expect(fitting(list, { ...small, door: 'onnx' }, 50, true)).toEqual([]);
  });
});

describe('heads that are off', () => {
  it('are those of the part, alone or with the whole layer', () => {
    const off = headsOff([head(0, 1), { kind: 'attention', part: 'decoder', layer: 1, by: 'mean' }, head(0, 2, 'zero', 'cross')], 'decoder', 3);
    expect([off(0, 0), off(0, 1), off(0, 2), off(1, 0), off(1, 2)]).toEqual([false, true, false, true, true]);
  });
});

describe('undoing', () => {
  const step = fc.oneof(
    fc.record({ layer: fc.nat(2), at: fc.nat(2) }).map(({ layer, at }) => (list: Experiments) => added(list, head(layer, at))),
    fc.nat(3).map((at) => (list: Experiments) => added(list, token(at))),
    fc.boolean().map((renormalise) => (list: Experiments) => added(list, link(renormalise))),
    fc.nat(4).map((at) => (list: Experiments) => removed(list, at)),
    fc.record({ at: fc.nat(4), name: fc.string() }).map(({ at, name }) => (list: Experiments) => renamed(list, at, name)),
    fc.record({ at: fc.nat(4), is: fc.boolean() }).map(({ at, is }) => (list: Experiments) => changed(list, at, { on: is })),
    fc.nat(4).map((at) => (list: Experiments) => replacedBy(list, at, 'mean')),
    fc.constant((): Experiments => []),
  );

  it('after any steps leads back to the beginning, and doing again to the end', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
        const first: Experiments = [on(head(0, 0), 'first')];
        let now = first;
        let history: History<Experiments> = noHistory;
        const seen: Experiments[] = [first];
        for (const make of steps) {
          history = stepped(history, now);
          now = make(now);
          seen.push(now);
        }
        const last = now;
        for (let at = seen.length - 2; at >= 0; at--) {
          const back = undone(history, now);
          expect(back?.now).toEqual(seen[at]);
          if (back) ({ history, now } = back);
        }
        expect(now).toEqual(first);
        expect(undone(history, now)).toBeNull();
        for (let next = redone(history, now); next; next = redone(history, now)) ({ history, now } = next);
        expect(now).toEqual(last);
      }),
    );
  });

  it('and then doing something else forgets what was undone', () => {
    const back = undone(stepped<number>(noHistory, 1), 2);
    expect(back).toEqual({ now: 1, history: { past: [], future: [2] } });
    expect(stepped(back?.history ?? noHistory, 1)).toEqual({ past: [1], future: [] });
  });
});
