/** Measurements as lessons write them: one key says what is measured, the others how. */
import * as v from 'valibot';
import { readTokenRef } from './tokenRef.ts';

/** UTF-16 units of a text that a model is run on. */
export const mostText = 4000;

const index = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000));
const layerOrEmbedding = v.pipe(v.number(), v.integer(), v.minValue(-1), v.maxValue(1000));
export const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
/** A token of the text (or the output), as in `the#2`. */
export const tokenRef = v.pipe(
  v.union([v.string(), v.number()], () => 'token'),
  v.transform(String),
  v.maxLength(200),
  v.check((written) => readTokenRef(written) !== null, 'token'),
);
/** A token of the vocabulary by its exact text, blank included. */
export const vocabularyToken = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
export const part = v.picklist(['encoder', 'decoder', 'cross']);
export const modelName = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
export const runText = v.pipe(v.string(), v.minLength(1), v.maxLength(mostText));
const by = v.picklist(['zero', 'mean']);
const replaced = { by: v.optional(by, 'zero') };
const onPart = { part: v.exactOptional(part) };
/** Of a model that translates: which half, the decoder's where this is left out. */
const onHalf = { part: v.exactOptional(v.picklist(['encoder', 'decoder'])) };

/** Something to switch off: as `Intervention`, with tokens by text. */
export const experiment = v.variant('kind', [
  v.strictObject({ kind: v.literal('head'), layer: index, head: index, ...onPart, ...replaced }),
  v.strictObject({ kind: v.literal('attention'), layer: index, ...onPart, ...replaced }),
  v.strictObject({ kind: v.literal('feedForward'), layer: index, ...onPart, ...replaced }),
  v.strictObject({ kind: v.literal('neuron'), layer: index, index, ...onPart, ...replaced }),
  v.strictObject({ kind: v.literal('token'), token: tokenRef }),
  v.strictObject({ kind: v.literal('link'), layer: index, heads: v.pipe(v.array(index), v.minLength(1)), query: tokenRef, key: tokenRef, renormalise: v.optional(v.boolean(), true), ...onPart }),
  v.strictObject({ kind: v.literal('positions'), ...replaced }),
]);
export const experiments = v.pipe(v.array(experiment), v.maxLength(200));
export type ExperimentWish = v.InferOutput<typeof experiment>;

const sampling = { temperature: v.exactOptional(v.pipe(v.number(), v.minValue(0.1), v.maxValue(2))), topK: v.exactOptional(index), topP: v.exactOptional(share), minP: v.exactOptional(share) };
export const samplingWish = v.strictObject(sampling);
export type SamplingWish = v.InferOutput<typeof samplingWish>;

/** Of another run than the step's. */
const elsewhere = { model: v.exactOptional(modelName), text: v.exactOptional(runText), experiments: v.exactOptional(experiments) };
/** `after`: which prediction; `at`: in place of which token, of models that fill masks. Left out: the last. */
const prediction = { after: v.exactOptional(tokenRef), at: v.exactOptional(tokenRef) };
const rival = { rival: v.exactOptional(vocabularyToken) };
const oneHead = { layer: v.exactOptional(index), head: v.exactOptional(index), ...onPart };
const link = v.strictObject({ ...oneHead, from: tokenRef, to: tokenRef });

export const scoreName = v.picklist(['previous', 'same', 'self', 'first', 'entropy', 'induction', 'punctuation', 'distance']);
export type ScoreName = v.InferOutput<typeof scoreName>;
export const modelFact = v.picklist(['layers', 'heads', 'width', 'headWidth', 'parameters', 'vocabulary', 'positions', 'feedForward', 'kind', 'positionKind']);

/** By the key that says what is measured. */
export const measurementKinds = {
  probability: v.strictObject({ probability: vocabularyToken, ...prediction, sampling: v.exactOptional(samplingWish), ...elsewhere }),
  logprob: v.strictObject({ logprob: vocabularyToken, ...prediction, ...elsewhere }),
  logit: v.strictObject({ logit: vocabularyToken, ...prediction, ...elsewhere }),
  rank: v.strictObject({ rank: vocabularyToken, ...prediction, ...elsewhere }),
  likeliest: v.strictObject({ likeliest: tokenRef, ...elsewhere }),
  entropy: v.strictObject({ entropy: tokenRef, ...elsewhere }),
  kept: v.strictObject({ kept: tokenRef, sampling: samplingWish, ...elsewhere }),
  surprisal: v.strictObject({ surprisal: tokenRef, ...elsewhere }),
  attention: v.strictObject({ attention: link, ...elsewhere }),
  dot: v.strictObject({ dot: link, ...elsewhere }),
  scaled: v.strictObject({ scaled: link, ...elsewhere }),
  score: v.strictObject({ score: v.union([scoreName, v.strictObject({ ...oneHead, of: scoreName })], () => 'score'), ...elsewhere }),
  tokens: v.strictObject({ tokens: v.picklist(['text', 'output']), ...elsewhere }),
  id: v.strictObject({ id: tokenRef, ...elsewhere }),
  bytes: v.strictObject({ bytes: tokenRef, ...elsewhere }),
  influence: v.strictObject({ influence: tokenRef, at: tokenRef, ...elsewhere }),
  effect: v.strictObject({ effect: v.picklist(['probability', 'logprob', 'logitDifference', 'divergence']), experiments, token: v.exactOptional(vocabularyToken), ...rival, ...prediction, model: v.exactOptional(modelName), text: v.exactOptional(runText) }),
  share: v.strictObject({ share: v.picklist(['embedding', 'position', 'head', 'attentionBias', 'feedForward', 'normBias', 'unembeddingBias']), layer: v.exactOptional(index), head: v.exactOptional(index), from: v.exactOptional(tokenRef), token: vocabularyToken, ...rival, ...prediction, ...elsewhere }),
  lens: v.strictObject({ lens: vocabularyToken, layer: layerOrEmbedding, of: v.optional(v.picklist(['rank', 'probability']), 'probability'), ...onHalf, ...prediction, ...elsewhere }),
  lensLikeliest: v.strictObject({ lensLikeliest: layerOrEmbedding, ...onHalf, ...prediction, ...elsewhere }),
  neuron: v.strictObject({ neuron: v.strictObject({ layer: index, index, at: tokenRef }), ...elsewhere }),
  cosine: v.strictObject({ cosine: v.strictTuple([vocabularyToken, vocabularyToken]), ...elsewhere }),
  variance: v.strictObject({ variance: v.literal('projection'), ...elsewhere }),
  similarity: v.strictObject({ similarity: v.strictTuple([index, index]), ...onPart, ...elsewhere }),
  model: v.strictObject({ model: modelFact, of: v.exactOptional(modelName) }),
  written: v.strictObject({ written: v.literal(true), ...elsewhere }),
} as const;

export type MeasurementKind = keyof typeof measurementKinds;
export type Measurement = v.InferOutput<(typeof measurementKinds)[MeasurementKind]>;
/** One kind of measurement. */
export type MeasurementOf<Kind extends MeasurementKind> = v.InferOutput<(typeof measurementKinds)[Kind]>;

/** A measurement's kind: the first of its keys that is one. `model` is a kind only where no other is there, since others may name another model. */
export function kindOf(value: object): MeasurementKind | null {
  const kinds = Object.keys(value).filter(isKind);
  return kinds.find((kind) => kind !== 'model') ?? kinds[0] ?? null;
}

const isKind = (key: string): key is MeasurementKind => Object.hasOwn(measurementKinds, key);

const noKind = v.custom<never>(() => false, 'measurement');

export const measurement = v.lazy((value): (typeof measurementKinds)[MeasurementKind] | typeof noKind => {
  const kind = typeof value === 'object' && value !== null ? kindOf(value) : null;
  return kind ? measurementKinds[kind] : noKind;
});

/** What run a measurement is made on, as far as it is not the step's. */
export interface Elsewhere {
  readonly model?: string;
  readonly text?: string;
  readonly experiments?: readonly ExperimentWish[];
}

export function isModelFact(measured: Measurement): measured is MeasurementOf<'model'> {
  return kindOf(measured) === 'model';
}

export function elsewhereOf(measured: Measurement): Elsewhere {
  if (isModelFact(measured)) return measured.of === undefined ? {} : { model: measured.of };
  const { model, text } = measured;
  // The experiments of an effect are not of the run that it is asked about.
  const experiments = 'effect' in measured ? undefined : measured.experiments;
  return { ...(model === undefined ? {} : { model }), ...(text === undefined ? {} : { text }), ...(experiments ? { experiments } : {}) };
}
