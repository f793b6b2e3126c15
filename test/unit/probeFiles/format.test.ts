/** Probe files: what is written is read back, and whatever else comes is refused with one sentence. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describe as sentence } from '../../../src/problems.ts';
import { LARGEST_PROBE, parseProbe } from '../../../src/probeFiles/parseProbe.ts';
import { probeText } from '../../../src/probeFiles/writeProbe.ts';
import type { Probe } from '../../../src/protocol.ts';
import { plain, probe } from './probes.ts';

const parsed = (text: string): Probe => {
  const outcome = parseProbe(text);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
  return outcome.value;
};
const codeOf = (text: string): string => {
  const outcome = parseProbe(text);
  return outcome.ok ? 'ok' : outcome.problem.code;
};
/** The file of a probe with something else in it. */
const changed = (change: (raw: Raw) => unknown): string => JSON.stringify(change(JSON.parse(probeText(probe)) as Raw));

interface Raw {
  readonly model: object;
  readonly experiments: readonly unknown[];
}

describe('a probe file', () => {
  it.each([['with everything', probe], ['with little', plain]])('%s is read back as it was', (_, one) => {
    expect(parsed(probeText(one))).toEqual(one);
    expect(probeText(parsed(probeText(one)))).toBe(probeText(one));
  });

  it('keeps two texts, what was put in, a filter of heads and what a sweep was set to', () => {
    const view = { picture: 'patching', otherText: '从前有一只小狗。👨‍👩‍👧', patchOver: 'attn_out', headFilter: 'induction > 0.6', repeatedTokens: true, gridSort: 'induction', sweepOver: 'parts', sweepBy: 'mean', sweepMeasure: 'divergence' } as const;
    expect(parsed(probeText({ ...probe, view })).view).toEqual(view);
  });

  it('names what is too long of it', () => {
    const outcome = parseProbe(probeText({ ...probe, view: { otherText: 'x'.repeat(2 ** 20) } }));
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'probe.malformed', facts: { place: 'view.otherText' } } });
  });

  it('reads well', () => {
    expect(probeText(probe)).toMatchInlineSnapshot(`
      "{
        "$schema": "headlight:/probe.schema.json",
        "headlightProbe": 1,
        "model": {
          "name": "storyteller",
          "kind": "decoder",
          "precision": "float32",
          "fingerprint": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        },
        "text": "The teacher taught the student with the book.\\nThe student read the",
        "language": ">>fra<<",
        "windowStart": 3,
        "experiments": [
          { "on": true, "intervention": { "kind": "head", "part": "decoder", "layer": 3, "head": 1, "by": "mean" } },
          {
            "name": "without “with”",
            "on": false,
            "intervention": {
              "kind": "link",
              "part": "decoder",
              "layer": 2,
              "heads": [0, 5],
              "query": 7,
              "key": 2,
              "renormalise": true
            }
          }
        ],
        "aim": { "position": 12, "target": { "text": " book", "id": 913 }, "rival": { "text": " 本", "id": 77 } },
        "view": {
          "layer": 2,
          "heads": [3],
          "picture": "map",
          "pinned": { "sequence": "text", "token": 12 },
          "sampling": { "minP": 0, "temperature": 0.7, "topK": 40, "topP": 0.9 }
        },
        "result": {
          "target": { "text": " book", "id": 913, "before": -1.2346, "after": -3.4568 },
          "rival": { "text": " 本", "id": 77, "before": -9.1, "after": -8.25 },
          "divergence": 0.4321,
          "before": [{ "text": " book", "logProbability": -1.2346 }, { "text": " ball", "logProbability": -2 }],
          "after": [{ "text": " ball", "logProbability": -1.5 }]
        }
      }
      "
    `);
  });

  it('changes in one line when one thing changes', () => {
    const other: Probe = { ...probe, experiments: probe.experiments.map((one, i) => (i === 0 ? { ...one, on: false } : one)) };
    const [before, after] = [probeText(probe).split('\n'), probeText(other).split('\n')];
    expect(after.filter((line, i) => line !== before[i])).toHaveLength(1);
  });

  it('is the same in whatever order its entries came', () => {
    const reversed = (value: unknown): unknown => {
      if (typeof value !== 'object' || value === null) return value;
      if (Array.isArray(value)) return value.map(reversed);
      return Object.fromEntries(Object.entries(value).reverse().map(([key, inner]) => [key, reversed(inner)]));
    };
    expect(probeText(parsed(JSON.stringify(reversed(JSON.parse(probeText(probe))))))).toBe(probeText(probe));
  });

  it('holds any text', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }), (text) => {
        expect(parsed(probeText({ ...plain, text })).text).toBe(text);
      }),
    );
  });
});

describe('a file that is no probe', () => {
  const whole = probeText(probe);
  it.each([
    ['nothing', '', 'probe.notJson'],
    ['half of one', whole.slice(0, whole.length / 2), 'probe.notJson'],
    ['a list', '[]', 'probe.other'],
    ['another object', '{"a": 1}', 'probe.other'],
    ['null', 'null', 'probe.other'],
    ['a newer version', changed((raw) => ({ ...raw, headlightProbe: 2, future: true })), 'probe.newer'],
    ['a version that never was', changed((raw) => ({ ...raw, headlightProbe: 0 })), 'probe.malformed'],
    ['no text', changed((raw) => ({ ...raw, text: undefined })), 'probe.malformed'],
    ['an unknown entry', changed((raw) => ({ ...raw, script: 'x' })), 'probe.unknownEntry'],
    ['an unknown entry deep inside', changed((raw) => ({ ...raw, view: { pinned: { sequence: 'text', token: 1, more: 1 } } })), 'probe.unknownEntry'],
    ['an unknown setting', changed((raw) => ({ ...raw, view: { zoom: 3 } })), 'probe.unknownEntry'],
    ['an unknown picture', changed((raw) => ({ ...raw, view: { picture: 'hologram' } })), 'probe.malformed'],
    ['a token before the first', changed((raw) => ({ ...raw, aim: { position: -1, target: null, rival: null } })), 'probe.malformed'],
    ['half a token', changed((raw) => ({ ...raw, aim: { position: 0.5, target: null, rival: null } })), 'probe.malformed'],
    ['no number', whole.replace('-1.2346', '1e999'), 'probe.malformed'],
    ['a fingerprint that is a path', changed((raw) => ({ ...raw, model: { name: 'm', kind: 'decoder', precision: 'float32', fingerprint: '../../etc/passwd' } })), 'probe.malformed'],
    ['a model with a place', changed((raw) => ({ ...raw, model: { ...raw.model, location: '/' } })), 'probe.unknownEntry'],
    ['a text of a megabyte', changed((raw) => ({ ...raw, text: 'x'.repeat(2 ** 20) })), 'probe.malformed'],
    ['another text of a megabyte', changed((raw) => ({ ...raw, view: { otherText: 'x'.repeat(2 ** 20) } })), 'probe.malformed'],
    ['a filter of a megabyte', changed((raw) => ({ ...raw, view: { headFilter: 'x'.repeat(2 ** 20) } })), 'probe.malformed'],
    ['a name of a megabyte', changed((raw) => ({ ...raw, language: 'x'.repeat(2 ** 20) })), 'probe.malformed'],
    ['more than 4 MB', `${whole}${' '.repeat(LARGEST_PROBE)}`, 'probe.tooLarge'],
    ['too many experiments', changed((raw) => ({ ...raw, experiments: Array.from({ length: 2001 }, () => raw.experiments[0]) })), 'probe.malformed'],
    ['a key of JavaScript', whole.replace('"layer": 2', '"__proto__": {"polluted": true}, "layer": 2'), 'probe.unknownEntry'],
    ['another key of JavaScript', whole.replace('"layer": 2', '"constructor": {"prototype": 1}, "layer": 2'), 'probe.unknownEntry'],
    ['a deep nest', `{"headlightProbe": 1, "view": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'probe.unknownEntry'],
  ])('%s is refused', (_, text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  it('pollutes nothing', () => {
    parseProbe('{"headlightProbe": 1, "__proto__": {"polluted": true}}');
    expect('polluted' in {}).toBe(false);
  });

  it('is told of in a short sentence, wherever it was damaged', () => {
    // No question marks of its own: one in a sentence stands for a fact that is missing.
    const anything = fc.string({ maxLength: 300 }).map((put) => put.replaceAll('?', '!'));
    const damaged = fc.tuple(fc.nat(whole.length), fc.nat(40), anything).map(([at, cut, put]) => whole.slice(0, at) + put + whole.slice(at + cut));
    fc.assert(
      fc.property(damaged, (text) => {
        const outcome = parseProbe(text);
        if (outcome.ok) return;
        const { message, help } = sentence(outcome.problem);
        expect(message.length).toBeLessThan(400);
        expect(message).not.toContain('?"');
        expect(help).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });

  it('is refused whatever else it says', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (json) => {
        expect(codeOf(json)).not.toBe('ok');
        expect(['probe.malformed', 'probe.unknownEntry']).toContain(codeOf(`{"headlightProbe": 1, "text": ${json}}`));
      }),
    );
  });
});
