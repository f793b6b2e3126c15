/** Where something of one run can be put into another, and the patches that do it. */
import type { Ask, PatchSite, TokenPairs } from '../../protocol.ts';
import { attentionName, attentionOut, blockName } from '../interventions.ts';
import type { NetworkAttention } from '../architectures/architecture.ts';
import { ProblemError } from '../problemError.ts';
import { floats, sizeOf, type FloatTensor } from '../tensor.ts';
import type { Trace } from '../trace.ts';

/** A residual stream and a feed-forward part belong to the block, which an encoder–decoder's cross-attention shares with the decoder's own. */
const hasOwn = (over: Ask<'patch'>['over'], { part }: NetworkAttention): boolean => part !== 'cross' || over === 'attn_out' || over === 'z';

/** Sites in order; `positions` are those of a part's queries that have a partner. @throws ProblemError `model.otherAttention` */
export function sitesOf({ model }: Trace, { over, part }: Pick<Ask<'patch'>, 'over' | 'part'>, positions: (attention: NetworkAttention) => readonly number[]): PatchSite[] {
  const { attentions } = model.network;
  const chosen = attentions.filter((attention) => part === undefined || attention.part === part);
  if (!chosen.length) throw new ProblemError('model.otherAttention', { name: model.info.name, part: part ?? '', parts: attentions.map((attention) => attention.part).join(', ') });
  return chosen
    .filter((attention) => hasOwn(over, attention))
    .flatMap((attention) =>
      Array.from({ length: attention.layers }, (_, layer): PatchSite[] => {
        const of = { part: attention.part, layer };
        if (over === 'z') return Array.from({ length: attention.heads }, (_, head) => ({ kind: 'head', ...of, head }));
        return positions(attention).map((position) => ({ kind: 'position', ...of, position }));
      }).flat(),
    );
}

/** The hook point of a layer that is patched. */
export function hookOf(over: Ask<'patch'>['over'], attention: NetworkAttention, layer: number): string {
  switch (over) {
    case 'resid_pre':
      return `${blockName(attention, layer)}.hook_resid_pre`;
    case 'attn_out':
      return attentionOut(attention, layer);
    case 'mlp_out':
      return `${blockName(attention, layer)}.hook_mlp_out`;
    case 'z':
      return `${attentionName(attention, layer)}.hook_z`;
  }
}

export interface Patch {
  /** By input name, for the corrupted run. */
  readonly tensors: ReadonlyMap<string, FloatTensor>;
  /** The first position that it changes. */
  readonly from: number;
}

/**
 * What the clean run has at a hook point `[1, pos, …]` in place of what the corrupted one has, at the given pairs of
 * positions, of all of it or of one head `[1, pos, H, D]`; null where both have the same.
 */
export function patchOf(hook: string, clean: FloatTensor, corrupted: FloatTensor, { clean: from, corrupted: to }: TokenPairs, head: number | null): Patch | null {
  const [, count = 0, ...rest] = corrupted.shape;
  const width = sizeOf(rest);
  const part = head === null ? { start: 0, length: width } : { start: head * (rest[1] ?? 0), length: rest[1] ?? 0 };
  const add = floats(corrupted.shape);
  const scale = floats(corrupted.shape);
  scale.data.fill(1);
  let first = count;
  for (const [i, there] of to.entries()) {
    const [given, taken] = [(from[i] ?? 0) * width + part.start, there * width + part.start];
    const values = clean.data.subarray(given, given + part.length);
    if (values.every((value, j) => value === corrupted.data[taken + j])) continue;
    first = Math.min(first, there);
    scale.data.fill(0, taken, taken + part.length);
    add.data.set(values, taken);
  }
  if (first === count) return null;
  return { tensors: new Map([[`${hook}.scale`, scale], [`${hook}.add`, add]]), from: first };
}

/** The pairs up to a place in each text. */
export function pairsUpTo({ clean, corrupted, same }: TokenPairs, cleanEnd: number, corruptedEnd: number): TokenPairs {
  const kept = [...clean.keys()].filter((pair) => (clean[pair] ?? 0) < cleanEnd && (corrupted[pair] ?? 0) < corruptedEnd);
  const of = (values: Uint16Array | Uint8Array): number[] => kept.map((pair) => values[pair] ?? 0);
  return { clean: Uint16Array.from(of(clean)), corrupted: Uint16Array.from(of(corrupted)), same: Uint8Array.from(of(same)) };
}

/** One pair of them. */
export function pairAt({ clean, corrupted, same }: TokenPairs, position: number): TokenPairs {
  const pair = clean.indexOf(position);
  return { clean: clean.subarray(pair, pair + 1), corrupted: corrupted.subarray(pair, pair + 1), same: same.subarray(pair, pair + 1) };
}
