/**
 * How much earlier tokens move a prediction, asked for in small portions, the nearest tokens first, so that
 * the picture grows and a newer wish never waits for long.
 */
import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { Ask, Candidate, RunId, Trouble } from '../src/protocol.ts';
import { AnswerCache } from './answerCache.ts';
import type { Pending } from './bridge.ts';

/** The prediction after `position`, and how many tokens up to it are asked about. */
export interface InfluenceWanted {
  readonly run: RunId;
  readonly position: number;
  readonly tokens: number;
}

/** What is known of one prediction so far. */
export interface Influence {
  readonly run: RunId;
  readonly position: number;
  /** Bits, `[token]` up to the position; NaN where not known. */
  readonly divergence: Float32Array;
  readonly loss: Float32Array;
  readonly likeliest: Candidate | null;
  readonly state: 'asking' | 'ready' | 'failed';
  readonly trouble: Trouble | null;
}

/** Each token takes a run of its own: so many are asked about at a time. */
const portion = 8;

/** Predictions that are remembered, with as much as is known of them. */
const remembered = 16;

/** Keeps up with what is wanted; null where nothing is. */
export function influenceOf(
  wants: ReadonlySignal<InfluenceWanted | null>,
  put: (run: RunId, question: 'influence', ask: Ask<'influence'>) => Pending<'influence'>,
): ReadonlySignal<Influence | null> {
  const current = signal<Influence | null>(null);
  const known = new AnswerCache<Influence>(remembered);
  let pending: Pending<'influence'> | null = null;

  const show = (next: Influence): void => {
    known.set(keyOf(next), next);
    current.value = next;
  };

  const goOn = (about: Influence, wanted: InfluenceWanted): void => {
    const tokens = nearestUnknown(about, wanted.tokens);
    if (!tokens.length) {
      show({ ...about, state: 'ready' });
      return;
    }
    const mine = put(wanted.run, 'influence', { position: wanted.position, tokens });
    pending = mine;
    void mine.answer.then((outcome) => {
      if (pending !== mine) return;
      pending = null;
      if (!outcome.ok) {
        // Not remembered: the next wish asks again.
        current.value = { ...about, state: 'failed', trouble: outcome.trouble };
        return;
      }
      const { divergence, loss, likeliest } = outcome.value;
      const next = { ...about, divergence: filled(about.divergence, tokens, divergence), loss: filled(about.loss, tokens, loss), likeliest };
      show(next);
      goOn(next, wanted);
    });
  };

  effect(() => {
    const wanted = wants.value;
    pending?.drop();
    pending = null;
    if (!wanted) {
      current.value = null;
      return;
    }
    const nothing = new Float32Array(wanted.position + 1).fill(NaN);
    const before = known.get(keyOf(wanted)) ?? { run: wanted.run, position: wanted.position, divergence: nothing, loss: nothing, likeliest: null };
    const about: Influence = { ...before, state: 'asking', trouble: null };
    show(about);
    goOn(about, wanted);
  });
  return current;
}

const keyOf = ({ run, position }: Pick<Influence, 'run' | 'position'>): string => `${run} ${position}`;

/** The next tokens to ask about, the nearest first. */
function nearestUnknown({ position, divergence }: Influence, tokens: number): number[] {
  const unknown: number[] = [];
  for (let token = position; token >= Math.max(0, position - tokens + 1) && unknown.length < portion; token--) {
    if (Number.isNaN(divergence[token])) unknown.push(token);
  }
  return unknown;
}

function filled(before: Float32Array, tokens: readonly number[], values: Float32Array): Float32Array {
  const after = before.slice();
  for (const [at, token] of tokens.entries()) after[token] = values[at] ?? NaN;
  return after;
}
