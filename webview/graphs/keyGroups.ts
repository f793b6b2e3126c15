/** Heads that share a key head, as grouped-query attention has them: consecutive ones, equally many to each. */
import * as l10n from '@vscode/l10n';
import type { AttentionInfo } from '../../src/protocol.ts';

export interface KeyGroup {
  readonly keyHead: number;
  /** Both included. */
  readonly first: number;
  readonly last: number;
}

/** None where each head has keys of its own. */
export function keyGroups({ heads, keyHeads }: Pick<AttentionInfo, 'heads' | 'keyHeads'>): KeyGroup[] {
  if (keyHeads < 1 || keyHeads >= heads) return [];
  const size = heads / keyHeads;
  return Array.from({ length: keyHeads }, (_, keyHead) => ({ keyHead, first: keyHead * size, last: (keyHead + 1) * size - 1 }));
}

export function groupText({ keyHead, first, last }: KeyGroup): string {
  return l10n.t('Heads {0}–{1} share key head {2}.', first, last, keyHead);
}

/** "8 query heads, 2 key heads"; empty where there are as many of these as of those. */
export function sharingText({ heads, keyHeads }: Pick<AttentionInfo, 'heads' | 'keyHeads'>): string {
  if (keyHeads < 1 || keyHeads >= heads) return '';
  return keyHeads === 1 ? l10n.t('{0} query heads, 1 key head.', heads) : l10n.t('{0} query heads, {1} key heads.', heads, keyHeads);
}
