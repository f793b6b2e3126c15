/**
 * Marian (Junczys-Dowmunt et al. 2018), as the translation models of OPUS-MT are: an encoder–decoder with
 * sinusoidal positions and LayerNorm after each sum.
 */
import type { Architecture, Network } from './architecture.ts';
import { buildBart } from './bartConfig.ts';

export const marian: Architecture = {
  types: ['marian'],
  build(config, checkpoint, generation): Network {
    const writing = { eos_token_id: 0, forced_eos_token_id: 0, decoder_start_token_id: 58_100, pad_token_id: 58_100, neverPads: true } as const;
    return buildBart(config, checkpoint, generation, { embeddingNorm: false, normFirst: false, offset: 0, sinusoids: true, separable: true, writing });
  },
};
