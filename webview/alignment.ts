/** Two sequences beside each other: a column for what both have, and one opposite a gap for what only one has. */

export interface Column {
  /** Index in the first sequence, null for a gap. */
  readonly first: number | null;
  readonly second: number | null;
}

/**
 * Columns in order, as many of them shared as can be (longest common subsequence; Wagner & Fischer 1974). Where
 * both have something of their own, the first's comes before the second's.
 */
export function align(first: readonly string[], second: readonly string[]): Column[] {
  let start = 0;
  while (start < first.length && start < second.length && first[start] === second[start]) start++;
  let tail = 0;
  while (tail < Math.min(first.length, second.length) - start && first[first.length - 1 - tail] === second[second.length - 1 - tail]) tail++;
  const rows = first.length - start - tail;
  const columns = second.length - start - tail;
  const longest = commonLengths(first.slice(start, start + rows), second.slice(start, start + columns));
  const aligned: Column[] = Array.from({ length: start }, (_, i) => ({ first: i, second: i }));
  for (let i = 0, j = 0; i < rows || j < columns; ) {
    const [one, other] = [start + i, start + j];
    if (i < rows && j < columns && first[one] === second[other]) {
      aligned.push({ first: one, second: other });
      i++;
      j++;
    } else if (j === columns || (i < rows && (longest[(i + 1) * (columns + 1) + j] ?? 0) >= (longest[i * (columns + 1) + j + 1] ?? 0))) {
      aligned.push({ first: one, second: null });
      i++;
    } else {
      aligned.push({ first: null, second: other });
      j++;
    }
  }
  return [...aligned, ...Array.from({ length: tail }, (_, i) => ({ first: first.length - tail + i, second: second.length - tail + i }))];
}

/** `[i, j]`: length of the longest common subsequence of what begins at `i` and at `j`. */
function commonLengths(first: readonly string[], second: readonly string[]): Uint16Array {
  const width = second.length + 1;
  const lengths = new Uint16Array((first.length + 1) * width);
  for (let i = first.length - 1; i >= 0; i--) {
    for (let j = second.length - 1; j >= 0; j--) {
      const at = i * width + j;
      lengths[at] = first[i] === second[j] ? (lengths[at + width + 1] ?? 0) + 1 : Math.max(lengths[at + width] ?? 0, lengths[at + 1] ?? 0);
    }
  }
  return lengths;
}
