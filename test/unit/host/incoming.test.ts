import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PageMessage, PanelState } from '../../../src/protocol.ts';
import { readPageMessage, readPanelState } from '../../../src/panel/incoming.ts';

const attention = { part: 'cross', layer: 1, heads: [0, 2], average: false, sink: 'dim', unit: 'word' } as const;
const view: PanelState['view'] = {
  picture: 'graph',
  part: 'decoder',
  layer: 0,
  heads: [],
  average: false,
  percent: 70,
  sink: 'show',
  measure: 'valueNorm',
  unit: 'token',
  direction: 'from',
  layout: 'horizontal',
  spacing: 0,
  pinned: { sequence: 'output', token: 3 },
  gridSort: 'layer',
  navigator: true,
  top: 10,
  candidates: 'word',
  sampling: { temperature: 0.7, topK: 40, topP: 0.9, minP: 0.05 },
  seed: 7,
  target: 42,
  rival: null,
  experiments: [{ name: 'without it', on: true, intervention: { kind: 'head', part: 'decoder', layer: 1, head: 2, by: 'mean' } }],
  showing: 'difference',
  surprisal: true,
  headFilter: 'induction > 0.6',
  repeatedTokens: true,
  sweepOver: 'parts',
  sweepBy: 'mean',
  sweepMeasure: 'divergence',
  otherText: 'a c',
  patchOver: 'z',
};
const subject: PanelState['subject'] = { text: 'a b', model: 'storyteller', windowStart: 0, target: '>>fra<<', source: { uri: 'file:///a.md', label: 'a.md', languageId: 'markdown', start: 4 } };

describe('messages of the page', () => {
  const messages: readonly PageMessage[] = [
    { type: 'ready' },
    { type: 'ask', id: 1, run: 2, question: 'links', ask: { ...attention, percent: 70, limit: 100 } },
    { type: 'ask', id: 1, run: 2, question: 'focus', ask: { ...attention, percent: 70, unitIndex: 3, direction: 'to' } },
    { type: 'ask', id: 1, run: 2, question: 'pattern', ask: attention },
    { type: 'ask', id: 1, run: 2, question: 'headChanges', ask: { part: 'cross', against: 3, from: 0, to: 8 } },
    { type: 'ask', id: 1, run: 2, question: 'difference', ask: { ...attention, against: 3, percent: 70, limit: 100 } },
    { type: 'ask', id: 1, run: 2, question: 'next', ask: { position: 3, top: 10 } },
    { type: 'ask', id: 1, run: 2, question: 'next', ask: { position: 3, top: 10, sampling: { temperature: 0.1, topK: 0, topP: 1, minP: 0 }, draw: 0.5 } },
    { type: 'ask', id: 1, run: 2, question: 'words', ask: { position: 3, ids: [4, 5] } },
    { type: 'ask', id: 1, run: 2, question: 'surprisal', ask: { from: 0, to: 4 } },
    { type: 'ask', id: 1, run: 2, question: 'states', ask: { layer: 0, units: 32 } },
    { type: 'ask', id: 1, run: 2, question: 'influence', ask: { position: 3, tokens: [0, 2] } },
    { type: 'ask', id: 1, run: 2, question: 'lens', ask: { positions: [3, 4], top: 5 } },
    { type: 'ask', id: 1, run: 2, question: 'lens', ask: { part: 'encoder', positions: [], top: 1, id: 42 } },
    { type: 'ask', id: 1, run: 2, question: 'attribution', ask: { position: 3, id: 42 } },
    { type: 'ask', id: 1, run: 2, question: 'attributionSources', ask: { position: 3, id: 42, rival: 7, layer: 1, head: 2 } },
    { type: 'ask', id: 1, run: 2, question: 'paths', ask: { position: 4, id: 7, rival: 3, least: 0.02 } },
    { type: 'ask', id: 1, run: 2, question: 'neurons', ask: { layer: 1, position: 3, top: 10, tokens: 5 } },
    { type: 'ask', id: 1, run: 2, question: 'neighbours', ask: { id: 42, top: 10 } },
    { type: 'ask', id: 1, run: 2, question: 'headSteps', ask: { part: 'cross', layer: 1, head: 2, query: 3, order: 'weight', from: 0, count: 40 } },
    { type: 'ask', id: 1, run: 2, question: 'projection', ask: { id: null, neighbours: 10 } },
    { type: 'ask', id: 1, run: 2, question: 'positions', ask: { part: 'decoder', layer: 0, count: 64 } },
    { type: 'ask', id: 1, run: 2, question: 'way', ask: { part: 'decoder', position: 3 } },
    { type: 'ask', id: 1, run: 2, question: 'spelling', ask: { text: ' book' } },
    { type: 'ask', id: 1, run: 2, question: 'pattern', ask: { ...attention, measure: 'rollout' } },
    { type: 'ask', id: 1, run: 2, question: 'alignment', ask: { corrupted: 3, position: 4, top: 5 } },
    { type: 'ask', id: 1, run: 2, question: 'patch', ask: { position: 4, target: 42, rival: 7, corrupted: 3, over: 'z', part: 'cross', from: 0, to: 8 } },
    { type: 'ask', id: 1, run: 2, question: 'repeated', ask: { seed: 1, length: 25, repeats: 2 } },
    { type: 'ask', id: 1, run: 2, question: 'fidelity', ask: {} },
    { type: 'ask', id: 1, run: 2, question: 'stages', ask: {} },
    { type: 'ask', id: 1, run: 2, question: 'capture', ask: { stage: 'blocks.0' } },
    { type: 'drop', id: 1 },
    { type: 'highlight', highlight: null },
    { type: 'highlight', highlight: { token: 1, pinned: true, partners: [{ token: 0, weight: 0.5 }] } },
    { type: 'view', view },
    { type: 'window', start: 512 },
    { type: 'model', name: 'storyteller' },
    { type: 'beside', place: 'model', request: 1, wanted: { model: 'storyteller' } },
    { type: 'beside', place: 'experiments', request: 2, wanted: { interventions: [{ kind: 'positions', by: 'zero' }], outputIds: [0, 5] } },
    { type: 'beside', place: 'text', request: 3, wanted: null },
    { type: 'view', view: { ...view, picture: 'influence' } },
    { type: 'insert', text: ' cat', token: 3, instead: false },
    { type: 'walk', by: -1 },
    { type: 'phrasings', action: 'close' },
    { type: 'phrasings', action: 'attend', which: 1 },
    { type: 'lesson', action: 'list' },
    { type: 'lesson', action: 'onward' },
    { type: 'lesson', action: 'open', id: '02-tokens' },
    { type: 'lesson', action: 'step', step: 'pieces' },
    { type: 'lesson', action: 'check', step: 'pieces', given: { option: 2 }, view },
    { type: 'lesson', action: 'check', step: 'pieces', given: { number: -0.5 }, view },
    { type: 'lesson', action: 'check', step: 'pieces', given: null, view },
    { type: 'lesson', action: 'text', text: 'The book' },
    { type: 'looked', version: 2, view, differs: ['layer'], position: 3 },
    { type: 'probe', action: 'save' },
    { type: 'export', name: 'storyteller map', format: 'svg', content: '<svg/>' },
    { type: 'export', name: 'storyteller map', format: 'png', content: Uint8Array.of(0x89) },
    { type: 'export', name: 'storyteller', format: 'safetensors' },
    { type: 'copy', text: '| a |' },
    { type: 'target', target: '>>fra<<' },
    { type: 'command', command: 'toggleFollow' },
  ];

  it.each(messages)('$type $question is read as it is', (message) => {
    expect(readPageMessage(message)).toEqual(message);
  });

  it.each([
    null,
    'ready',
    { type: 'other' },
    { type: 'ask', id: 1, run: 2, question: 'links', ask: { ...attention, heads: [], percent: 70, limit: 100 } },
    { type: 'ask', id: 1, run: 2, question: 'next', ask: { position: -1, top: 10 } },
    { type: 'ask', id: 1, run: 2, question: 'lens', ask: { positions: [0], top: 101 } },
    { type: 'ask', id: 1, run: 2, question: 'lens', ask: { part: 'cross', positions: [0], top: 1 } },
    { type: 'ask', id: 1, run: 2, question: 'attribution', ask: { position: 0, id: -1 } },
    { type: 'lesson', action: 'check', step: 'pieces', given: { option: 1.5 }, view },
    { type: 'lesson', action: 'text', text: 'x'.repeat(20_001) },
    { type: 'window', start: 1.5 },
    { type: 'export', name: '../../etc/passwd', format: 'svg', content: '' },
    { type: 'export', name: '', format: 'svg', content: '' },
    { type: 'export', name: 'map', format: 'exe', content: '' },
    { type: 'export', name: 'map', format: 'png', content: 'text' },
    { type: 'looked', version: 0, view, differs: ['x'.repeat(300)], position: null },
    { type: 'view', view: { ...view, headFilter: 'x'.repeat(201) } },
    { type: 'view', view: { ...view, otherText: 'x'.repeat(200_001) } },
    { type: 'view', view: { ...view, sweepMeasure: 'entropy' } },
    { type: 'command', command: 'quit' },
  ])('%j is none', (message) => {
    expect(readPageMessage(message)).toBeNull();
  });

  it('never throws, whatever comes', () => {
    fc.assert(fc.property(fc.anything(), (message) => void readPageMessage(message)));
  });
});

describe('the stored state of a panel', () => {
  it('comes back whole', () => {
    expect(readPanelState({ subject, view })).toEqual({ subject, view });
  });

  it('keeps its text where the view cannot be used', () => {
    expect(readPanelState({ subject, view: { ...view, layer: 'last' } })).toEqual({ subject, view: null });
    // As version 0.1 kept it.
    expect(readPanelState({ subject, view: { ...view, pinned: 3 } })).toEqual({ subject, view: null });
    expect(readPanelState({ subject })).toEqual({ subject, view: null });
  });

  it.each([undefined, null, 'x', {}, { view }, { subject: { ...subject, text: 3 }, view }])('%j cannot be used', (state) => {
    expect(readPanelState(state)).toBeNull();
  });
});
