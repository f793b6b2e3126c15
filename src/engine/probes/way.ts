/** The vector of one token on its way through the layers: how long it is, and what each part of a layer adds to it. */
import type { Answer, Ask, WayLayer, WayPart } from '../../protocol.ts';
import { attentionName, blockName } from '../interventions.ts';
import { at } from '../tensor.ts';
import type { Trace } from '../trace.ts';
import { dot } from './attributionWeights.ts';

/** What a layer's parts add to the residual stream, by the names that every family gives to it. */
const PARTS: readonly (readonly [WayPart['part'], string])[] = [
  ['attention', 'hook_attn_out'],
  ['cross', 'hook_cross_attn_out'],
  ['feedForward', 'hook_mlp_out'],
];

/** Part and position have been checked. @throws ProblemError `run.cancelled` when the trace is released meanwhile */
export async function way(trace: Trace, { part, position }: Ask<'way'>): Promise<Answer<'way'>> {
  const { network } = trace.model;
  const attention = trace.model.attention(part);
  const layers: WayLayer[] = [];
  let end = 0;
  for (let layer = 0; layer < attention.layers; layer++) {
    trace.requireHeld();
    const block = blockName(attention, layer);
    const stage = network.stages.find(({ hooks }) => hooks.some(({ name }) => name === `${attentionName(attention, layer)}.hook_pattern`));
    const there = (hook: string): boolean => stage?.hooks.some(({ name }) => name === `${block}.${hook}`) === true;
    // With the norm after each sum, what goes on is what the norm made of it.
    const left = there('hook_normalized_resid_post') ? 'hook_normalized_resid_post' : 'hook_resid_post';
    const parts = PARTS.filter(([, hook]) => there(hook));
    const tensors = await trace.together(['hook_resid_pre', left, ...parts.map(([, hook]) => hook)].map((hook) => `${block}.${hook}`));
    const vector = (hook: string): Float32Array => {
      const tensor = tensors.get(`${block}.${hook}`);
      return tensor ? at(tensor, position) : new Float32Array();
    };
    const [before, after] = [vector('hook_resid_pre'), vector(left)];
    layers.push({ before: length(before), parts: parts.map(([name, hook]) => ({ part: name, length: length(vector(hook)), cosine: cosine(vector(hook), before) })), kept: cosine(after, before) });
    end = length(after);
  }
  return { width: network.dimensions.width, layers, end };
}

const length = (vector: Float32Array): number => Math.sqrt(dot(vector, vector));

/** 0 where one of the two points nowhere. */
function cosine(a: Float32Array, b: Float32Array): number {
  const both = length(a) * length(b);
  return both > 0 ? dot(a, b) / both : 0;
}
