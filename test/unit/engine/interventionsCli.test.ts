/** The built command line: what is switched off, what matters, and one sentence for what cannot be. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { headlight, json } from '../../support/commandLine.ts';
import { root } from '../../support/engine.ts';

const GIVEN = ['-m', join(root, 'test/fixtures/gpt2-basic'), '--ids', '5,17,42,5,90'] as const;

describe('headlight ablate', () => {
  it('shows the prediction before and after, with all that is switched off together', async () => {
    const off = ['--off', 'head:1.2', '--off', 'link:0.1+3:4>2', '--off', 'token:1', '--off', 'positions'] as const;
    const answer = await json('ablate', ...GIVEN, ...off, '--mean', '--no-renormalize');
    expect(answer['interventions']).toEqual([
      { kind: 'head', part: 'decoder', layer: 1, head: 2, by: 'mean' },
      { kind: 'link', part: 'decoder', layer: 0, heads: [1, 3], query: 4, key: 2, renormalise: false },
      { kind: 'token', token: 1 },
      { kind: 'positions', by: 'mean' },
    ]);
    const { stdout, code } = await headlight('ablate', ...GIVEN, ...off, '--mean', '--no-renormalize', '-k', '3');
    expect(code).toBe(0);
    expect(stdout).toContain('without head:1.2, link:0.1+3:4>2, token:1, positions (mean over the text instead)');
    expect(stdout).toContain(`divergence ${Number(answer['divergence']).toFixed(4)} bits`);
  });

  it.each([
    ['bogus', '"bogus" does not say what to switch off.'],
    ['head:3', '"head:3" does not say what to switch off.'],
    ['neuron:1.2+3', '"neuron:1.2+3" does not say what to switch off.'],
    ['head:0.9', 'There is nothing to switch off at head:0.9: 9 is beyond the last one, 3.'],
    ['attn:cross.0', 'has no cross attention.'],
  ])('says of %s in one sentence why it is not', async (off, sentence) => {
    const { stdout, stderr, code } = await headlight('ablate', ...GIVEN, '--off', off);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(sentence);
  });
});

describe('headlight sweep', () => {
  it('is a table of layers and heads and the ten strongest, the same as in JSON', async () => {
    const { items } = (await json('sweep', ...GIVEN)) as { items: { off: { layer: number; head: number }; logProbability: number }[] };
    expect(items).toHaveLength(12);
    const { stdout, stderr, code } = await headlight('sweep', ...GIVEN);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n').filter((line) => line.startsWith('layer '))).toHaveLength(3);
    expect(stdout.split('\n').filter((line) => /^ ?\d+ {2}head:/.test(line))).toHaveLength(10);
    const strongest = items.reduce((most, item) => (Math.abs(item.logProbability) > Math.abs(most.logProbability) ? item : most));
    expect(stdout).toMatch(new RegExp(`\\n 1  head:${String(strongest.off.layer)}\\.${String(strongest.off.head)} `));
  });

  it('goes over the parts of each half of an encoder–decoder, and over tokens of the text', async () => {
    const model = ['-m', join(root, 'test/fixtures/t5-basic'), '--ids', '5,17,42', '--decoder-ids', '0,33'] as const;
    const { items } = (await json('sweep', ...model, '--over', 'parts')) as { items: { off: { kind: string; part: string } }[] };
    expect(items.map(({ off }) => `${off.part} ${off.kind}`)).toEqual([
      ...['encoder', 'encoder', 'decoder', 'decoder'].flatMap((part) => [`${part} attention`, `${part} feedForward`]),
      'cross attention',
      'cross attention',
    ]);
    const tokens = (await json('sweep', ...model, '--over', 'tokens')) as { items: unknown[] };
    expect(tokens.items).toHaveLength(3);
  });
});
