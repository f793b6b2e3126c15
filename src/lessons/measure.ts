/** Measures what a lesson claims or asks, on the real model. */
import { ProblemError } from '../engine/client.ts';
import type { Ask, Candidate, ModelInfo, Sampling } from '../protocol.ts';
import { spelled } from '../writtenText.ts';
import type { LabRun, Laboratory, RunWish } from './laboratory.ts';
import { elsewhereOf, isModelFact, type Measurement, type MeasurementOf, type SamplingWish } from './measurement.ts';
import { attentionOf, interventionsOf, placeOf, predictedSequence, predictingPart, tokenIn, vocabularyId } from './resolve.ts';

/** What a measurement comes to: a number, or a text. */
export type Value = number | string;

/**
 * @param where the run that is measured where the measurement does not name another
 * @throws ProblemError
 */
export async function measure(measured: Measurement, where: RunWish, laboratory: Laboratory): Promise<Value> {
  const run = await runFor(measured, where, laboratory);
  const m = measured;
  if (isModelFact(m)) return modelFact(m.model, run);
  if ('probability' in m) return m.sampling ? drawn(m, m.sampling, run) : Math.exp((await candidate(m.probability, m, run)).logProbability);
  if ('logprob' in m) return (await candidate(m.logprob, m, run)).logProbability;
  if ('logit' in m) return (await candidate(m.logit, m, run)).logit;
  if ('rank' in m) return (await candidate(m.rank, m, run)).rank;
  if ('likeliest' in m) return (await next(m.likeliest, run)).top[0]?.text ?? '';
  if ('entropy' in m) return (await next(m.entropy, run)).entropy;
  if ('kept' in m) return (await run.ask('next', { position: tokenIn(m.kept, run, predictedSequence(run.info.model)), top: 1, sampling: fullSampling(m.sampling) })).sampled?.kept ?? 0;
  if ('surprisal' in m) return surprisal(tokenIn(m.surprisal, run, 'text'), run);
  if ('attention' in m) return attention(m.attention, run);
  if ('dot' in m) return headStep(m.dot, run, ({ product }) => product);
  if ('scaled' in m) return headStep(m.scaled, run, ({ score }) => score);
  if ('score' in m) return score(m.score, run);
  if ('tokens' in m) return m.tokens === 'text' ? run.info.tokens.length : run.output.length;
  if ('id' in m) return tokenAt(m.id, run).id;
  if ('bytes' in m) return tokenAt(m.bytes, run).bytes.length;
  if ('influence' in m) return (await run.ask('influence', { position: tokenIn(m.at, run, 'text'), tokens: [tokenIn(m.influence, run, 'text')] })).divergence[0] ?? 0;
  if ('effect' in m) return effect(m, run);
  if ('share' in m) return logitShare(m, run);
  if ('lens' in m) return lens(m, run);
  if ('lensLikeliest' in m) {
    const { layers, top } = await run.ask('lens', { ...lensPlace(m, run), top: 1 });
    return top[layerRow(m.lensLikeliest, layers, run)]?.[0]?.text ?? '';
  }
  if ('neuron' in m) return neuron(m.neuron, run);
  if ('cosine' in m) return cosine(m.cosine, run);
  if ('variance' in m) {
    const { variance } = await run.ask('projection', { id: null, neighbours: 0 });
    return variance[0] + variance[1];
  }
  if ('similarity' in m) return similarity(m, run);
  return spelled(run.output);
}

async function runFor(measured: Measurement, where: RunWish, laboratory: Laboratory): Promise<LabRun> {
  const { model, text, experiments } = elsewhereOf(measured);
  // What is switched off is of the run that was given, not of another.
  const other: RunWish = model === undefined && text === undefined ? where : { model: model ?? where.model, text: text ?? where.text, ...(where.target === undefined || model !== undefined ? {} : { target: where.target }) };
  if (!experiments?.length) return laboratory.run(other);
  const plain: RunWish = { model: other.model, text: other.text, ...(other.target === undefined ? {} : { target: other.target }) };
  const interventions = interventionsOf(experiments, await laboratory.run(plain));
  return laboratory.run({ ...plain, interventions });
}

// ── Predictions ──────────────────────────────────────────────────────────────────────────

interface Prediction {
  readonly after?: string;
  readonly at?: string;
}

/** The position that a prediction is asked of: the last where none is named, of an output the one before its end. */
function positionOf({ after, at }: Prediction, run: LabRun, sequence = predictedSequence(run.info.model)): number {
  const written = at ?? after;
  if (written !== undefined) return tokenIn(written, run, sequence);
  return sequence === 'text' ? run.info.tokens.length - 1 : Math.max(0, run.output.length - 2);
}

async function candidate(text: string, prediction: Prediction, run: LabRun): Promise<Candidate> {
  const id = await vocabularyId(text, run);
  const { also } = await run.ask('next', { position: positionOf(prediction, run), top: 1, also: [id] });
  const [found] = also ?? [];
  if (!found) throw new ProblemError('model.predictsNothing', { name: run.info.model.name });
  return found;
}

const next = (after: string, run: LabRun): ReturnType<typeof run.ask<'next'>> => run.ask('next', { position: tokenIn(after, run, predictedSequence(run.info.model)), top: 1 });

export function fullSampling({ temperature = 1, topK = 0, topP = 1, minP = 0 }: SamplingWish): Sampling {
  return { temperature, topK, topP, minP };
}

/** What is drawn is told of the likeliest only: so many are asked for that the token is among them. */
async function drawn(m: MeasurementOf<'probability'>, sampling: SamplingWish, run: LabRun): Promise<number> {
  const { rank } = await candidate(m.probability, m, run);
  const { sampled } = await run.ask('next', { position: positionOf(m, run), top: rank, sampling: fullSampling(sampling) });
  return sampled?.drawn[rank - 1] ?? 0;
}

async function surprisal(token: number, run: LabRun): Promise<number> {
  return (await run.ask('surprisal', { from: token, to: token + 1 })).bits[0] ?? NaN;
}

async function effect(m: MeasurementOf<'effect'>, run: LabRun): Promise<number> {
  const target = m.token === undefined ? {} : { target: await vocabularyId(m.token, run) };
  const rival = m.rival === undefined ? {} : { rival: await vocabularyId(m.rival, run) };
  const answer = await run.ask('effect', { position: positionOf(m, run), ...target, ...rival, interventions: interventionsOf(m.experiments, run), top: 1 });
  switch (m.effect) {
    case 'probability':
      return Math.exp(answer.target.after.logProbability) - Math.exp(answer.target.before.logProbability);
    case 'logprob':
      return answer.logProbability;
    case 'logitDifference':
      return answer.logitDifference ?? answer.target.after.logit - answer.target.before.logit;
    case 'divergence':
      return answer.divergence;
    default:
      return m.effect satisfies never;
  }
}

async function logitShare(m: MeasurementOf<'share'>, run: LabRun): Promise<number> {
  const id = await vocabularyId(m.token, run);
  const rival = m.rival === undefined ? {} : { rival: await vocabularyId(m.rival, run) };
  const aim = { position: positionOf(m, run), id, ...rival };
  if (m.share === 'head' && m.from !== undefined && m.layer !== undefined && m.head !== undefined) {
    const { shares } = await run.ask('attributionSources', { ...aim, layer: m.layer, head: m.head });
    return shares[tokenIn(m.from, run, 'text')] ?? 0;
  }
  const { shares } = await run.ask('attribution', aim);
  const own = shares.filter((part) => part.part === m.share && (m.layer === undefined || !('layer' in part) || part.layer === m.layer) && (m.head === undefined || !('head' in part) || part.head === m.head));
  return own.reduce((sum, { value }) => sum + value, 0);
}

async function lens(m: MeasurementOf<'lens'>, run: LabRun): Promise<number> {
  const id = await vocabularyId(m.lens, run);
  const { layers, followed } = await run.ask('lens', { ...lensPlace(m, run), top: 1, id });
  const row = layerRow(m.layer, layers, run);
  return m.of === 'rank' ? (followed?.rank[row] ?? 0) : Math.exp(followed?.logProbability[row] ?? -Infinity);
}

/** The encoder's half is asked about a token of the text. */
function lensPlace(m: MeasurementOf<'lens' | 'lensLikeliest'>, run: LabRun): Pick<Ask<'lens'>, 'part' | 'positions'> {
  return { ...(m.part ? { part: m.part } : {}), positions: [positionOf(m, run, m.part === 'encoder' ? 'text' : predictedSequence(run.info.model))] };
}

function layerRow(layer: number, layers: readonly number[], { info: { model } }: LabRun): number {
  const row = layers.indexOf(layer);
  if (row === -1) throw new ProblemError('head.beyond', { place: String(layer), name: model.name, layers: String(model.layers), heads: String(model.heads) });
  return row;
}

// ── Attention ────────────────────────────────────────────────────────────────────────────

type LinkWish = MeasurementOf<'attention'>['attention'];

async function attention({ part, layer = 0, head = 0, from, to }: LinkWish, run: LabRun): Promise<number> {
  const of = attentionOf(run, part, layer, [head]);
  const query = tokenIn(from, run, of.queries);
  const key = tokenIn(to, run, of.keys);
  const { weights } = await run.ask('focus', { part: of.part, layer, heads: [head], average: false, sink: 'show', unit: 'token', percent: 100, unitIndex: query, direction: 'from' });
  return weights[key] ?? 0;
}

async function headStep({ part, layer = 0, head = 0, from, to }: LinkWish, run: LabRun, take: (of: { product: number; score: number }) => number): Promise<number> {
  const of = attentionOf(run, part, layer, [head]);
  const key = tokenIn(to, run, of.keys);
  const { products, scores } = await run.ask('headSteps', { part: of.part, layer, head, query: tokenIn(from, run, of.queries), order: 'text', from: key, count: 1 });
  return take({ product: products[0] ?? 0, score: scores[0] ?? 0 });
}

function score(wish: MeasurementOf<'score'>['score'], run: LabRun): number {
  const { of: name, part, layer = 0, head = 0 } = typeof wish === 'string' ? { of: wish } : wish;
  const of = attentionOf(run, part, layer, [head]);
  return run.summaries.find((summary) => summary.part === of.part && summary.layer === layer)?.heads[head]?.scores[name] ?? NaN;
}

// ── Tokens, vectors, the model ───────────────────────────────────────────────────────────

function tokenAt(written: string, run: LabRun): { readonly id: number; readonly bytes: readonly number[] } {
  const { sequence, token } = placeOf(written, run);
  const found = (sequence === 'text' ? run.info.tokens : run.output)[token];
  if (!found) throw new ProblemError('lesson.noToken', { token: written, name: run.info.model.name });
  return found;
}

async function neuron({ layer, index, at }: MeasurementOf<'neuron'>['neuron'], run: LabRun): Promise<number> {
  const position = tokenIn(at, run, predictedSequence(run.info.model));
  const { count } = await run.ask('neurons', { layer, position, top: 1, tokens: 1 });
  if (index >= count) throw new ProblemError('head.beyond', { place: `${String(layer)}.${String(index)}`, name: run.info.model.name, layers: String(run.info.model.layers), heads: String(count) });
  const { tensors } = await run.ask('capture', { stage: `blocks.${String(layer)}` });
  const activations = tensors.find(({ name }) => name === `blocks.${String(layer)}.mlp.hook_post`);
  return activations?.data[position * count + index] ?? NaN;
}

async function cosine([a, b]: readonly [string, string], run: LabRun): Promise<number> {
  const [id, other] = [await vocabularyId(a, run), await vocabularyId(b, run)];
  if (id === other) return 1;
  const { neighbours } = await run.ask('neighbours', { id, top: run.info.model.vocabulary });
  return neighbours.find((one) => one.id === other)?.cosine ?? NaN;
}

async function similarity({ similarity: [a, b], part }: MeasurementOf<'similarity'>, run: LabRun): Promise<number> {
  const answer = await run.ask('positions', { part: part ?? predictingPart(run.info.model), layer: 0, count: Math.max(a, b) + 1 });
  return answer.kind === 'relative' ? NaN : (answer.similarity[a * answer.count + b] ?? NaN) / 1000;
}

async function modelFact(fact: MeasurementOf<'model'>['model'], run: LabRun): Promise<Value> {
  const { model } = run.info;
  switch (fact) {
    case 'feedForward':
      return (await run.ask('neurons', { layer: 0, position: 0, top: 1, tokens: 1 })).count;
    case 'positionKind':
      return (await run.ask('positions', { part: predictingPart(model), layer: 0, count: 1 })).kind;
    case 'layers':
    case 'heads':
    case 'width':
    case 'headWidth':
    case 'parameters':
    case 'vocabulary':
    case 'positions':
    case 'kind':
      return factOf(model, fact);
    default:
      return fact satisfies never;
  }
}

/** Of an encoder–decoder the counts are those of the part that predicts. */
const factOf = (model: ModelInfo, fact: 'layers' | 'heads' | 'width' | 'headWidth' | 'parameters' | 'vocabulary' | 'positions' | 'kind'): Value => model[fact];
