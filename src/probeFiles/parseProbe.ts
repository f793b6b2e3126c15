/** Reads a probe file. Nothing of it is believed before all of it has been checked. */
import * as v from 'valibot';
import type { Outcome, Probe, Problem } from '../protocol.ts';
import { PROBE_VERSION, probeSchema } from './probeSchema.ts';

/** UTF-16 units of a file; texts are shorter, and results have a few lines. */
export const LARGEST_PROBE = 4 * 2 ** 20;
/** Lists and objects within each other: a probe has five levels. */
const DEEPEST = 16;
/** Of what was found in place of something else, so much is told. */
const MOST_TOLD = 60;
/** Keys that mean something to JavaScript itself. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

const refused = (code: Problem['code'], facts: Problem['facts'] = {}): { ok: false; problem: Problem } => ({ ok: false, problem: { code, facts } });

/** Problems: `probe.tooLarge`, `probe.notJson`, `probe.other`, `probe.newer`, `probe.malformed`, `probe.unknownEntry`. */
export function parseProbe(text: string): Outcome<Probe> {
  if (text.length > LARGEST_PROBE) return refused('probe.tooLarge', { most: String(LARGEST_PROBE / 2 ** 20) });
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    return refused('probe.notJson', { detail: cause instanceof Error ? told(cause.message) : '' });
  }
  if (!isRecord(raw) || !Object.hasOwn(raw, 'headlightProbe')) return refused('probe.other');
  const version = raw['headlightProbe'];
  if (typeof version === 'number' && version > PROBE_VERSION) return refused('probe.newer', { version: String(version), known: String(PROBE_VERSION) });
  const hostile = hostileKey(raw);
  if (hostile !== null) return refused('probe.unknownEntry', { place: hostile });
  const parsed = v.safeParse(probeSchema, raw, { abortEarly: true, abortPipeEarly: true });
  if (!parsed.success) return malformed(parsed.issues[0]);
  const extra = extraKey(raw, parsed.output, []);
  if (extra !== null) return refused('probe.unknownEntry', { place: extra });
  const { model, text: read, language, windowStart, experiments, aim, view, result } = parsed.output;
  return { ok: true, value: { model, text: read, ...(language === undefined ? {} : { language }), ...(windowStart === undefined ? {} : { windowStart }), experiments, aim, view, result } };
}

function malformed(issue: v.BaseIssue<unknown>): { ok: false; problem: Problem } {
  const place = told(v.getDotPath(issue) ?? '');
  // A strict object expects no such key.
  if (issue.expected === 'never') return refused('probe.unknownEntry', { place });
  return refused('probe.malformed', { place, expected: told(issue.expected ?? issue.message), found: told(issue.received) });
}

/** The beginning of a text on one line. */
function told(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > MOST_TOLD ? `${line.slice(0, MOST_TOLD)}…` : line;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The first key that no probe has, or the place where it nests too deeply; without recursion, which hostile nesting would exhaust. */
function hostileKey(root: unknown): string | null {
  let level: readonly unknown[] = [root];
  for (let depth = 0; level.length; depth++) {
    if (depth > DEEPEST) return '…';
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      for (const key of Object.keys(value)) if (FORBIDDEN.has(key)) return key;
      for (const inner of Object.values(value)) if (typeof inner === 'object') next.push(inner);
    }
    level = next;
  }
  return null;
}

/** Where the file says more than was understood: writing it again would lose that. */
function extraKey(raw: unknown, understood: unknown, path: readonly string[]): string | null {
  if (typeof raw !== 'object' || raw === null || typeof understood !== 'object' || understood === null) return null;
  const known = new Map(Object.entries(understood));
  for (const [key, value] of Object.entries(raw)) {
    const here = [...path, key];
    const extra = known.has(key) ? extraKey(value, known.get(key), here) : told(here.join('.'));
    if (extra !== null) return extra;
  }
  return null;
}
