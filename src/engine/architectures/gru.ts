/**
 * GRU language models (Cho et al. 2014, in the form of torch.nn.GRU): a state, of which each token keeps a part
 * and renews the rest.
 */
import type { Architecture } from './architecture.ts';
import { recurrentNetwork, type Cell } from './recurrent.ts';

/**
 * reset r = σ(x_r + h_r), update z = σ(x_z + h_z), candidate n = tanh(x_n + r · h_n), state h' = n + z · (h − n),
 * with x and h for what input and state add.
 */
const cell: Cell = {
  carried: ['state'],
  gates: ['reset', 'update', 'candidate'],
  step(g, { fromInput, fromState, before, patched }) {
    const [xr, xz, xn] = g.split3(fromInput, 1);
    const [hr, hz, hn] = g.split3(fromState, 1);
    const reset = g.op('Sigmoid', [g.op('Add', [xr, hr])]);
    const update = g.op('Sigmoid', [g.op('Add', [xz, hz])]);
    const candidate = g.op('Tanh', [g.op('Add', [xn, g.op('Mul', [reset, hn])])]);
    const kept = g.op('Mul', [update, g.op('Sub', [before('state'), candidate])]);
    const state = patched('state', g.op('Add', [candidate, kept]));
    return new Map(Object.entries({ state, reset, update, candidate }));
  },
};

export const gru: Architecture = {
  types: ['gru'],
  build: (config, checkpoint) => recurrentNetwork(config, checkpoint, cell),
};
