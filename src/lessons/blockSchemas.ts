/** What the blocks of a lesson may hold: `show`, `claims`, `check`, and the front matter. */
import * as v from 'valibot';
import { viewState } from '../panel/incoming.ts';
import { experiments, measurement, modelName, runText, samplingWish, scoreName, tokenRef, vocabularyToken } from './measurement.ts';

const view = viewState.entries;
const optional = v.exactOptional;
const sentence = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(2000));

export const frontMatter = v.strictObject({ title: sentence, after: sentence });
export const claims = v.record(v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]*$/, 'id')), measurement);

/** Keys of the view that are said as they are. */
const plainView = {
  picture: optional(view.picture),
  part: optional(view.part),
  layer: optional(view.layer),
  heads: optional(view.heads),
  average: optional(view.average),
  percent: optional(view.percent),
  sink: optional(view.sink),
  unit: optional(view.unit),
  direction: optional(view.direction),
  layout: optional(view.layout),
  spacing: optional(view.spacing),
  gridSort: optional(view.gridSort),
  headFilter: optional(view.headFilter),
  repeatedTokens: optional(view.repeatedTokens),
  navigator: optional(view.navigator),
  top: optional(view.top),
  candidates: optional(view.candidates),
  showing: optional(view.showing),
  seed: optional(view.seed),
  sweepOver: optional(view.sweepOver),
  sweepBy: optional(view.sweepBy),
  sweepMeasure: optional(view.sweepMeasure),
  otherText: optional(view.otherText),
  patchOver: optional(view.patchOver),
};
/** Those that name tokens by text: `aim` and `rival` of the vocabulary, `pin` of the text or the output. */
const namedView = { pin: optional(tokenRef), aim: optional(vocabularyToken), rival: optional(vocabularyToken), experiments: optional(experiments) };

export const show = v.strictObject({ model: optional(modelName), text: optional(runText), target: optional(v.string()), editable: optional(v.boolean()), ...plainView, ...namedView, sampling: optional(samplingWish) });
export type ShowWish = v.InferOutput<typeof show>;

const bounds = { above: optional(v.number()), below: optional(v.number()) };
const bounded = v.strictObject(bounds);
export type Bounds = v.InferOutput<typeof bounded>;
const orBounded = <S extends v.GenericSchema>(exact: S): v.LazySchema<S | typeof bounded> => v.lazy((value) => (typeof value === 'object' && value !== null ? bounded : exact));

/** A view that is wanted or handed in: numbers may be given by bounds where it is wanted. */
const wantedView = v.strictObject({ ...plainView, layer: optional(orBounded(view.layer)), percent: optional(orBounded(view.percent)), pin: optional(tokenRef), aim: optional(vocabularyToken), rival: optional(vocabularyToken), sampling: optional(v.strictObject({ temperature: optional(orBounded(v.number())), topK: optional(orBounded(v.number())), topP: optional(orBounded(v.number())), minP: optional(orBounded(v.number())) })) });
export type ViewWish = v.InferOutput<typeof wantedView>;
const givenView = v.strictObject({ model: optional(modelName), ...plainView, pin: optional(tokenRef), aim: optional(vocabularyToken), rival: optional(vocabularyToken), sampling: optional(samplingWish) });

const option = v.union([v.pipe(v.string(), v.minLength(1)), v.pipe(v.number(), v.transform(String)), v.strictObject({ text: sentence, hint: optional(sentence), measure: optional(measurement) })], () => 'option');
const options = v.pipe(v.array(option), v.minLength(2), v.maxLength(12));
const place = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(12));
const headPlace = v.strictObject({ layer: view.layer, head: view.layer, part: optional(view.part) });
const common = { task: optional(sentence), hint: optional(v.union([sentence, v.pipe(v.array(sentence), v.minLength(1), v.maxLength(5))], () => 'hint')) };
/** One, or a list of such. */
const some = <S extends v.GenericSchema>(one: S, isList: (value: unknown) => boolean = Array.isArray): v.LazySchema<S | v.ArraySchema<S, undefined>> => v.lazy((value) => (isList(value) ? v.array(one) : one));
const listOfLists = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every(Array.isArray);
const end = v.picklist(['largest', 'smallest']);
const what = v.picklist(['head', 'attention', 'feedForward', 'neuron', 'token', 'link', 'positions']);
/** By kind. */
export const checkKinds = {
  choice: v.strictObject({ kind: v.literal('choice'), ...common, options, right: some(place) }),
  guess: v.strictObject({ kind: v.literal('guess'), ...common, options: optional(options), right: optional(end), number: optional(measurement), within: optional(v.pipe(v.number(), v.minValue(0))), unit: optional(v.string()), answer: optional(v.number()), wrong: optional(some(v.number())) }),
  head: v.strictObject({ kind: v.literal('head'), ...common, score: optional(scoreName), measure: optional(measurement), ...bounds, largest: optional(v.literal(true)), answer: headPlace, wrong: some(headPlace) }),
  token: v.strictObject({ kind: v.literal('token'), ...common, token: optional(tokenRef), largest: optional(measurement), smallest: optional(measurement), except: optional(v.array(tokenRef)), answer: optional(tokenRef), wrong: some(tokenRef) }),
  text: v.strictObject({ kind: v.literal('text'), ...common, measure: measurement, ...bounds, is: optional(v.union([v.string(), v.number()], () => 'is')), answer: runText, wrong: some(runText) }),
  experiment: v.strictObject({ kind: v.literal('experiment'), ...common, measure: measurement, falls: optional(v.number()), rises: optional(v.number()), ...bounds, only: optional(v.array(what)), most: optional(v.pipe(v.number(), v.integer(), v.minValue(1))), answer: experiments, wrong: some(experiments, listOfLists) }),
  view: v.strictObject({ kind: v.literal('view'), ...common, view: optional(wantedView), model: optional(modelName), measure: optional(measurement), ...bounds, answer: optional(givenView), wrong: some(givenView) }),
} as const;

export type CheckKind = keyof typeof checkKinds;
export type CheckWish = v.InferOutput<(typeof checkKinds)[CheckKind]>;
export type CheckOf<Kind extends CheckKind> = Extract<CheckWish, { kind: Kind }>;
export type GivenView = v.InferOutput<typeof givenView>;

export const check = v.variant('kind', [checkKinds.choice, checkKinds.guess, checkKinds.head, checkKinds.token, checkKinds.text, checkKinds.experiment, checkKinds.view]);
