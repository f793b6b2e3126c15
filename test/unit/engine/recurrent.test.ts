/** Recurrent networks: states as they are told, and interventions that later tokens feel. Numbers against torch are in parity.test.ts. */
import { describe, expect, it } from 'vitest';
import { states, summarizeState } from '../../../src/engine/probes/states.ts';
import { floats } from '../../../src/engine/tensor.ts';
import { loadModel, traceOf } from '../../support/engine.ts';

const IDS = [5, 17, 42, 5, 90, 17, 42];

describe('states', () => {
  // Three tokens, four units: unit 2 moves by 0.8 + 0.4 + 0, unit 0 by 0.1 + 0.1 + 0.1, unit 3 once by 0.5, unit 1 never.
  const state = floats([1, 3, 4], Float32Array.of(0.1, 0, -0.8, 0.5, 0.2, 0, -0.4, 0.5, 0.3, 0, -0.4, 0.5));

  it('are told of the units that change most, in thousandths of the largest', () => {
    const answer = states(state, { layer: 0, units: 3 });
    expect(answer.width).toBe(4);
    expect([...answer.units]).toEqual([2, 3, 0]);
    expect(answer.largest).toBeCloseTo(0.8);
    expect([...answer.values]).toEqual([-1000, 625, 125, -500, 625, 250, -500, 625, 375]);
  });

  it('are told of all units where more are asked for than there are', () => {
    expect([...states(state, { layer: 0, units: 100 }).units]).toEqual([2, 3, 0, 1]);
  });

  it('are zeros where nothing ever moves', () => {
    const answer = states(floats([1, 2, 2]), { layer: 0, units: 2 });
    expect(answer.largest).toBe(0);
    expect([...answer.values]).toEqual([0, 0, 0, 0]);
  });

  it('change by the root of the mean square over the units, the first token from zeros', () => {
    const { layer, change } = summarizeState(1, state);
    expect(layer).toBe(1);
    const expected = [Math.sqrt((0.01 + 0.64 + 0.25) / 4), Math.sqrt((0.01 + 0.16) / 4), Math.sqrt(0.01 / 4)];
    expect([...change].map((value) => +value.toFixed(5))).toEqual(expected.map((value) => +value.toFixed(5)));
  });
});

describe.each(['gru-wide', 'lstm-basic'])('%s', (name) => {
  it('is told as a recurrent network without heads', async () => {
    const model = await loadModel(`test/fixtures/${name}`);
    expect(model.info).toMatchObject({ kind: 'recurrent', attentions: [], heads: 0, predicts: 'next', positions: 32 });
    await model.release();
  });

  it('carries a changed state on to later tokens, and leaves earlier ones as they are', async () => {
    const model = await loadModel(`test/fixtures/${name}`);
    const plain = await traceOf(model, IDS);
    const shape = [1, IDS.length, 1];
    const at = 3;
    for (const carried of name.startsWith('lstm') ? ['state', 'cell'] : ['state']) {
      const scale = floats(shape, Float32Array.from(IDS, (_, position) => (position === at ? 0 : 1)));
      const patched = await traceOf(model, IDS, { patches: new Map([[`rnn.0.hook_${carried}.scale`, scale]]) });
      const rows = async (trace: typeof plain, hook: string): Promise<number[][]> => {
        const { data, shape: [, , width = 0] } = await trace.get(hook);
        return IDS.map((_, position) => [...data.subarray(position * width, (position + 1) * width)]);
      };
      const [before, after] = [await rows(plain, `rnn.0.hook_${carried}`), await rows(patched, `rnn.0.hook_${carried}`)];
      expect(after.slice(0, at)).toEqual(before.slice(0, at));
      expect(after[at]?.every((value) => value === 0)).toBe(true);
      expect(after[at + 1]).not.toEqual(before[at + 1]);
      expect((await rows(patched, 'rnn.1.hook_state'))[at + 1]).not.toEqual((await rows(plain, 'rnn.1.hook_state'))[at + 1]);
    }
    await model.release();
  });

  it('can have single units of its state shifted', async () => {
    const model = await loadModel(`test/fixtures/${name}`);
    const width = model.info.width;
    const add = floats([1, 1, width], new Float32Array(width).fill(0.25, 2, 3));
    const hook = `rnn.${String(model.info.layers - 1)}.hook_state`;
    const [plain, patched] = [await traceOf(model, IDS.slice(0, 1)), await traceOf(model, IDS.slice(0, 1), { patches: new Map([[`${hook}.add`, add]]) })];
    const plainData = (await plain.get(hook)).data;
    const difference = (await patched.get(hook)).data.map((value, unit) => value - (plainData[unit] ?? NaN));
    expect([...difference].map((value) => +value.toFixed(5))).toEqual(Array.from({ length: width }, (_, unit) => (unit === 2 ? 0.25 : 0)));
    await model.release();
  });
});
