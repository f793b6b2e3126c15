/** Which tokens of two texts stand for each other. */
import { diffArrays } from 'diff';
import type { TokenPairs } from '../protocol.ts';

/**
 * Tokens that both have, as many as can be (longest common subsequence; Myers 1986). Between them, where one has as many
 * tokens of its own as the other, these are paired one by one; where they are more or fewer, the last ones are: a
 * name's last piece is where a model has read all of it.
 */
export function alignTokens(clean: readonly number[], corrupted: readonly number[]): TokenPairs {
  const pairs: { readonly clean: number; readonly corrupted: number; readonly same: number }[] = [];
  const at = { clean: 0, corrupted: 0 };
  const gap = { clean: 0, corrupted: 0 };
  const closeGap = (): void => {
    const paired = Math.min(gap.clean, gap.corrupted);
    for (let i = paired; i > 0; i--) pairs.push({ clean: at.clean - i, corrupted: at.corrupted - i, same: 0 });
    gap.clean = gap.corrupted = 0;
  };
  for (const { count, added, removed } of diffArrays([...clean], [...corrupted])) {
    if (removed || added) {
      const own = removed ? 'clean' : 'corrupted';
      gap[own] += count;
      at[own] += count;
      continue;
    }
    closeGap();
    for (let i = 0; i < count; i++) pairs.push({ clean: at.clean++, corrupted: at.corrupted++, same: 1 });
  }
  closeGap();
  return {
    clean: Uint16Array.from(pairs, (pair) => pair.clean),
    corrupted: Uint16Array.from(pairs, (pair) => pair.corrupted),
    same: Uint8Array.from(pairs, (pair) => pair.same),
  };
}

/** Each token with itself. */
export function identicalPairs(count: number): TokenPairs {
  const own = Uint16Array.from({ length: count }, (_, token) => token);
  return { clean: own, corrupted: own, same: new Uint8Array(count).fill(1) };
}
