/** Numbers as prose states them: `43 %`, `12,345`, `7.7 million`, `六`. */

export interface Stated {
  readonly value: number;
  /** Half a unit of the last digit that is written. */
  readonly tolerance: number;
}

const words: Readonly<Record<string, number>> = {
  zero: 0, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, eleven: 11, twelve: 12,
  零: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9, 十: 10, 十一: 11, 十二: 12,
};

/** What stands behind a number and multiplies it; other words, such as units, do not. */
const scales: readonly (readonly [RegExp, number])[] = [
  [/^[%％]/, 0.01],
  [/^(?:percent|per cent)\b/i, 0.01],
  [/^(?:M\b|million|百万)/, 1e6],
  [/^(?:k\b|K\b|thousand|千)/, 1e3],
  [/^(?:billion|十亿)/, 1e9],
  [/^万/, 1e4],
  [/^亿/, 1e8],
];

const form = /^(?:百分之\s*)?([+−-]?)(\d{1,3}(?:[,，\u00a0\u202f]\d{3})+|\d+)(?:\.(\d+))?\s*(.*)$/su;

/** A stated number with the precision it is written in; null where it is no number. */
export function readStated(written: string): Stated | null {
  const text = written.trim();
  const word = words[text.toLowerCase()];
  if (word !== undefined) return { value: word, tolerance: 0.5 };
  const found = form.exec(text);
  if (!found) return null;
  const [, sign, whole = '', decimals = '', behind = ''] = found;
  const scale = text.startsWith('百分之') ? 0.01 : (scales.find(([unit]) => unit.test(behind))?.[1] ?? 1);
  const amount = Number(`${whole.replaceAll(/\D/g, '')}.${decimals}`);
  return { value: (sign === '-' || sign === '−' ? -amount : amount) * scale, tolerance: 0.5 * 10 ** -decimals.length * scale };
}

/** Whether a measured value is what is stated, at the precision it is stated in: texts are compared without quotes around them. */
export function holds(written: string, measured: number | string): boolean {
  if (typeof measured === 'string') return unquoted(written) === measured.trim();
  const stated = readStated(written);
  // Rounding half up or down both hold, whatever float32 makes of the half.
  return stated !== null && Math.abs(measured - stated.value) <= stated.tolerance * (1 + 1e-6);
}

function unquoted(written: string): string {
  return written.trim().replace(/^["“”„«‘'「『]\s*(.*?)\s*["“”»’'」』]$/su, '$1').trim();
}
