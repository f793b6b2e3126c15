/** What comes from the page or from storage is checked here before anything believes it. */
import * as v from 'valibot';
import type { PageMessage, PanelState } from '../protocol.ts';

const index = v.pipe(v.number(), v.integer(), v.minValue(0));
const weight = v.pipe(v.number(), v.finite());
const heads = v.pipe(v.array(index), v.readonly());
const sink = v.picklist(['show', 'dim', 'remove']);
const measure = v.picklist(['weight', 'valueNorm', 'rollout']);
const unit = v.picklist(['token', 'word']);
const direction = v.picklist(['from', 'to']);
const part = v.picklist(['encoder', 'decoder', 'cross']);
const percent = v.pipe(v.number(), v.minValue(0), v.maxValue(100));

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
/** Each word asked for takes a few runs of one token. */
const mostWords = 100;
/** A word of some pieces, UTF-16 units. */
const mostInserted = 1000;
/** A lens of more positions is asked for piece by piece. */
const mostPositions = 256;
/** A graph of weaker paths cannot be read. */
const leastPath = 0.002;
/** Tokens or neurons in a list. */
const listed = v.pipe(index, v.maxValue(100));
/** Random tokens in a row, and how often it comes. */
const mostRepeated = 512;
/** A temperature of 0 would divide by it: the least is what the page's slider offers. */
const sampling = v.object({ temperature: v.pipe(v.number(), v.minValue(0.1), v.maxValue(2)), topK: index, topP: share, minP: share });
const place = v.object({ sequence: v.picklist(['text', 'output']), token: index });

/** All heads of the largest models that are shown, and as much again. */
const mostInterventions = 2000;
const by = v.picklist(['zero', 'mean']);
const half = v.picklist(['encoder', 'decoder']);
export const intervention = v.variant('kind', [
  v.object({ kind: v.literal('head'), part, layer: index, head: index, by }),
  v.object({ kind: v.literal('attention'), part, layer: index, by }),
  v.object({ kind: v.literal('feedForward'), part: half, layer: index, by }),
  v.object({ kind: v.literal('neuron'), part: half, layer: index, index, by }),
  v.object({ kind: v.literal('token'), token: index }),
  v.object({ kind: v.literal('link'), part, layer: index, heads: v.pipe(v.array(index), v.minLength(1), v.readonly()), query: index, key: index, renormalise: v.boolean() }),
  v.object({ kind: v.literal('positions'), by }),
]);
const interventions = v.pipe(v.array(intervention), v.maxLength(mostInterventions), v.readonly());

/** Tokens that a decoder may have written: more than any model's positions. */
const mostOutput = 1 << 20;
const outputIds = v.pipe(v.array(index), v.maxLength(mostOutput), v.readonly());

/** Characters or bytes of an exported file: a picture of 500 tokens has a tenth of it. */
const mostExported = 64 * 2 ** 20;
/** UTF-16 units of a text; more is never read of one. */
export const mostText = 200_000;
/** UTF-16 units of comparisons of scores. */
const mostFilter = 200;
const sweepOver = v.picklist(['heads', 'parts', 'tokens']);
const patchOver = v.picklist(['resid_pre', 'attn_out', 'mlp_out', 'z']);
/** A name that is offered for a file: it leads nowhere. */
const fileName = v.pipe(v.string(), v.regex(/^[^/\\:*?"<>|\p{Cc}]{1,100}$/u));
/** UTF-16 units of what an experiment is called. */
const mostNamed = 200;
const picture = v.picklist(['graph', 'map', 'states', 'influence', 'lens', 'sources', 'paths', 'sweep', 'patching', 'models', 'head', 'embeddings', 'positions', 'neurons', 'way']);

export const viewState = v.object({
  picture,
  part,
  layer: index,
  heads,
  average: v.boolean(),
  percent,
  sink,
  measure,
  unit,
  direction,
  layout: v.picklist(['vertical', 'horizontal']),
  spacing: weight,
  pinned: v.nullable(place),
  gridSort: v.picklist(['layer', 'entropy', 'first', 'previous', 'self', 'same', 'induction', 'punctuation', 'distance']),
  headFilter: v.pipe(v.string(), v.maxLength(mostFilter)),
  repeatedTokens: v.boolean(),
  navigator: v.boolean(),
  top: index,
  candidates: v.picklist(['token', 'word']),
  sampling: v.nullable(sampling),
  seed: index,
  target: v.nullable(index),
  rival: v.nullable(index),
  experiments: v.pipe(v.array(v.object({ name: v.nullable(v.pipe(v.string(), v.maxLength(mostNamed))), on: v.boolean(), intervention })), v.maxLength(mostInterventions), v.readonly()),
  showing: v.picklist(['before', 'after', 'difference']),
  surprisal: v.boolean(),
  sweepOver,
  sweepBy: by,
  sweepMeasure: v.nullable(v.picklist(['logProbability', 'logitDifference', 'divergence'])),
  otherText: v.nullable(v.pipe(v.string(), v.maxLength(mostText))),
  patchOver,
});

const source = v.object({ uri: v.string(), label: v.string(), languageId: v.string(), start: index });
const subject = v.object({ text: v.string(), textLength: v.exactOptional(index), model: v.string(), windowStart: index, target: v.exactOptional(v.string()), source: v.exactOptional(source) });

/** UTF-16 units of a lesson's address, of the id of a step, and of a text that is typed in a lesson. */
const mostAddress = 10_000;
const mostTyped = 20_000;
const lessonName = v.pipe(v.string(), v.minLength(1), v.maxLength(mostAddress));
const lessonPlace = v.object({ id: lessonName, step: lessonName });
const given = v.nullable(v.union([v.strictObject({ option: index }), v.strictObject({ number: weight })]));

const panelState = v.object({ subject, view: viewState, lesson: v.exactOptional(lessonPlace) });
const subjectOnly = v.object({ subject });

const attentionOf = { measure: v.exactOptional(measure), part, layer: index, heads: v.pipe(v.array(index), v.minLength(1), v.readonly()), average: v.boolean(), sink, unit };
const attributed = { position: index, id: index, rival: v.exactOptional(index) };
const asked = { type: v.literal('ask'), id: index, run: index };

const aim = { position: index, target: v.exactOptional(index), rival: v.exactOptional(index) };

const pageMessage = v.variant('type', [
  v.object({ type: v.literal('ready') }),
  v.variant('question', [
    v.object({ ...asked, question: v.literal('links'), ask: v.object({ ...attentionOf, percent, limit: index }) }),
    v.object({ ...asked, question: v.literal('focus'), ask: v.object({ ...attentionOf, percent, unitIndex: index, direction }) }),
    v.object({ ...asked, question: v.literal('pattern'), ask: v.object(attentionOf) }),
    v.object({ ...asked, question: v.literal('difference'), ask: v.object({ ...attentionOf, against: index, percent, limit: index }) }),
    v.object({ ...asked, question: v.literal('headChanges'), ask: v.object({ part, against: index, from: index, to: index }) }),
    v.object({ ...asked, question: v.literal('next'), ask: v.object({ position: index, top: index, sampling: v.exactOptional(sampling), draw: v.exactOptional(share), also: v.exactOptional(v.pipe(v.array(index), v.maxLength(mostWords), v.readonly())) }) }),
    v.object({ ...asked, question: v.literal('words'), ask: v.object({ position: index, ids: v.pipe(v.array(index), v.maxLength(mostWords), v.readonly()) }) }),
    v.object({ ...asked, question: v.literal('surprisal'), ask: v.object({ from: index, to: index }) }),
    v.object({ ...asked, question: v.literal('states'), ask: v.object({ layer: index, units: index }) }),
    v.object({ ...asked, question: v.literal('influence'), ask: v.object({ position: index, tokens: v.pipe(v.array(index), v.readonly()) }) }),
    v.object({ ...asked, question: v.literal('lens'), ask: v.object({ part: v.exactOptional(half), positions: v.pipe(v.array(index), v.maxLength(mostPositions), v.readonly()), top: listed, id: v.exactOptional(index) }) }),
    v.object({ ...asked, question: v.literal('attribution'), ask: v.object(attributed) }),
    v.object({ ...asked, question: v.literal('attributionSources'), ask: v.object({ ...attributed, layer: index, head: index }) }),
    v.object({ ...asked, question: v.literal('paths'), ask: v.object({ ...attributed, least: v.pipe(share, v.minValue(leastPath)) }) }),
    v.object({ ...asked, question: v.literal('neurons'), ask: v.object({ layer: index, position: index, top: listed, tokens: listed }) }),
    v.object({ ...asked, question: v.literal('neighbours'), ask: v.object({ id: index, top: listed }) }),
    v.object({ ...asked, question: v.literal('headSteps'), ask: v.object({ part, layer: index, head: index, query: index, order: v.picklist(['text', 'weight']), from: index, count: listed }) }),
    v.object({ ...asked, question: v.literal('projection'), ask: v.object({ id: v.nullable(index), neighbours: listed }) }),
    v.object({ ...asked, question: v.literal('positions'), ask: v.object({ part, layer: index, count: v.pipe(index, v.minValue(1), v.maxValue(mostPositions)) }) }),
    v.object({ ...asked, question: v.literal('way'), ask: v.object({ part, position: index }) }),
    v.object({ ...asked, question: v.literal('spelling'), ask: v.object({ text: v.pipe(v.string(), v.maxLength(mostInserted)) }) }),
    v.object({ ...asked, question: v.literal('effect'), ask: v.object({ ...aim, interventions: interventions, top: index }) }),
    v.object({ ...asked, question: v.literal('sweep'), ask: v.object({ ...aim, over: sweepOver, part: v.exactOptional(part), by, from: index, to: index }) }),
    v.object({ ...asked, question: v.literal('alignment'), ask: v.object({ corrupted: index, position: index, top: listed }) }),
    v.object({ ...asked, question: v.literal('patch'), ask: v.object({ ...aim, corrupted: index, over: patchOver, part: v.exactOptional(part), from: index, to: index }) }),
    v.object({ ...asked, question: v.literal('repeated'), ask: v.object({ seed: index, length: v.pipe(index, v.minValue(2), v.maxValue(mostRepeated)), repeats: v.pipe(index, v.minValue(2), v.maxValue(mostRepeated)) }) }),
    v.object({ ...asked, question: v.literal('fidelity'), ask: v.strictObject({}) }),
    v.object({ ...asked, question: v.literal('stages'), ask: v.strictObject({}) }),
    v.object({ ...asked, question: v.literal('capture'), ask: v.object({ stage: v.string() }) }),
  ]),
  v.object({ type: v.literal('drop'), id: index }),
  v.object({
    type: v.literal('highlight'),
    highlight: v.nullable(v.object({ token: v.nullable(index), pinned: v.boolean(), partners: v.pipe(v.array(v.object({ token: index, weight })), v.readonly()) })),
  }),
  v.object({ type: v.literal('view'), view: viewState }),
  v.object({ type: v.literal('window'), start: index }),
  v.object({ type: v.literal('insert'), text: v.pipe(v.string(), v.maxLength(mostInserted)), token: index, instead: v.boolean() }),
  v.object({ type: v.literal('walk'), by: v.picklist([-1, 1]) }),
  v.variant('action', [
    v.object({ type: v.literal('phrasings'), action: v.literal('close') }),
    v.object({ type: v.literal('phrasings'), action: v.literal('attend'), which: v.picklist([0, 1]) }),
  ]),
  v.variant('action', [
    v.object({ type: v.literal('lesson'), action: v.picklist(['list', 'closeList', 'onward', 'leave', 'return', 'reset', 'export']) }),
    v.object({ type: v.literal('lesson'), action: v.literal('open'), id: lessonName }),
    v.object({ type: v.literal('lesson'), action: v.literal('step'), step: lessonName }),
    v.object({ type: v.literal('lesson'), action: v.literal('check'), step: lessonName, given, view: viewState }),
    v.object({ type: v.literal('lesson'), action: v.literal('text'), text: v.pipe(v.string(), v.maxLength(mostTyped)) }),
  ]),
  v.object({ type: v.literal('looked'), version: index, view: viewState, differs: v.pipe(v.array(v.pipe(v.string(), v.maxLength(mostNamed))), v.maxLength(mostNamed), v.readonly()), position: v.nullable(index) }),
  v.object({ type: v.literal('probe'), action: v.picklist(['save', 'accept', 'text']) }),
  v.variant('format', [
    v.object({ type: v.literal('export'), name: fileName, format: v.picklist(['svg', 'csv', 'json']), content: v.pipe(v.string(), v.maxLength(mostExported)) }),
    v.object({ type: v.literal('export'), name: fileName, format: v.literal('png'), content: v.pipe(v.instance(Uint8Array), v.check(({ length }) => length <= mostExported)) }),
    v.object({ type: v.literal('export'), name: fileName, format: v.literal('safetensors') }),
  ]),
  v.object({ type: v.literal('copy'), text: v.pipe(v.string(), v.maxLength(mostExported)) }),
  v.object({ type: v.literal('model'), name: v.string() }),
  v.object({
    type: v.literal('beside'),
    place: v.picklist(['model', 'experiments', 'text', 'writing']),
    request: index,
    wanted: v.nullable(v.object({ model: v.exactOptional(v.string()), text: v.exactOptional(v.string()), interventions: v.exactOptional(interventions), outputIds: v.exactOptional(outputIds) })),
  }),
  v.object({ type: v.literal('target'), target: v.string() }),
  v.object({ type: v.literal('command'), command: v.picklist(['openModel', 'retry', 'reveal', 'refresh', 'toggleFollow']) }),
]);

/** A message of the page, or `null` where it is none. */
export function readPageMessage(message: unknown): PageMessage | null {
  const parsed = v.safeParse(pageMessage, message);
  return parsed.success ? parsed.output : null;
}

/** What a panel stored before a reload, as far as it can be used: without a subject nothing, without a view the first one. */
export function readPanelState(state: unknown): Pick<PanelState, 'subject' | 'lesson'> & { view: PanelState['view'] | null } | null {
  const whole = v.safeParse(panelState, state);
  if (whole.success) return whole.output;
  const part = v.safeParse(subjectOnly, state);
  return part.success ? { subject: part.output.subject, view: null } : null;
}
