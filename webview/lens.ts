/**
 * The lens over a text, asked for sixteen positions at a time: those in sight first, so that a long text is only
 * computed as far as it is looked at.
 */
import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { Ask, Candidate, RunId, Trouble } from '../src/protocol.ts';
import { AnswerCache } from './answerCache.ts';
import type { Pending } from './bridge.ts';

/** Positions `from` up to `to` of `positions` are looked at. */
export interface LensWanted {
  readonly run: RunId;
  readonly positions: number;
  readonly from: number;
  readonly to: number;
}

/** One position through all layers, `[row]` in the order of `layers`. */
export interface LensColumn {
  /** Likeliest first. */
  readonly top: readonly (readonly Candidate[])[];
  /** Kullback–Leibler divergence from the last layer, bits. */
  readonly divergence: Float32Array;
}

export interface Lens {
  readonly run: RunId;
  /** After which layer each row is read, ascending; −1 is the embedding. Empty before anything is known. */
  readonly layers: readonly number[];
  readonly columns: ReadonlyMap<number, LensColumn>;
  readonly trouble: Trouble | null;
}

const portion = 16;

/** Candidates in each cell. */
const listed = 5;

/** Runs that are remembered, with as much as is known of them. */
const remembered = 4;

/** Keeps up with what is wanted; null where nothing is. */
export function lensOf(wants: ReadonlySignal<LensWanted | null>, put: (run: RunId, question: 'lens', ask: Ask<'lens'>) => Pending<'lens'>): ReadonlySignal<Lens | null> {
  const current = signal<Lens | null>(null);
  const known = new AnswerCache<Lens>(remembered);
  let pending: { readonly run: RunId; readonly asked: Pending<'lens'> } | null = null;

  const show = (next: Lens): void => {
    known.set(String(next.run), next);
    current.value = next;
  };

  const goOn = (): void => {
    const wanted = wants.peek();
    const about = current.peek();
    if (!wanted || !about || pending || about.trouble) return;
    const positions = nextUnknown(about, wanted);
    if (positions.length === 0) return;
    const asked = put(wanted.run, 'lens', { positions, top: listed });
    const mine = { run: wanted.run, asked };
    pending = mine;
    void asked.answer.then((outcome) => {
      if (pending !== mine) return;
      pending = null;
      if (outcome.ok) show(withColumns(about, positions, outcome.value));
      // Not remembered: the next wish asks again.
      else current.value = { ...about, trouble: outcome.trouble };
      goOn();
    });
  };

  effect(() => {
    const wanted = wants.value;
    if (pending && pending.run !== wanted?.run) {
      pending.asked.drop();
      pending = null;
    }
    if (!wanted) {
      current.value = null;
      return;
    }
    if (current.peek()?.run !== wanted.run) current.value = known.get(String(wanted.run)) ?? { run: wanted.run, layers: [], columns: new Map(), trouble: null };
    goOn();
  });
  return current;
}

/** The first sixteen in sight, from where one of them is not known. */
function nextUnknown({ columns }: Lens, { from, to, positions }: LensWanted): number[] {
  for (let first = Math.floor(Math.max(0, from) / portion) * portion; first < Math.min(to, positions); first += portion) {
    const all = Array.from({ length: Math.min(portion, positions - first) }, (_, at) => first + at).filter((position) => !columns.has(position));
    if (all.length > 0) return all;
  }
  return [];
}

function withColumns(about: Lens, positions: readonly number[], { layers, top, divergence }: { readonly layers: readonly number[]; readonly top: readonly (readonly Candidate[])[]; readonly divergence: Float32Array }): Lens {
  const columns = new Map(about.columns);
  for (const [at, position] of positions.entries()) {
    const cell = (row: number): number => row * positions.length + at;
    columns.set(position, { top: layers.map((_, row) => top[cell(row)] ?? []), divergence: Float32Array.from(layers, (_, row) => divergence[cell(row)] ?? NaN) });
  }
  return { ...about, layers, columns };
}
