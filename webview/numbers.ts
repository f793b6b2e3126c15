/** Measured numbers as people read them; shares and counts are in graphs/percent.ts. */

/** A fixed number of digits after the point. Both display languages write numbers this way. */
export function decimalText(value: number, digits: number): string {
  return new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

/** Two significant digits: "like choosing among 41". */
export function roughText(value: number): string {
  return new Intl.NumberFormat('en', { maximumSignificantDigits: 2 }).format(value);
}

/** With its sign, a real minus; what rounds to nothing has none. */
export function signedText(value: number, digits: number): string {
  const size = decimalText(Math.abs(value), digits);
  return Number(size.replaceAll(',', '')) === 0 ? size : `${value < 0 ? '−' : '+'}${size}`;
}
