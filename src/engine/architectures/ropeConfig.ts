/**
 * Rotary positions as config.json describes them, by `transformers` 4 (`rope_theta` beside `rope_scaling`)
 * or 5 (both in `rope_parameters`), with the ways to stretch them beyond the length of training.
 */
import * as v from 'valibot';
import { ProblemError } from '../problemError.ts';
import type { Rotary } from '../rotary.ts';
import { size } from './config.ts';

const positive = v.nullish(v.pipe(v.number(), v.finite(), v.gtValue(0)));
const factors = v.nullish(v.array(v.pipe(v.number(), v.finite(), v.gtValue(0))));

export const RopeParameters = v.object({
  rope_type: v.nullish(v.string()),
  /** An older name of `rope_type`. */
  type: v.nullish(v.string()),
  rope_theta: positive,
  partial_rotary_factor: v.nullish(v.pipe(v.number(), v.gtValue(0), v.maxValue(1))),
  factor: positive,
  original_max_position_embeddings: v.nullish(size.positions),
  attention_factor: positive,
  beta_fast: positive,
  beta_slow: positive,
  mscale: v.nullish(v.number()),
  mscale_all_dim: v.nullish(v.number()),
  truncate: v.nullish(v.boolean()),
  low_freq_factor: positive,
  high_freq_factor: positive,
  short_factor: factors,
  long_factor: factors,
});

export type RopeParameters = v.InferOutput<typeof RopeParameters>;

/** Fields of config.json that most families with rotary positions have. */
export const ropeFields = {
  max_position_embeddings: size.positions,
  original_max_position_embeddings: v.nullish(size.positions),
  rope_theta: positive,
  partial_rotary_factor: RopeParameters.entries.partial_rotary_factor,
  rope_scaling: v.nullish(RopeParameters),
  rope_parameters: v.nullish(RopeParameters),
};

export type RopeFields = v.InferOutput<v.ObjectSchema<typeof ropeFields, undefined>>;

/** The parameters from wherever they are; what is beside them counts where they do not say. */
export function ropeParameters(config: RopeFields): RopeParameters {
  const found: Partial<RopeParameters> = config.rope_scaling ?? config.rope_parameters ?? {};
  return {
    ...found,
    rope_theta: found.rope_theta ?? config.rope_theta,
    partial_rotary_factor: found.partial_rotary_factor ?? config.partial_rotary_factor,
    original_max_position_embeddings: config.original_max_position_embeddings ?? found.original_max_position_embeddings,
  };
}

export interface RopeSize {
  readonly headWidth: number;
  /** Share of each head that is turned. */
  readonly share: number;
  /** `max_position_embeddings` */
  readonly positions: number;
}

interface Scaling extends RopeParameters {
  readonly base: number;
  /** Components of a head that are turned. */
  readonly dims: number;
  readonly positions: number;
  readonly original: number;
}

/** @throws ProblemError `model.badConfig` for a kind that is unknown or lacks a parameter */
export function rotary(parameters: RopeParameters, { headWidth, share, positions }: RopeSize): Rotary {
  const type = kindOf(parameters);
  const dims = Math.trunc(headWidth * share);
  const make = Object.hasOwn(SCALINGS, type) ? SCALINGS[type] : undefined;
  if (!make) throw new ProblemError('model.badConfig', { detail: `rope_type "${type}" is not one of ${Object.keys(SCALINGS).join(', ')}` });
  const made = make({ ...parameters, base: parameters.rope_theta ?? 10_000, dims, positions, original: parameters.original_max_position_embeddings ?? positions });
  const pairs = Math.ceil(dims / 2);
  if (pairs < 1 || 2 * pairs > headWidth) throw new ProblemError('model.badConfig', { detail: `rotary positions take pairs of components, and heads are ${String(headWidth)} wide` });
  return { pairs, scale: 1, ...made };
}

/** Tokens that a model can see at once, where its positions are stretched. */
export function reach(parameters: RopeParameters, positions: number): number {
  const factor = parameters.factor ?? 1;
  switch (kindOf(parameters)) {
    case 'linear':
    case 'dynamic':
      return Math.floor(positions * factor);
    case 'yarn':
      return Math.max(positions, Math.floor((parameters.original_max_position_embeddings ?? positions) * factor));
    default:
      return positions;
  }
}

const kindOf = ({ rope_type, type }: RopeParameters): string => rope_type ?? type ?? 'default';

type Made = Pick<Rotary, 'regime' | 'frequencies'> & Partial<Pick<Rotary, 'scale'>>;

const SCALINGS: Readonly<Record<string, (scaling: Scaling) => Made>> = {
  default: ({ base, dims }) => constant(inverse(base, dims)),

  /** Positions closer together (Chen et al. 2023). */
  linear: (s) => constant(inverse(s.base, s.dims).map((frequency) => frequency / needed(s, 'factor'))),

  /** A base that grows with the text once that is longer than those of training. */
  dynamic(s) {
    const { base, dims, positions } = s;
    const factor = needed(s, 'factor');
    return {
      regime: (tokens) => Math.max(tokens, positions),
      frequencies: (tokens) => inverse(base * ((factor * tokens) / positions - (factor - 1)) ** (dims / (dims - 2)), dims),
    };
  },

  /** Llama 3.1: long waves stretched, short ones kept, a smooth passage between. */
  llama3(s) {
    const [factor, low, high] = [needed(s, 'factor'), needed(s, 'low_freq_factor'), needed(s, 'high_freq_factor')];
    return constant(
      inverse(s.base, s.dims).map((frequency) => {
        const turns = (s.original * frequency) / (2 * Math.PI);
        if (turns > high) return frequency;
        if (turns < low) return frequency / factor;
        const smooth = (turns - low) / (high - low);
        return ((1 - smooth) * frequency) / factor + smooth * frequency;
      }),
    );
  },

  /** YaRN (Peng et al. 2023): stretched or kept by the number of turns in the length of training, and scores made sharper. */
  yarn(s) {
    const { base, dims, original } = s;
    const factor = s.factor ?? s.positions / original;
    const dimOfTurns = (turns: number): number => (dims * Math.log(original / (turns * 2 * Math.PI))) / (2 * Math.log(base));
    const [from, to] = [dimOfTurns(s.beta_fast ?? 32), dimOfTurns(s.beta_slow ?? 1)];
    const low = Math.max(s.truncate === false ? from : Math.floor(from), 0);
    const high = Math.min(s.truncate === false ? to : Math.ceil(to), dims - 1);
    const frequencies = inverse(base, dims).map((frequency, pair) => {
      const stretched = Math.min(Math.max((pair - low) / (high === low ? 0.001 : high - low), 0), 1);
      return (frequency / factor) * stretched + frequency * (1 - stretched);
    });
    const sharpness = (weight: number): number => (factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1);
    const inferred = s.mscale && s.mscale_all_dim ? sharpness(s.mscale) / sharpness(s.mscale_all_dim) : sharpness(1);
    return { ...constant(frequencies), scale: s.attention_factor ?? inferred };
  },

  /** LongRoPE (Ding et al. 2024): a searched factor for each frequency, one set for short texts and one for long. */
  longrope(s) {
    const { base, dims, original, short_factor: short, long_factor: long } = s;
    const factor = s.factor ?? s.positions / original;
    const pairs = Math.ceil(dims / 2);
    if (short?.length !== pairs || long?.length !== pairs) throw new ProblemError('model.badConfig', { detail: `longrope wants short_factor and long_factor with ${String(pairs)} values` });
    return {
      regime: (tokens) => Number(tokens > original),
      frequencies: (beyond) => inverse(base, dims).map((frequency, pair) => frequency / ((beyond ? long : short)[pair] ?? 1)),
      scale: s.attention_factor ?? (factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original))),
    };
  },
};

/** base^(−2·pair ÷ dims), `[pairs]` */
const inverse = (base: number, dims: number): Float32Array => Float32Array.from({ length: Math.ceil(dims / 2) }, (_, pair) => 1 / base ** Math.fround((2 * pair) / dims));

/** Frequencies that do not depend on how long the text is. */
const constant = (frequencies: Float32Array): Made => ({ regime: () => 0, frequencies: () => frequencies });

function needed(scaling: Scaling, name: 'factor' | 'low_freq_factor' | 'high_freq_factor'): number {
  const value = scaling[name];
  if (value === null || value === undefined) throw new ProblemError('model.badConfig', { detail: `rope_type "${kindOf(scaling)}" wants ${name}` });
  return value;
}
