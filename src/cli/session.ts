/** What every command shares: the engine in its worker, the run it is about, failures in words. */
import { existsSync, readdirSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EngineClient } from '../engine/client.ts';
import { ProblemError, problemOf } from '../engine/problemError.ts';
import { spawnNodeWorker } from '../engine/spawn.node.ts';
import { describe } from '../problems.ts';
import type { Answer, Ask, LayerSummary, ModelInfo, ModelSource, Outcome, Precision, Question, RunInfo, RunRequest, Token } from '../protocol.ts';
import { tellCost } from './precision.ts';

export interface Common {
  readonly model: string;
  readonly text?: string;
  readonly textFile?: string;
  readonly ids?: readonly number[];
  /** What the decoder of an encoder–decoder reads, its start token included; left out, it writes by itself. */
  readonly decoderIds?: readonly number[];
  /** Language to translate into, as the model's own code or without its brackets. */
  readonly target?: string;
  readonly windowStart: number;
  readonly threads: number;
  readonly precision?: Precision;
  readonly json?: boolean;
}

/** A run that questions can be put to. */
export interface Session {
  readonly info: RunInfo;
  /** What the decoder of an encoder–decoder wrote or was given; null for other models. */
  readonly output: readonly Token[] | null;
  /** Layers as they came; none where only predictions were wanted. */
  readonly summaries: readonly LayerSummary[];
  /** The text that was run; empty for token ids. */
  readonly text: string;
  ask<Q extends Question>(question: Q, ask: Ask<Q>): Promise<Answer<Q>>;
  /** Runs the same model on another text, or other token ids, of which only predictions are asked. */
  runBeside(other: Pick<RunRequest, 'text' | 'ids'>): Promise<RunInfo>;
  /** What the model's files are known by. */
  fingerprint(): Promise<string>;
}

const DIST = fileURLToPath(new URL('.', import.meta.url));
const MODELS = join(DIST, '..', 'models');

export function embeddedModels(): ModelSource[] {
  const folders = existsSync(MODELS) ? readdirSync(MODELS) : [];
  return folders.filter((name) => existsSync(join(MODELS, name, 'config.json'))).map((name) => ({ name, location: join(MODELS, name) }));
}

export function startEngine(threads: number): EngineClient {
  return new EngineClient(() => spawnNodeWorker(join(DIST, 'worker.node.mjs')), { runtime: new URL('runtime/', import.meta.url).href, threads });
}

export interface Wanted {
  /** Every hook point, or none: predictions only. */
  readonly fetch?: 'everything' | 'predictions';
  /** Told of the model before anything is run; what it throws ends the command. */
  readonly accept?: (model: ModelInfo) => void;
  /** Hears of what the decoder of an encoder–decoder has written so far. */
  readonly onOutput?: (tokens: readonly Token[], complete: boolean) => void;
}

/** Runs the model on the text, lets the command ask, and ends the worker whatever happened. */
export async function withEngine(options: Common, command: (session: Session) => Promise<void>, { fetch, accept, onOutput }: Wanted = {}): Promise<void> {
  const client = startEngine(options.threads);
  try {
    const source = { ...(await modelSource(options.model)), ...(options.precision ? { precision: options.precision } : {}) };
    if (accept) accept(valueOf(await client.load(source)));
    const text = options.ids ? '' : await readText(options);
    const target = options.target === undefined ? null : await knownTarget(client, source, options.target);
    const started: { info?: RunInfo; output?: readonly Token[] } = {};
    const summaries: LayerSummary[] = [];
    let failure: ProblemError | undefined;
    const { run, done } = client.run(
      {
        model: source,
        text,
        windowStart: options.windowStart,
        ...(fetch === 'everything' ? { capture: true } : fetch === 'predictions' ? { predictionsOnly: true } : {}),
        ...(options.ids ? { ids: options.ids } : {}),
        ...(options.decoderIds ? { outputIds: options.decoderIds } : {}),
        ...(target === null ? {} : { targets: [target] }),
      },
      (event) => {
        if (event.type === 'started') started.info = event.info;
        if (event.type === 'layer') summaries.push(event.summary);
        if (event.type === 'failed') failure = new ProblemError(event.problem.code, event.problem.facts);
        if (event.type === 'output') {
          started.output = event.tokens;
          onOutput?.(event.tokens, event.complete);
        }
      },
    );
    await done;
    if (failure) throw failure;
    if (!started.info) throw new ProblemError('run.gone');
    const { model: opened, target: told } = started.info;
    if (opened.targets.length && told === null && !options.ids) process.stderr.write(`${opened.name} was not told into which language to translate: --target ${opened.targets.join(' or ').replaceAll(/>>|<</g, '')}\n`);
    const languages = target === null ? {} : { targets: [target] };
    const session: Session = {
      info: started.info,
      output: started.output ?? null,
      summaries,
      text,
      ask: async (question, ask) => valueOf(await client.ask(run, question, ask)),
      fingerprint: async () => valueOf(await client.fingerprint(source)),
      runBeside: (other) => finished(client, { model: source, predictionsOnly: true, ...languages, ...other }),
    };
    await command(session);
    await tellCost(session);
  } finally {
    await client.dispose();
  }
}

/** @throws ProblemError if the run fails */
async function finished(client: EngineClient, request: RunRequest): Promise<RunInfo> {
  const went: { info?: RunInfo; failure?: ProblemError } = {};
  const { done } = client.run(request, (event) => {
    if (event.type === 'started') went.info = event.info;
    if (event.type === 'failed') went.failure = new ProblemError(event.problem.code, event.problem.facts);
  });
  await done;
  if (went.failure) throw went.failure;
  if (!went.info) throw new ProblemError('run.gone');
  return went.info;
}

/** @throws ProblemError where the outcome is a problem */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new ProblemError(outcome.problem.code, outcome.problem.facts);
}

/** Says on standard error what happened and what helps; the exit code is 1. */
export function reportFailure(thrown: unknown): void {
  const { message, help } = describe(problemOf(thrown));
  process.stderr.write(`headlight: ${message}\n${help}\n`);
  process.exitCode = 1;
}

/** An embedded model's name comes before a folder of the same name. */
async function modelSource(name: string): Promise<ModelSource> {
  const embedded = embeddedModels();
  const known = embedded.find((model) => model.name === name);
  if (known) return known;
  const folder = await stat(name).catch(() => null);
  if (folder?.isDirectory()) return { name, location: resolve(name) };
  throw new ProblemError('model.unknownName', { name, known: embedded.map((model) => model.name).join(', ') });
}

/** The model's own code of a language: `fra` or `>>fra<<`. @throws ProblemError `model.noTarget` */
async function knownTarget(client: EngineClient, source: ModelSource, language: string): Promise<string> {
  const { name, targets } = valueOf(await client.load(source));
  const code = targets.find((known) => known === language || known === `>>${language}<<`);
  if (code === undefined) throw new ProblemError(targets.length ? 'model.otherTarget' : 'model.noTarget', { name, target: language, known: targets.join(', ') });
  return code;
}

async function readText({ text, textFile }: Common): Promise<string> {
  if (text !== undefined) return text;
  if (textFile === undefined) throw new ProblemError('text.empty');
  const bytes = textFile === '-' ? await buffer(process.stdin) : await readFile(textFile);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new ProblemError('text.binary', { file: textFile }, { cause });
  }
}
