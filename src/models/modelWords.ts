/** Facts of models in words, the same in every list. */
import * as l10n from '@vscode/l10n';
import type { ModelKind } from '../protocol.ts';

export function kindName(kind: ModelKind): string {
  switch (kind) {
    case 'decoder':
      return l10n.t('decoder');
    case 'encoder':
      return l10n.t('encoder');
    case 'encoder-decoder':
      return l10n.t('encoder–decoder');
    case 'recurrent':
      return l10n.t('recurrent');
    default:
      return kind satisfies never;
  }
}

/** Decimal units, as the Hub and file managers have them. */
export function byteSize(bytes: number): string {
  if (bytes >= 1e9) return l10n.t('{0} GB', (bytes / 1e9).toFixed(1));
  if (bytes < 1e6) return l10n.t('{0} kB', Math.ceil(bytes / 1e3));
  return l10n.t('{0} MB', bytes >= 1e7 ? (bytes / 1e6).toFixed(0) : (bytes / 1e6).toFixed(1));
}

/** A licence as SPDX writes it, where the Hub has it in small letters: `MIT`, `Apache-2.0`, `CC-BY-4.0`. Others are left as they are. */
export function licenceName(licence: string): string {
  if (licence.startsWith('apache-')) return licence.replace('apache', 'Apache');
  return /^(mit|isc|(a|l)?gpl|cc|cc0|bsd|mpl|epl|afl|bsl)(-|$)/.test(licence) ? licence.toUpperCase() : licence;
}

/** Facts beside each other; those that are not known are left out. */
export function joined(facts: readonly (string | null)[]): string {
  return facts.filter((fact) => fact !== null && fact !== '').join(' · ');
}
