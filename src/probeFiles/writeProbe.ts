/** Writes a probe file so that it reads well, and so that a small change is a small difference. */
import type { Probe } from '../protocol.ts';
import { PROBE_VERSION } from './probeSchema.ts';

/** Where editors find the schema: the extension answers for this address. */
export const SCHEMA_ADDRESS = 'headlight:/probe.schema.json';

/** Lists and objects that fit into a line of this many characters stand in one. */
const LINE = 120;

/** Keys of a probe in the order they are written; others come after them, by the alphabet. */
const ORDER = [
  ...['$schema', 'headlightProbe', 'model', 'text', 'language', 'windowStart', 'experiments', 'aim', 'view', 'result'],
  ...['name', 'on', 'intervention', 'kind', 'precision', 'fingerprint', 'part', 'layer', 'head', 'heads', 'query', 'key', 'position', 'target', 'rival', 'divergence', 'id', 'text', 'before', 'after'],
];

/** The file's text. `probe` is taken as it is: what it holds has been checked or measured. */
export function probeText({ experiments, ...probe }: Probe): string {
  // An experiment that has no name of its own does not say so.
  const named = experiments.map(({ name, ...experiment }) => (name === null ? experiment : { name, ...experiment }));
  return `${lines({ $schema: SCHEMA_ADDRESS, headlightProbe: PROBE_VERSION, ...probe, experiments: named }, '', 0)}\n`;
}

/** JSON with the keys in order; `before` is how much of the line is used already. */
function lines(value: unknown, indent: string, before: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const line = inLine(value);
  // The file itself is never one line.
  if (indent !== '' && indent.length + before + line.length <= LINE) return line;
  const deeper = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((item: unknown) => lines(item, deeper, 1))
    : entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${lines(inner, deeper, key.length + 5)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return parts.length ? `${open}\n${parts.map((part) => deeper + part).join(',\n')}\n${indent}${close}` : `${open}${close}`;
}

function inLine(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(inLine).join(', ')}]`;
  const parts = entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${inLine(inner)}`);
  return parts.length ? `{ ${parts.join(', ')} }` : '{}';
}

function entries(value: object): [string, unknown][] {
  const rank = (key: string): number => (ORDER.includes(key) ? ORDER.indexOf(key) : ORDER.length);
  return Object.entries(value).sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
}
