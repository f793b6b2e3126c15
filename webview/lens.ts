/**
 * The lens over a text, asked for sixteen positions at a time: those in sight first, so that a long text is only
 * computed as far as it is looked at.
 */
import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { Ask, Candidate, LensAsk, RunId, Trouble } from '../src/protocol.ts';
import { AnswerCache } from './answerCache.ts';
import type { Pending } from './bridge.ts';

/** Which residual stream of which run. */
export interface LensOf extends Pick<LensAsk, 'part'> {
  readonly run: RunId;
}

/** Positions `from` up to `to` of `positions` are looked at. */
export interface LensWanted extends LensOf {
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

export interface Lens extends LensOf {
  /** After which layer each row is read, ascending; −1 is the embedding. Empty before anything is known. */
  readonly layers: readonly number[];
  readonly columns: ReadonlyMap<number, LensColumn>;
  readonly trouble: Trouble | null;
}

const portion = 16;

/** Candidates in each cell. */
const listed = 5;

/** Runs, or halves of them, that are remembered, with as much as is known of them. */
const remembered = 4;

/** Keeps up with what is wanted; null where nothing is. */
export function lensOf(wants: ReadonlySignal<LensWanted | null>, put: (run: RunId, question: 'lens', ask: Ask<'lens'>) => Pending<'lens'>): ReadonlySignal<Lens | null> {
  const current = signal<Lens | null>(null);
  const known = new AnswerCache<Lens>(remembered);
  let pending: { readonly of: string; readonly asked: Pending<'lens'> } | null = null;

  const show = (next: Lens): void => {
    known.set(keyOf(next), next);
    current.value = next;
  };

  const goOn = (): void => {
    const wanted = wants.peek();
    const about = current.peek();
    if (!wanted || !about || pending || about.trouble) return;
    const positions = nextUnknown(about, wanted);
    if (positions.length === 0) return;
    const asked = put(wanted.run, 'lens', { ...partOf(wanted), positions, top: listed });
    const mine = { of: keyOf(wanted), asked };
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
    if (pending && (!wanted || pending.of !== keyOf(wanted))) {
      pending.asked.drop();
      pending = null;
    }
    if (!wanted) {
      current.value = null;
      return;
    }
    const now = current.peek();
    if (!now || keyOf(now) !== keyOf(wanted)) current.value = known.get(keyOf(wanted)) ?? { run: wanted.run, ...partOf(wanted), layers: [], columns: new Map(), trouble: null };
    goOn();
  });
  return current;
}

const keyOf = ({ run, part }: LensOf): string => `${run} ${part ?? ''}`;

const partOf = ({ part }: LensOf): Pick<LensAsk, 'part'> => (part ? { part } : {});

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
