/** What a model takes, computed from its configuration and the header of its weights before any is read, and whether it fits. */
import type { ModelMemory, Precision } from '../protocol.ts';
import type { Network } from './architectures/architecture.ts';
import { ProblemError } from './problemError.ts';
import { MOST_TOKENS } from './window.ts';

/** What there is: bytes. */
export interface MemoryLimits {
  /** In the runtime's heap. */
  readonly heap: number;
  /** In the machine. */
  readonly machine: number;
}

/** Sizes that decide what a model takes. */
export interface ModelSizes {
  /** Bytes of each stage's weights as they are held. */
  readonly stages: readonly number[];
  readonly layers: number;
  readonly heads: number;
  readonly width: number;
  /** Tokens of the longest run. */
  readonly tokens: number;
}

/** Bytes a model takes at most. */
export interface MemoryNeeded {
  readonly weights: number;
  /** In the runtime's heap: weights, and the larger of a stage's second copy while its session is made and a run's tensors. */
  readonly heap: number;
  /** In the worker beside the heap: weights on their way in, and what a trace keeps. */
  readonly beside: number;
}

/** WebAssembly addresses 4 GiB; the allocator cannot fill all of it. */
export const WASM_HEAP = 0.95 * 2 ** 32;

/** The runtime's own data, and what its heap grows by beyond what was asked for. */
const RUNTIME = 96 * 2 ** 20;

/** Models above this make the session of their largest stage first, while there is room for its second copy. */
export const LARGE_WEIGHTS = 2 ** 30;

/** Patterns of one layer that are alive at once: products, masked, scores, softmax, pattern (measured: 4.3 to 5.4 with what else a block holds). */
export const LIVE_PATTERNS = 5;

/** Tensors as wide as a feed-forward part, 4 × the residual stream, that are alive at once. */
const LIVE_NEURONS = 4;

/** What a model of these sizes takes. */
export function memoryNeeded({ stages, layers, heads, width, tokens }: ModelSizes): MemoryNeeded {
  const weights = stages.reduce((sum, bytes) => sum + bytes, 0);
  const [largest = 0, second = 0] = [...stages].sort((a, b) => b - a);
  const copy = weights > LARGE_WEIGHTS ? Math.max(second, 2 * largest - weights) : largest;
  const run = 4 * (LIVE_PATTERNS * heads * tokens ** 2 + LIVE_NEURONS * 4 * width * tokens);
  const kept = 4 * layers * tokens * 3 * width; // residual stream, keys, values
  return { weights, heap: RUNTIME + weights + Math.max(copy, run), beside: Math.max(largest, kept) };
}

export function sizesOf({ stages, dimensions, attentions }: Pick<Network, 'stages' | 'dimensions' | 'attentions'>): ModelSizes {
  const { layers, heads, width, positions } = dimensions;
  return {
    stages: stages.map(({ weightBytes }) => weightBytes),
    layers: attentions.reduce((sum, part) => sum + part.layers, 0) || layers,
    heads,
    width,
    tokens: Math.min(positions, MOST_TOKENS),
  };
}

const totalOf = ({ heap, beside }: MemoryNeeded): number => heap + beside;

const fits = (needed: MemoryNeeded, { heap, machine }: MemoryLimits): boolean => needed.heap <= heap && totalOf(needed) <= machine;

export const memoryOf = (needed: MemoryNeeded): ModelMemory => ({ weights: needed.weights, peak: totalOf(needed) });

/** A model as it is opened. */
export interface Opened {
  readonly precision: Precision;
  readonly network: Network;
  readonly memory: ModelMemory;
}

/**
 * Opens a model in the asked precision, or in float32 if that fits, else in 8 bits.
 * @throws ProblemError `model.tooLarge` where it does not fit
 */
export function openFitting(build: (precision: Precision) => Network, asked: Precision | undefined, limits: MemoryLimits): Opened {
  const tried = (asked ? [asked] : (['float32', '8-bit'] as const)).map((precision) => {
    const network = build(precision);
    return { precision, network, needed: memoryNeeded(sizesOf(network)) };
  });
  const found = tried.find(({ needed }) => fits(needed, limits));
  if (found) return { precision: found.precision, network: found.network, memory: memoryOf(found.needed) };
  const smallest = tried[tried.length - 1];
  if (!smallest) throw new Error('a model is opened in some precision');
  throw tooLarge(smallest.needed, limits, asked === 'float32' ? memoryNeeded(sizesOf(build('8-bit'))) : null);
}

/** @throws ProblemError `model.tooLarge` unless it fits */
export function requireRoom(needed: MemoryNeeded, limits: MemoryLimits): void {
  if (!fits(needed, limits)) throw tooLarge(needed, limits, null);
}

/** `eightBit` is what 8-bit weights would need, where they were not tried. */
function tooLarge(needed: MemoryNeeded, limits: MemoryLimits, eightBit: MemoryNeeded | null): ProblemError {
  const inHeap = needed.heap > limits.heap;
  return new ProblemError('model.tooLarge', {
    needed: gibibytes(inHeap ? needed.heap : totalOf(needed)),
    available: gibibytes(inHeap ? limits.heap : limits.machine),
    limit: inHeap ? 'runtime' : 'machine',
    ...(eightBit && fits(eightBit, limits) ? { eightBit: gibibytes(totalOf(eightBit)) } : {}),
  });
}

/** `2.4 GiB` */
const gibibytes = (bytes: number): string => `${(Math.max(0, bytes) / 2 ** 30).toFixed(1)} GiB`;
