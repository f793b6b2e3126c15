/** What a recurrent network carries along: the units of its state that change most. */
import type { Answer, Ask, StateSummary } from '../../protocol.ts';
import type { FloatTensor } from '../tensor.ts';

/** Values are told in thousandths of the largest. */
const STEPS = 1000;

/** `state` is `[1, token, unit]`, after each token. */
export function states({ shape, data }: FloatTensor, { units: count }: Ask<'states'>): Answer<'states'> {
  const [, tokens = 0, width = 0] = shape;
  const changes = new Float32Array(width);
  for (let i = 0; i < tokens * width; i++) {
    const unit = i % width;
    changes[unit] = (changes[unit] ?? 0) + Math.abs((data[i] ?? 0) - (data[i - width] ?? 0));
  }
  const byChange = Array.from(changes.keys()).sort((a, b) => (changes[b] ?? 0) - (changes[a] ?? 0) || a - b);
  const units = Uint16Array.from(byChange.slice(0, count));
  const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const values = new Int16Array(tokens * units.length);
  for (let token = 0; token < tokens; token++) {
    for (const [column, unit] of units.entries()) {
      values[token * units.length + column] = largest > 0 ? Math.round(((data[token * width + unit] ?? 0) / largest) * STEPS) : 0;
    }
  }
  return { width, units, values, largest };
}

/** `state` is `[1, token, unit]`, after each token. */
export function summarizeState(layer: number, { shape, data }: FloatTensor): StateSummary {
  const [, tokens = 0, width = 0] = shape;
  const change = new Float32Array(tokens).map((_, token) => {
    let sum = 0;
    for (let i = token * width; i < (token + 1) * width; i++) sum += ((data[i] ?? 0) - (data[i - width] ?? 0)) ** 2;
    return Math.sqrt(sum / width);
  });
  return { layer, change };
}
