/** What the picture of a patching is made from: sites of the clean run, each with a place in a grid. */
import type { ModelInfo, PatchSite } from '../../src/protocol.ts';
import type { SweepCell, SweepPanel } from './sweepData.ts';

export interface PatchItem {
  readonly name: string;
  readonly cell: SweepCell;
  /** 0 where nothing comes back, 1 where all does. */
  readonly restored: number;
}

export interface PatchData {
  readonly panels: readonly SweepPanel[];
  /** Those that are known, in the order they were asked for. */
  readonly items: readonly PatchItem[];
  readonly cell: SweepCell | null;
  /** Tokens that are not the same in both texts, by panel and row. */
  readonly changed: (panel: number, row: number) => boolean;
}

/** Attentions that have sites of a kind: the cross-attention shares its block with the decoder's own. */
export function patchedAttentions({ attentions }: Pick<ModelInfo, 'attentions'>, over: 'resid_pre' | 'attn_out' | 'mlp_out' | 'z'): ModelInfo['attentions'] {
  return attentions.filter(({ part }) => part !== 'cross' || over === 'attn_out' || over === 'z');
}

/** A head in its layer's row, a position in its token's. */
export function patchCell(site: PatchSite, attentions: ModelInfo['attentions']): SweepCell {
  const panel = Math.max(0, attentions.findIndex(({ part }) => part === site.part));
  return site.kind === 'head' ? { panel, row: site.layer, column: site.head } : { panel, row: site.position, column: site.layer };
}

/** The end of the scale; never finer than a twentieth. */
export const mostRestored = (items: readonly PatchItem[]): number => items.reduce((most, { restored }) => (Number.isFinite(restored) ? Math.max(most, Math.abs(restored)) : most), 0.05);

/** What brings most back first, what takes most away before what does nothing; those without a value are left out. */
export const rankedSites = (items: readonly PatchItem[]): PatchItem[] => items.filter(({ restored }) => Number.isFinite(restored)).sort((a, b) => Math.abs(b.restored) - Math.abs(a.restored));
