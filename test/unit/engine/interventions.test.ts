/** Every intervention is an input with a neutral default; what each does is checked on random checkpoints, one with grouped heads. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '../../../src/engine/model.ts';
import { floats, type FloatTensor } from '../../../src/engine/tensor.ts';
import { loadModel, traceOf } from '../../support/engine.ts';

const IDS = [5, 17, 42, 5, 90, 17, 42];
const HEADS = 4;
let model: Model;

const lastLogits = async (patches: ReadonlyMap<string, FloatTensor>): Promise<number[]> => {
  const trace = await traceOf(model, IDS, { patches });
  return [...(await trace.logits([IDS.length - 1])).data];
};

interface PatchInput {
  readonly name: string;
  readonly rank: number;
  readonly neutral: number;
  /** Length of the hook point's last axis, 1 where that is a number of keys. */
  readonly last: number;
}

const layers = (): number[] => Array.from({ length: model.info.layers }, (_, layer) => layer);

const patchInputs = (): PatchInput[] =>
  model.network.stages.flatMap((stage) =>
    stage.inputs.flatMap(({ name, shape, source }) => {
      if (source.from !== 'patch') return [];
      const last = stage.hooks.find((hook) => hook.name === name.replace(/\.(scale|add)$/, ''))?.shape.at(-1);
      return [{ name, rank: shape.length, neutral: source.neutral, last: typeof last === 'number' ? last : 1 }];
    }),
  );

describe.each([
  { name: 'gpt2-basic', embeddings: ['hook_embed', 'hook_pos_embed'] },
  { name: 'llama-basic', embeddings: ['hook_embed'] },
])('interventions on $name', ({ name: fixture, embeddings }) => {
  beforeAll(async () => {
    model = await loadModel(`test/fixtures/${fixture}`);
  });
  afterAll(() => model.release());

  it('has them at the embeddings, the residual stream, scores, patterns, heads, neurons and both parts of each layer', () => {
    const names = patchInputs().map(({ name }) => name);
    for (const hook of [...embeddings, ...layers().flatMap((l) => ['hook_resid_pre', 'attn.hook_z', 'hook_attn_out', 'mlp.hook_post', 'hook_mlp_out'].map((part) => `blocks.${String(l)}.${part}`))]) {
      expect(names).toContain(`${hook}.scale`);
      expect(names).toContain(`${hook}.add`);
    }
    for (const l of layers()) {
      expect(names).toContain(`blocks.${String(l)}.attn.hook_attn_scores.add`);
      expect(names).toContain(`blocks.${String(l)}.attn.hook_pattern.scale`);
    }
  });

  it('changes the prediction through each of them, and not through its neutral value', async () => {
    const plain = await lastLogits(new Map());
    for (const { name, rank, neutral, last } of patchInputs()) {
      const shape = Array.from({ length: rank }, () => 1);
      expect(await lastLogits(new Map([[name, floats(shape, Float32Array.of(neutral))]])), name).toEqual(plain);
      if (name.endsWith('hook_attn_scores.add')) continue; // a constant does not change a softmax
      // Not the same for every component: LayerNorm takes a constant out again.
      const uneven = floats([...shape.slice(1), last], Float32Array.from({ length: last }, (_, i) => neutral + 0.5 + (i % 3)));
      expect(await lastLogits(new Map([[name, uneven]])), name).not.toEqual(plain);
    }
  });

  it('switches one head off and leaves the others', async () => {
    const scale = floats([1, 1, HEADS, 1], Float32Array.from({ length: HEADS }, (_, head) => (head === 2 ? 0 : 1)));
    const plain = await (await traceOf(model, IDS)).get('blocks.0.attn.hook_z');
    const off = await (await traceOf(model, IDS, { patches: new Map([['blocks.0.attn.hook_z.scale', scale]]) })).get('blocks.0.attn.hook_z');
    const width = plain.shape[3] ?? 0;
    for (const [i, value] of off.data.entries()) expect(value).toBe(Math.floor(i / width) % HEADS === 2 ? 0 : plain.data[i]);
  });

  it('cuts one link, with the rest of the row renormalised or not', async () => {
    const n = IDS.length;
    const [query, key] = [5, 2];
    const at = (head: number, k: number): number => (head * n + query) * n + k;
    const link = (value: number, elsewhere: number): FloatTensor => floats([1, 1, n, n], Float32Array.from({ length: n * n }, (_, i) => (i === query * n + key ? value : elsewhere)));
    const plain = await (await traceOf(model, IDS)).pattern('decoder', 1);
    const renormalised = await (await traceOf(model, IDS, { patches: new Map([['blocks.1.attn.hook_attn_scores.add', link(-Infinity, 0)]]) })).pattern('decoder', 1);
    const bare = await (await traceOf(model, IDS, { patches: new Map([['blocks.1.attn.hook_pattern.scale', link(0, 1)]]) })).pattern('decoder', 1);
    for (let head = 0; head < HEADS; head++) {
      const cut = plain.data[at(head, key)] ?? 0;
      for (let k = 0; k <= query; k++) {
        const before = plain.data[at(head, k)] ?? 0;
        expect(renormalised.data[at(head, k)]).toBeCloseTo(k === key ? 0 : before / (1 - cut), 5);
        expect(bare.data[at(head, k)]).toBe(k === key ? 0 : before);
      }
    }
  });

  it('patches the residual stream of one position', async () => {
    const width = model.info.width;
    const other = await (await traceOf(model, IDS.map((id) => id + 1))).get('blocks.1.hook_resid_pre');
    const position = 3;
    const scale = floats([1, IDS.length, 1], Float32Array.from(IDS, (_, i) => (i === position ? 0 : 1)));
    const add = floats([1, IDS.length, width]);
    add.data.set(other.data.subarray(position * width, (position + 1) * width), position * width);
    const patches = new Map([['blocks.1.hook_resid_pre.scale', scale], ['blocks.1.hook_resid_pre.add', add]]);
    const patched = await (await traceOf(model, IDS, { patches })).get('blocks.1.hook_resid_pre');
    const plain = await (await traceOf(model, IDS)).get('blocks.1.hook_resid_pre');
    const expected = plain.data.slice();
    expected.set(other.data.subarray(position * width, (position + 1) * width), position * width);
    expect(patched.data).toEqual(expected);
  });

  it('does not take over results of a run that was intervened on', async () => {
    const patched = await traceOf(model, IDS, { patches: new Map([['hook_embed.scale', floats([1, 1, 1], Float32Array.of(0))]]) });
    expect((await traceOf(model, IDS, { prefix: patched })).reused.text).toBe(0);
  });
});
