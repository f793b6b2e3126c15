/** A probe with something of everything. */
import type { Probe } from '../../../src/protocol.ts';

export const probe: Probe = {
  model: { name: 'storyteller', kind: 'decoder', precision: 'float32', fingerprint: '0123456789abcdef'.repeat(4) },
  text: 'The teacher taught the student with the book.\nThe student read the',
  language: '>>fra<<',
  windowStart: 3,
  experiments: [
    { name: null, on: true, intervention: { kind: 'head', part: 'decoder', layer: 3, head: 1, by: 'mean' } },
    { name: 'without “with”', on: false, intervention: { kind: 'link', part: 'decoder', layer: 2, heads: [0, 5], query: 7, key: 2, renormalise: true } },
  ],
  aim: { position: 12, target: { id: 913, text: ' book' }, rival: { id: 77, text: ' 本' } },
  view: { picture: 'map', layer: 2, heads: [3], pinned: { sequence: 'text', token: 12 }, sampling: { temperature: 0.7, topK: 40, topP: 0.9, minP: 0 } },
  result: {
    target: { id: 913, text: ' book', before: -1.2346, after: -3.4568 },
    rival: { id: 77, text: ' 本', before: -9.1, after: -8.25 },
    divergence: 0.4321,
    before: [{ text: ' book', logProbability: -1.2346 }, { text: ' ball', logProbability: -2 }],
    after: [{ text: ' ball', logProbability: -1.5 }],
  },
};

export const plain: Probe = { model: probe.model, text: 'a', experiments: [], aim: null, view: {}, result: null };
