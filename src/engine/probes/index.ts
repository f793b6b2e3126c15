/** Every question of the protocol and the probe that answers it. */
import type { Aim, Answer, Ask, AttentionInfo, AttentionOf, AttentionPart, Question, RunId, Sequence } from '../../protocol.ts';
import { ProblemError } from '../problemError.ts';
import type { Run } from '../run.ts';
import type { Trace } from '../trace.ts';
import { alignment } from './alignment.ts';
import { attribution, attributionSources, pathsOf } from './attribution.ts';
import { capture, stages } from './capture.ts';
import { difference } from './difference.ts';
import { effect } from './effect.ts';
import { fidelity } from './fidelity.ts';
import { focus } from './focus.ts';
import { headChanges } from './headChanges.ts';
import { headSteps } from './headSteps.ts';
import { influence } from './influence.ts';
import { lens } from './lens.ts';
import { links } from './links.ts';
import { neighbours } from './neighbours.ts';
import { neurons } from './neurons.ts';
import { candidates, next, rankOf } from './next.ts';
import { patch } from './patch.ts';
import { paths } from './paths.ts';
import { pattern } from './pattern.ts';
import { repeated } from './repeated.ts';
import { positions } from './positions.ts';
import { projection } from './projection.ts';
import { sample, sampled } from './sampling.ts';
import { states } from './states.ts';
import { surprisal } from './surprisal.ts';
import { sweep } from './sweep.ts';
import { way } from './way.ts';
import { words } from './words.ts';

/** Other runs that are held. */
type Held = (run: RunId) => Run | undefined;

type Probe<Q extends Question> = (run: Run, ask: Ask<Q>, held: Held) => Promise<Answer<Q>>;

const PROBES: { readonly [Q in Question]: Probe<Q> } = {
  async links(run, ask) {
    const { view, thresholds } = await run.views.withThresholds(checked(run, ask), ask.percent);
    return links(view, thresholds, ask);
  },
  async focus(run, ask) {
    const { view, thresholds } = await run.views.withThresholds(checked(run, ask), ask.percent);
    return focus(view, thresholds, ask);
  },
  async pattern(run, ask) {
    return pattern(await run.views.view(checked(run, ask)));
  },
  async difference(run, ask, held) {
    return difference(run, requireRun(held, ask.against), checked(run, ask));
  },
  async headChanges(run, ask, held) {
    requireAttention(run, ask.part, 0);
    return headChanges(run, requireRun(held, ask.against), ask);
  },
  async next({ trace, tokens, logits: held }, { position, top, sampling, draw, also = [] }) {
    const { predicts, kind } = trace.model.info;
    const own = tokens[kind === 'encoder-decoder' ? 'output' : 'text'];
    const token = own[position];
    if (!token) throw outOfRange('position', position);
    const masked = predicts === 'masked';
    const at = await held.at(position, !masked || token.origin === 'added');
    const there = masked ? (token.id === trace.model.maskId ? undefined : token.id) : own[position + 1]?.id;
    const candidate = candidates(at.logits, trace.model);
    const answer = next(at.logits, position, top, candidate, there);
    for (const id of also) if (!(id < at.logits.length)) throw outOfRange('token id', id);
    return { ...answer, predicts, ...(also.length ? { also: also.map((id) => candidate(id, rankOf(at.logits, id))) } : {}), ...(sampling ? { sampled: sampled(sample(at, sampling), answer.top, draw, candidate) } : {}) };
  },
  async words(run, ask) {
    const trace = goingOn(run);
    if (!(ask.position in run.tokens.text)) throw outOfRange('position', ask.position);
    for (const id of ask.ids) if (!(id >= 0 && id < trace.model.info.vocabulary)) throw outOfRange('token id', id);
    return words(trace, ask);
  },
  async surprisal(run, ask) {
    if (!(ask.from >= 0 && ask.from <= ask.to && ask.to <= run.tokens.text.length)) throw outOfRange('token', ask.to);
    return surprisal(goingOn(run), ask);
  },
  async states({ trace }, ask) {
    const { network } = trace.model;
    if (!network.states || !(ask.layer < network.dimensions.layers)) throw outOfRange('layer', ask.layer);
    return states(await trace.get(network.states.state(ask.layer)), ask);
  },
  async influence(run, ask) {
    if (!(ask.position in run.tokens.text)) throw outOfRange('position', ask.position);
    for (const token of ask.tokens) if (token > ask.position || ask.position === 0) throw outOfRange('token', token);
    return influence(goingOn(run), ask);
  },
  async lens(run, ask) {
    requireWeights(run);
    const sequence = ask.part ? requireAttention(run, ask.part, 0).queries : predictedSequence(run);
    for (const position of ask.positions) requireToken(run, sequence, position);
    if (ask.id !== undefined) requirePredicted(run, ask.id);
    return lens(run.trace, ask);
  },
  async attribution(run, ask) {
    requireLogit(run, ask);
    return attribution(run.trace, ask);
  },
  async attributionSources(run, ask) {
    requireLogit(run, ask);
    requireHead(run, ask.layer, ask.head);
    return attributionSources(run.trace, ask);
  },
  async paths(run, ask) {
    requireLogit(run, ask);
    return paths(run.trace, ask);
  },
  async neurons(run, ask) {
    requirePosition(run, ask.position);
    requireHead(run, ask.layer);
    return neurons(run.trace, ask);
  },
  neighbours: ({ trace }, ask) => neighbours(trace, ask),
  async headSteps(run, ask) {
    requireWeights(run);
    const { queries } = requireAttention(run, ask.part, ask.layer, [ask.head]);
    requireToken(run, queries, ask.query);
    return headSteps(run.trace, ask);
  },
  projection: ({ trace }, ask) => projection(trace, ask),
  async positions(run, ask) {
    requireWeights(run);
    requireAttention(run, ask.part, ask.layer);
    return positions(run.trace, ask);
  },
  async way(run, ask) {
    requireWeights(run);
    const { queries } = requireAttention(run, ask.part, 0);
    requireToken(run, queries, ask.position);
    return way(run.trace, ask);
  },
  spelling({ trace: { model } }, { text }) {
    return Promise.resolve({ tokens: model.outputIds(text).map((id) => ({ id, text: model.outputText(id) })) });
  },
  async effect(run, ask) {
    requireAim(run, ask);
    return effect(run, ask);
  },
  async sweep(run, ask) {
    requireAim(run, ask);
    return sweep(run, ask);
  },
  async alignment(run, ask, held) {
    requirePosition(run, ask.position);
    return alignment(run, requireRun(held, ask.corrupted), ask);
  },
  async patch(run, ask, held) {
    requireAim(run, ask);
    return patch(run, requireRun(held, ask.corrupted), ask);
  },
  repeated: (run, ask) => repeated(run, ask),
  fidelity: ({ trace }) => fidelity(trace),
  stages: ({ trace }) => Promise.resolve(stages(trace)),
  capture: ({ trace }, ask) => capture(trace, ask),
};

/** @throws ProblemError if what is asked for is not in the run */
export function answer<Q extends Question>(run: Run, question: Q, ask: Ask<Q>, held: Held = () => undefined): Promise<Answer<Q>> {
  return PROBES[question](run, ask, held);
}

/** @throws ProblemError `run.gone` */
function requireRun(held: Held, id: RunId): Run {
  const found = held(id);
  if (!found) throw new ProblemError('run.gone');
  return found;
}

/** The trace of a model that predicts what comes next in the text itself. @throws ProblemError `model.predictsNothing` */
function goingOn({ trace }: Run): Trace {
  const { kind, predicts, name } = trace.model.info;
  if (predicts !== 'next' || kind === 'encoder-decoder') throw new ProblemError('model.predictsNothing', { name });
  return trace;
}

/** @throws ProblemError `model.exported` */
function requireWeights({ trace: { model } }: Run): void {
  if (model.info.door === 'onnx') throw new ProblemError('model.exported', { name: model.info.name });
}

/** The sequence that the head reads. */
const predictedSequence = ({ trace }: Run): Sequence => (trace.model.network.output ? 'output' : 'text');

/** A position of the sequence that the head reads. @throws ProblemError `token.beyond` */
function requirePosition(run: Run, position: number): void {
  requireToken(run, predictedSequence(run), position);
}

/** @throws ProblemError `token.beyond` */
function requireToken({ tokens }: Run, sequence: Sequence, position: number): void {
  const own = tokens[sequence];
  if (!(position in own)) throw new ProblemError('token.beyond', { token: String(position), last: String(own.length - 1) });
}

/** A layer, and where it is given a head, of a model whose parts can be told apart in the logits. @throws ProblemError `head.beyond`, `model.exported`, `model.noPaths` */
function requireHead({ trace }: Run, layer: number, head?: number): void {
  pathsOf(trace);
  const { name, layers, heads } = trace.model.info;
  if (layer >= 0 && layer < layers && (head === undefined || (head >= 0 && head < heads))) return;
  throw new ProblemError('head.beyond', { place: head === undefined ? String(layer) : `${String(layer)}.${String(head)}`, name, layers: String(layers), heads: String(heads) });
}

/** A token that the model can predict. @throws ProblemError `ids.invalid` */
function requirePredicted({ trace: { model } }: Run, id: number): void {
  const vocabulary = model.network.output?.vocabulary ?? model.info.vocabulary;
  if (!(id < vocabulary)) throw new ProblemError('ids.invalid', { id: String(id), last: String(vocabulary - 1) });
}

/** @throws ProblemError for a position or a token that there is not */
function requireAim(run: Run, { position, target, rival }: Aim): void {
  requirePosition(run, position);
  for (const id of [target, rival]) if (id !== undefined) requirePredicted(run, id);
}

/** @throws ProblemError for a position or a token that there is not */
function requireLogit(run: Run, { position, id, rival }: Ask<'attribution'>): void {
  requirePosition(run, position);
  requirePredicted(run, id);
  if (rival !== undefined) requirePredicted(run, rival);
}

/** A layer and heads that the model has. @throws ProblemError otherwise */
function checked<Of extends AttentionOf>(run: Run, of: Of): Of {
  if (!of.heads.length) throw outOfRange('heads', 0);
  requireAttention(run, of.part, of.layer, of.heads);
  return of;
}

/** One of the model's attentions, in which there are this layer and these heads. @throws ProblemError otherwise */
function requireAttention({ trace }: Run, part: AttentionPart, layer: number, chosen: readonly number[] = []): AttentionInfo {
  const { name, attentions } = trace.model.info;
  if (!attentions.length) throw new ProblemError('model.noAttention', { name });
  const attention = attentions.find((one) => one.part === part);
  if (!attention) throw new ProblemError('model.otherAttention', { name, part, parts: attentions.map((one) => one.part).join(', ') });
  const { layers, heads } = attention;
  if (!(layer >= 0 && layer < layers)) throw outOfRange('layer', layer);
  for (const head of chosen) if (!(head >= 0 && head < heads)) throw outOfRange('head', head);
  return attention;
}

const outOfRange = (what: string, value: number): ProblemError => new ProblemError('engine.failed', { detail: `${what} ${String(value)} is not in this run` });
