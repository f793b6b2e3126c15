/** Measured values as text, with the unit that they are spoken of in. */
import * as l10n from '@vscode/l10n';
import { isModelFact, type Measurement } from './measurement.ts';
import type { Value } from './measure.ts';

export type Unit = 'share' | 'bits' | 'count' | 'number';

export function unitOf(measured: Measurement): Unit {
  if (isModelFact(measured)) return 'count';
  if ('probability' in measured || 'attention' in measured || 'variance' in measured) return 'share';
  if ('lens' in measured) return measured.of === 'rank' ? 'count' : 'share';
  if ('effect' in measured) return measured.effect === 'probability' ? 'share' : measured.effect === 'divergence' ? 'bits' : 'number';
  if ('surprisal' in measured || 'entropy' in measured || 'influence' in measured) return 'bits';
  if ('rank' in measured || 'kept' in measured || 'tokens' in measured || 'id' in measured || 'bytes' in measured) return 'count';
  return 'number';
}

/** As exact as a learner can use it. */
export function valueText(value: Value, unit: Unit): string {
  if (typeof value === 'string') return `“${value}”`;
  switch (unit) {
    case 'share':
      return l10n.t('{0} %', (value * 100).toFixed(Math.abs(value) < 0.1 ? 2 : 1));
    case 'bits':
      return l10n.t('{0} bits', value.toFixed(2));
    case 'count':
      return value.toLocaleString('en-US');
    case 'number':
      return value.toFixed(Math.abs(value) < 10 ? 3 : 1);
    default:
      return unit satisfies never;
  }
}
