/** Pegasus (Zhang et al. 2020): an encoder–decoder with sinusoidal positions and LayerNorm before each part. */
import type { Architecture, Network } from './architecture.ts';
import { buildBart } from './bartConfig.ts';

export const pegasus: Architecture = {
  types: ['pegasus'],
  build(config, checkpoint, generation): Network {
    const writing = { eos_token_id: 1, forced_eos_token_id: 1, decoder_start_token_id: 0, pad_token_id: 0 };
    return buildBart(config, checkpoint, generation, { embeddingNorm: false, normFirst: true, offset: 0, sinusoids: true, separable: false, writing });
  },
};
