/** What a probe file must hold, as a check of values that were read; media/probe.schema.json is made of it. */
import * as v from 'valibot';
import type { ProbeView } from '../protocol.ts';
import { intervention, mostText, viewState } from '../panel/incoming.ts';

/** The version of the format that is written. */
export const PROBE_VERSION = 1;

/** UTF-16 units of a name or a token. */
const MOST_NAME = 1000;
/** UTF-16 units of what an experiment is called. */
const MOST_LABEL = 200;
/** Experiments in a list. */
const MOST_EXPERIMENTS = 2000;
/** Likeliest tokens in a result. */
const MOST_LIKELY = 100;

const index = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const name = v.pipe(v.string(), v.maxLength(MOST_NAME));
const number = v.pipe(v.number(), v.finite());
const tokenEntries = { id: index, text: name };
const token = v.strictObject(tokenEntries);
const tokenResult = v.strictObject({
  ...tokenEntries,
  before: v.pipe(number, v.description('Natural log-probability without the experiments.')),
  after: v.pipe(number, v.description('Natural log-probability with those that are on.')),
});
const experiment = v.object({ name: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(MOST_LABEL))), null), on: v.boolean(), intervention });
const likely = v.pipe(v.array(v.strictObject({ text: name, logProbability: number })), v.maxLength(MOST_LIKELY), v.readonly());

/** JSON knows no `undefined`: what is not there is left out. */
export const isView = (view: { readonly [K in keyof ProbeView]: ProbeView[K] | undefined }): view is ProbeView => Object.values(view).every((setting) => setting !== undefined);

/** How a probe is looked at; a setting that is not there is as in the first view. */
export const probeView = v.partial(v.omit(viewState, ['target', 'rival', 'experiments']));

export const probeSchema = v.strictObject({
  $schema: v.exactOptional(name),
  headlightProbe: v.pipe(v.literal(PROBE_VERSION), v.description('Version of the format.')),
  model: v.pipe(
    v.strictObject({
      name: v.pipe(v.string(), v.minLength(1), v.maxLength(MOST_NAME), v.description('The name that the list of models has for it; never a path.')),
      kind: v.picklist(['decoder', 'encoder', 'encoder-decoder', 'recurrent']),
      precision: v.picklist(['float32', '8-bit']),
      fingerprint: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/), v.description('SHA-256 over the configuration, the tokenizer and the weights.')),
    }),
    v.description('The model, and what its files were known by when the probe was saved.'),
  ),
  text: v.pipe(v.string(), v.minLength(1), v.maxLength(mostText), v.description('What the model reads.')),
  language: v.exactOptional(v.pipe(name, v.description('Code of the language that a translating model writes.'))),
  windowStart: v.exactOptional(v.pipe(index, v.description('First token shown of a text that is longer than the model can see.'))),
  experiments: v.pipe(v.array(experiment), v.maxLength(MOST_EXPERIMENTS), v.readonly(), v.description('What is switched off, all that is on at once.')),
  aim: v.pipe(v.nullable(v.strictObject({ position: index, target: v.nullable(token), rival: v.nullable(token) })), v.description('Which prediction is looked at: after which token, and by which tokens; null: the likeliest, and none.')),
  view: v.pipe(probeView, v.guard(isView), v.description('How it is looked at: only what differs from the first view.')),
  result: v.pipe(
    v.nullable(v.strictObject({ target: tokenResult, rival: v.nullable(tokenResult), divergence: v.pipe(number, v.description('Kullback–Leibler divergence of the whole prediction, bits.')), before: likely, after: likely })),
    v.description('What came of it when it was saved.'),
  ),
});
