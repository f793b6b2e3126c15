/** YAML of a lesson's block, as plain values of which the places in the file are known. Anchors, aliases and tags are refused. */
import * as l10n from '@vscode/l10n';
import { isAlias, isMap, isScalar, isSeq, parseDocument, visit, type Document, type Node, type Pair } from 'yaml';
import type { Mistakes, TextRange } from './mistakes.ts';

export type Path = readonly (string | number)[];

export interface YamlBlock {
  readonly value: unknown;
  /** Where the value at a path stands; for one that is not there, what would hold it. */
  rangeOf(path: Path): TextRange;
  /** The first line of what holds a key that is not there. */
  beginningOf(path: Path): TextRange;
  /** Where the key that a path ends in stands. */
  keyRangeOf(path: Path): TextRange;
}

/** A block longer than this is no block of a lesson, UTF-16 units. */
const mostLetters = 20_000;
/** Lists in maps in lists: a check needs five. */
const mostNested = 12;

/**
 * @param offset where `source` begins in the file
 * @returns null where it cannot be read; `mistakes` then says why
 */
export function readYaml(source: string, offset: number, mistakes: Mistakes): YamlBlock | null {
  const whole = { start: offset, end: offset + source.length };
  if (source.length > mostLetters) return refuse(mistakes, whole, l10n.t('This block is too long.'));
  if (nesting(source) > mostNested) return refuse(mistakes, whole, l10n.t('This block is nested too deeply.'));
  const document = parseDocument(source, { schema: 'core', version: '1.2', uniqueKeys: true, prettyErrors: false, logLevel: 'silent' });
  for (const { pos, message } of document.errors) mistakes.add(within(whole, offset + pos[0], offset + pos[1]), l10n.t('This is not YAML: {0}', message));
  if (document.errors.length > 0 || hasForbidden(document, offset, mistakes)) return null;
  return {
    value: plain(document.contents),
    rangeOf: (path) => nearest(document, path, offset) ?? whole,
    beginningOf: (path) => {
      const { start, end } = nearest(document, path, offset) ?? whole;
      const line = source.indexOf('\n', start - offset);
      return { start, end: line === -1 ? end : Math.min(end, offset + line) };
    },
    keyRangeOf: (path) => keyOf(document, path, offset) ?? nearest(document, path, offset) ?? whole,
  };
}

/** What is found missing at the end is told of the last letter. */
function within({ start, end }: TextRange, from: number, to: number): TextRange {
  const last = Math.max(start, end - 1);
  return { start: Math.min(from, last), end: Math.min(to, end) };
}

function refuse(mistakes: Mistakes, range: TextRange, message: string): null {
  mistakes.add(range, message);
  return null;
}

/** The deepest that brackets, or indentation by lists and maps, can come to: known before anything is built. */
function nesting(source: string): number {
  let open = 0;
  let deepest = 0;
  for (const letter of source) {
    if (letter === '[' || letter === '{') deepest = Math.max(deepest, ++open);
    if (letter === ']' || letter === '}') open--;
  }
  const indented = source.split('\n').map((line) => (/^[ \t]*(?:- *)*/.exec(line)?.[0].length ?? 0) / 2);
  return Math.max(deepest, ...indented);
}

/** Aliases can make a small block huge, tags ask for other types, and some keys mean something to JavaScript. */
function hasForbidden(document: Document, offset: number, mistakes: Mistakes): boolean {
  let found = false;
  visit(document, (_key, node) => {
    const { anchor, tag, range } = placed(node);
    const forbidden = isAlias(node) || anchor !== undefined || (tag !== undefined && !tag.startsWith('tag:yaml.org,2002:')) || (isScalar(node) && (node.value === '__proto__' || node.value === '<<'));
    if (!forbidden) return;
    found = true;
    mistakes.add({ start: offset + (range?.[0] ?? 0), end: offset + (range?.[1] ?? 0) }, l10n.t('Anchors, aliases and tags of YAML are not used in lessons.'));
  });
  return found;
}

interface Placed {
  readonly anchor?: string | undefined;
  readonly tag?: string | undefined;
  readonly range?: readonly number[] | null | undefined;
}

function placed(node: unknown): Placed {
  return isScalar(node) || isMap(node) || isSeq(node) ? { anchor: node.anchor, tag: node.tag, range: node.range } : isAlias(node) ? { range: node.range } : {};
}

/** Keys that are no texts become their text. */
function plain(node: unknown): unknown {
  if (isMap(node)) return Object.fromEntries(node.items.map(({ key, value }) => [textOf(key), plain(value)]));
  if (isSeq(node)) return node.items.map(plain);
  return isScalar(node) ? node.value : null;
}

function textOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

/** The value at the longest beginning of a path that is there. */
function nearest(document: Document, path: Path, offset: number): TextRange | null {
  for (let length = path.length; length >= 0; length--) {
    const node = valueAt(document.contents, path.slice(0, length));
    const { range } = placed(node);
    if (node && range) return { start: offset + (range[0] ?? 0), end: offset + (range[1] ?? 0) };
  }
  return null;
}

function keyOf(document: Document, path: Path, offset: number): TextRange | null {
  const holder = valueAt(document.contents, path.slice(0, -1));
  const pair = isMap(holder) ? pairOf(holder.items, path.at(-1)) : undefined;
  const { range } = placed(pair?.key);
  return range ? { start: offset + (range[0] ?? 0), end: offset + (range[1] ?? 0) } : null;
}

function valueAt(node: Node | null | undefined, path: Path): unknown {
  let at: unknown = node;
  for (const key of path) {
    if (isMap(at)) at = pairOf(at.items, key)?.value;
    else if (isSeq(at) && typeof key === 'number') at = at.items[key];
    else return undefined;
  }
  return at;
}

function pairOf(items: readonly Pair[], key: string | number | undefined): Pair | undefined {
  return items.find((pair) => textOf(pair.key) === String(key));
}
