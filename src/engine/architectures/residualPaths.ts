/** What decoders with the norm before each part tell of how their parts reach the logits: the hook points are the same in all of them. */
import type { NormWeights, ResidualPart, ResidualPaths, ValuePath } from './architecture.ts';
import type { Projection } from './projections.ts';
import type { Head } from './residualStream.ts';

export interface PathWeights {
  /** Hook points that are summed to the first residual stream; `hook_embed` alone where this is left out. */
  readonly embeddings?: readonly string[];
  /** Of layer `l`: from the joined heads, and from the neurons, back to the width. */
  readonly attention: (layer: number) => Projection;
  readonly feedForward: (layer: number) => Projection;
  /** Of layer `l`: the norm before its attention, and from there to the values; `output` is the channel itself where this is left out. */
  readonly values: (layer: number) => Pick<ValuePath, 'projection'> & Partial<Pick<ValuePath, 'output'>> & { readonly norm: Omit<NormWeights, 'hook'> };
  /** Norms of what a part gives, by the hook points they go by in a layer. */
  readonly after?: (layer: number, part: 'ln1_post' | 'ln2_post') => Omit<NormWeights, 'hook'>;
  /** The norm before the head. */
  readonly norm: Omit<NormWeights, 'hook'>;
  readonly head: Head;
}

export function residualPaths({ embeddings = ['hook_embed'], attention, feedForward, values, after, norm, head }: PathWeights): ResidualPaths {
  const normAfter = (layer: number, part: 'ln1_post' | 'ln2_post'): Pick<ResidualPart, 'norm'> => (after ? { norm: { hook: `blocks.${String(layer)}.${part}`, ...after(layer, part) } } : {});
  const hook = (layer: number, name: string): string => `blocks.${String(layer)}.${name}`;
  return {
    embeddings,
    attention: (layer) => ({ from: hook(layer, 'attn.hook_z'), out: hook(layer, 'hook_attn_out'), projection: attention(layer), ...normAfter(layer, 'ln1_post') }),
    values: (layer) => {
      const { norm: before, projection, output = (channel: number) => channel } = values(layer);
      return { hook: hook(layer, 'attn.hook_v'), norm: { hook: hook(layer, 'ln1'), ...before }, projection, output };
    },
    feedForward: (layer) => ({ from: hook(layer, 'mlp.hook_post'), out: hook(layer, 'hook_mlp_out'), projection: feedForward(layer), ...normAfter(layer, 'ln2_post') }),
    norm: { hook: 'ln_final', ...norm },
    head,
  };
}

/** LayerNorm, by the module that has its weight and bias. */
export const layerNormOf = (module: string): Omit<NormWeights, 'hook'> => ({ centred: true, weight: `${module}.weight`, bias: `${module}.bias` });

/** RMSNorm, by the module that has its weight. */
export const rmsNormOf = (module: string, offset = 0): Omit<NormWeights, 'hook'> => ({ centred: false, weight: `${module}.weight`, offset });
