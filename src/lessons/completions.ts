/** What can be written at a place in a lesson's block: keys, and values where there is a list of them. */
import * as v from 'valibot';
import { checkKinds, show } from './blockSchemas.ts';
import { measurementKinds } from './measurement.ts';

export interface Suggestion {
  readonly text: string;
  readonly is: 'key' | 'value';
}

type BlockKind = 'show' | 'claims' | 'check';

const key = (text: string): Suggestion => ({ text, is: 'key' });
const value = (text: string): Suggestion => ({ text, is: 'value' });

/** The block that is open at the end of some text, and what has been written in it. */
export function blockAt(before: string): { readonly kind: BlockKind | null; readonly written: string } | null {
  const lines = before.split('\n');
  const fences = [...lines.keys()].filter((at) => /^ {0,3}```/.test(lines[at] ?? ''));
  const last = fences.at(-1);
  // Every other fence closes one.
  if (last === undefined || fences.length % 2 === 0) return null;
  const kind = /```+\s*(show|claims|check)\s*$/.exec(lines[last] ?? '')?.[1];
  return { kind: kind === 'show' || kind === 'claims' || kind === 'check' ? kind : null, written: lines.slice(last + 1).join('\n') };
}

/** @param before the file up to the cursor */
export function suggestionsAt(before: string, models: readonly string[]): Suggestion[] {
  const line = before.slice(before.lastIndexOf('\n') + 1);
  if (/^```+\w*$/.test(line)) return ['show', 'claims', 'check'].map(value);
  const block = blockAt(before);
  if (!block?.kind) return [];
  // Inside braces, what is written since the last one that is still open.
  const braces = openBraces(line);
  if (braces !== null) return inBraces(block.kind, line, braces, models);
  const [, name, rest] = /^\s*-?\s*([A-Za-z]+):\s*(\S*)$/.exec(line) ?? [];
  if (name !== undefined && rest !== undefined) return valuesOf(name, entriesOf(block.kind, block.written)[name], models);
  return /^\s*\w*$/.test(line) ? Object.keys(entriesOf(block.kind, block.written)).map(key) : [];
}

function openBraces(line: string): string | null {
  const open = line.lastIndexOf('{');
  return open !== -1 && open > line.lastIndexOf('}') ? line.slice(open + 1) : null;
}

function inBraces(kind: BlockKind, line: string, inside: string, models: readonly string[]): Suggestion[] {
  const holder = /([A-Za-z-]+):\s*\{[^{}]*$/.exec(line)?.[1];
  const nested: Readonly<Record<string, v.GenericSchema>> = measurementKinds;
  const [, name, rest] = /(?:^|,)\s*([A-Za-z]+):\s*(\S*)$/.exec(inside) ?? [];
  const named = Object.keys(measurementKinds).find((one) => new RegExp(`(?:^|[{,])\\s*${one}:`).test(inside));
  // A measurement, or what one of its keys holds.
  const schema = holder && Object.hasOwn(nested, holder) && line.slice(0, line.lastIndexOf('{')).includes('{') ? entriesIn(nested[holder])[holder] : named ? nested[named] : undefined;
  const entries = entriesIn(schema);
  if (name !== undefined && rest !== undefined) return valuesOf(name, entries[name], models);
  if (Object.keys(entries).length > 0) return Object.keys(entries).map(key);
  return kind === 'claims' || holder === 'measure' || holder === 'largest' || holder === 'smallest' || holder === 'number' ? Object.keys(measurementKinds).map(key) : [];
}

function entriesOf(kind: BlockKind, written: string): Readonly<Record<string, v.GenericSchema>> {
  if (kind === 'show') return show.entries;
  if (kind === 'claims') return {};
  const chosen = /^kind:\s*(\w+)/m.exec(written)?.[1];
  const known = Object.entries(checkKinds).find(([name]) => name === chosen)?.[1];
  return known ? known.entries : { kind: v.picklist(Object.keys(checkKinds)) };
}

/** The keys of a map's schema, through what may be left out. */
function entriesIn(schema: v.GenericSchema | undefined): Readonly<Record<string, v.GenericSchema>> {
  if (!schema) return {};
  if ('entries' in schema && isEntries(schema.entries)) return schema.entries;
  if ('wrapped' in schema && isSchema(schema.wrapped)) return entriesIn(schema.wrapped);
  if ('options' in schema && Array.isArray(schema.options)) return Object.fromEntries(schema.options.flatMap((option: unknown) => (isSchema(option) ? Object.entries(entriesIn(option)) : [])));
  return {};
}

function valuesOf(name: string, schema: v.GenericSchema | undefined, models: readonly string[]): Suggestion[] {
  if (name === 'model' && schema?.type !== 'picklist') return models.map(value);
  return optionsOf(schema).map(value);
}

function optionsOf(schema: v.GenericSchema | undefined): string[] {
  if (!schema) return [];
  if (schema.type === 'boolean') return ['true', 'false'];
  if (schema.type === 'picklist' && 'options' in schema && Array.isArray(schema.options)) return schema.options.map(String);
  if (schema.type === 'literal' && 'literal' in schema) return [String(schema.literal)];
  if (schema.type === 'union' && 'options' in schema && Array.isArray(schema.options)) return schema.options.flatMap((option: unknown) => (isSchema(option) ? optionsOf(option) : []));
  return 'wrapped' in schema && isSchema(schema.wrapped) ? optionsOf(schema.wrapped) : [];
}

const isSchema = (found: unknown): found is v.GenericSchema => typeof found === 'object' && found !== null && 'kind' in found && found.kind === 'schema';
const isEntries = (found: unknown): found is Readonly<Record<string, v.GenericSchema>> => typeof found === 'object' && found !== null && Object.values(found).every(isSchema);
