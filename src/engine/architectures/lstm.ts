/**
 * LSTM language models (Hochreiter & Schmidhuber 1997, in the form of torch.nn.LSTM): beside the state a cell,
 * to which each token adds and from which it takes away.
 */
import type { Architecture } from './architecture.ts';
import { recurrentNetwork, type Cell } from './recurrent.ts';

/**
 * input i = σ(x_i + h_i), forget f = σ(x_f + h_f), candidate g = tanh(x_g + h_g), output o = σ(x_o + h_o),
 * cell c' = f · c + i · g, state h' = o · tanh(c'), with x and h for what input and state add.
 */
const cell: Cell = {
  carried: ['state', 'cell'],
  gates: ['input', 'forget', 'candidate', 'output'],
  step(g, { fromInput, fromState, before, patched }) {
    const [i, f, n, o] = g.split4(g.op('Add', [fromInput, fromState]), 1);
    const input = g.op('Sigmoid', [i]);
    const forget = g.op('Sigmoid', [f]);
    const candidate = g.op('Tanh', [n]);
    const output = g.op('Sigmoid', [o]);
    const cell = patched('cell', g.op('Add', [g.op('Mul', [forget, before('cell')]), g.op('Mul', [input, candidate])]));
    const state = patched('state', g.op('Mul', [output, g.op('Tanh', [cell])]));
    return new Map(Object.entries({ state, cell, input, forget, candidate, output }));
  },
};

export const lstm: Architecture = {
  types: ['lstm'],
  build: (config, checkpoint) => recurrentNetwork(config, checkpoint, cell),
};
