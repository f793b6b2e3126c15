/**
 * BART (Lewis et al. 2020): an encoder–decoder with learned positions and normalised embeddings; mBART (Liu et al.
 * 2020) has LayerNorm before each part.
 */
import type { Architecture, Network } from './architecture.ts';
import { buildBart } from './bartConfig.ts';

/** The first two rows of positions are left over from counting behind the padding. */
const LEARNED = { embeddingNorm: true, offset: 2, sinusoids: false, separable: false } as const;

export const bart: Architecture = {
  types: ['bart'],
  build(config, checkpoint, generation): Network {
    const writing = { eos_token_id: 2, forced_eos_token_id: 2, decoder_start_token_id: 2, pad_token_id: 1 };
    return buildBart(config, checkpoint, generation, { ...LEARNED, normFirst: false, writing });
  },
};

export const mbart: Architecture = {
  types: ['mbart'],
  build(config, checkpoint, generation): Network {
    const writing = { eos_token_id: 2, forced_eos_token_id: 2, pad_token_id: 1 };
    return buildBart(config, checkpoint, generation, { ...LEARNED, normFirst: true, writing });
  },
};
