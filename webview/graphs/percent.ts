/** Shares and counts as people read them. */
import * as l10n from '@vscode/l10n';

// Both display languages group digits this way.
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** "42 %", "4.2 %", "less than 0.1 %": two figures, and never "0 %" for something. */
export function percentText(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.05) return l10n.t('< 0.1 %');
  return l10n.t('{0} %', percent === 0 || percent >= 9.95 ? whole.format(percent) : tenths.format(percent));
}

export function countText(count: number): string {
  return whole.format(count);
}

/** A change of a share: "+12 %", "−0.4 %". */
export function changeText(change: number): string {
  return change === 0 ? percentText(0) : `${change < 0 ? '−' : '+'}${percentText(Math.abs(change))}`;
}
