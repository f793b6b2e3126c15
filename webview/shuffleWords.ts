/** A text with its words in another order: what stands between them stays where it is. */

export interface Shuffling {
  /** The same seed gives the same order. */
  readonly seed: number;
  /** The last word stays: the prediction comes after it. */
  readonly keepLast: boolean;
  /** Stands for a word that is to be guessed, and stays too. */
  readonly mask: string | null;
}

/** Words are what the Unicode rules (and for Chinese, the browser's dictionary) say. */
const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

/** The text itself where there is nothing to change places. */
export function shuffleWords(text: string, { seed, keepLast, mask }: Shuffling): string {
  const pieces = text.split(mask ?? '\u0000').flatMap((part, index) => [...(index > 0 && mask !== null ? [{ segment: mask, isWord: false }] : []), ...[...segmenter.segment(part)].map(({ segment, isWordLike }) => ({ segment, isWord: isWordLike === true }))]);
  const places = pieces.flatMap(({ isWord }, index) => (isWord ? [index] : [])).slice(0, keepLast ? -1 : undefined);
  const words = places.map((index) => pieces[index]?.segment ?? '');
  const order = shuffled(words, seed);
  const moved = new Map(places.map((index, i): [number, string] => [index, order[i] ?? '']));
  return pieces.map(({ segment }, index) => moved.get(index) ?? segment).join('');
}

/** Fisher & Yates, and once more as long as nothing has moved though it could. */
function shuffled(words: readonly string[], seed: number): string[] {
  const next = generator(seed);
  const canMove = new Set(words).size > 1;
  for (;;) {
    const order = [...words];
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(next() * (i + 1));
      [order[i], order[j]] = [order[j] ?? '', order[i] ?? ''];
    }
    if (!canMove || order.some((word, i) => word !== words[i])) return order;
  }
}

/** Numbers from 0 up to 1, the same for the same seed (a linear congruential generator; its high bits are used). */
function generator(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
