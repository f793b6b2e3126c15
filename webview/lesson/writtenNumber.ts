/** Numbers that are typed. */

/** A number as people write one: with a comma or a point, a sign, a unit behind it; null where it is none. */
export function writtenNumber(text: string): number | null {
  const digits = /^\s*([-−+]?\d*[.,]?\d+)\s*\D*$/u.exec(text)?.[1];
  return digits === undefined ? null : Number(digits.replace('−', '-').replace(',', '.'));
}
