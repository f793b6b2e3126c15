/** Normalisers: they change the text before it is cut up. Each keeps track of where its output came from. */
import { AlignedWriter, mapCharacters, sliceAligned, type AlignedText } from './alignedText.ts';
import { charsmapNormalizer } from './charsmap.ts';
import type { NormalizerDefinition } from './definition.ts';
import { compilePattern } from './patterns.ts';
import { unicodeForm } from './unicodeForms.ts';

export type Normalize = (source: AlignedText) => AlignedText;

/** Builds what tokenizer.json describes under `normalizer`. */
export function buildNormalizer(definition: NormalizerDefinition | null): Normalize {
  if (!definition) return (source) => source;
  switch (definition.type) {
    case 'Sequence':
      return inOrder(definition.normalizers.map(buildNormalizer));
    case 'BertNormalizer':
      return bertNormalizer(definition);
    case 'Precompiled':
      return charsmapNormalizer(definition.precompiled_charsmap);
    case 'Replace':
      return replace(compilePattern(definition.pattern), definition.content);
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD':
      return unicodeForm(definition.type);
    case 'Strip':
      return (source) => strip(source, definition.strip_left, definition.strip_right);
    case 'StripAccents':
      return (source) => dropMarks(source, ANY_MARK);
    case 'Lowercase':
      return lowercase;
    case 'Prepend':
      return (source) => (source.text === '' ? source : prepend(source, definition.prepend));
    default:
      return definition satisfies never;
  }
}

function inOrder(steps: readonly Normalize[]): Normalize {
  return (source) => steps.reduce((text, step) => step(text), source);
}

/** Puts `prefix` before a text; it stands for nothing in the given text. */
export function prepend(source: AlignedText, prefix: string): AlignedText {
  const writer = new AlignedWriter(source);
  writer.put(prefix, 0, 0);
  writer.keep(0, source.text.length);
  return writer.finish();
}

/** Replaces every match; each match's replacement stands for the whole match. */
export function replace(pattern: RegExp, content: string): Normalize {
  return (source) => {
    const writer = new AlignedWriter(source);
    let done = 0;
    for (const match of source.text.matchAll(pattern)) {
      if (match[0] === '') continue;
      writer.keep(done, match.index);
      done = match.index + match[0].length;
      writer.put(content, match.index, done);
    }
    if (done === 0) return source;
    writer.keep(done, source.text.length);
    return writer.finish();
  };
}

/** Lower case character by character, as the `tokenizers` library does: a final sigma is not treated apart. */
function lowercase(source: AlignedText): AlignedText {
  return mapCharacters(source, (character) => character.toLowerCase());
}

function strip(source: AlignedText, left: boolean, right: boolean): AlignedText {
  const start = left ? (/^\p{White_Space}+/u.exec(source.text)?.[0].length ?? 0) : 0;
  let end = source.text.length;
  while (right && end > start && /\p{White_Space}/u.test(source.text.charAt(end - 1))) end -= 1;
  return sliceAligned(source, start, end);
}

const ANY_MARK = /\p{M}/u;
const NONSPACING_MARK = /\p{Mn}/u;

/** Drops combining marks; each counts to the letter before it. */
function dropMarks(source: AlignedText, mark: RegExp): AlignedText {
  if (!mark.test(source.text)) return source;
  const writer = new AlignedWriter(source);
  let unit = 0;
  for (const character of source.text) {
    const next = unit + character.length;
    if (mark.test(character)) writer.absorb(next);
    else writer.keep(unit, next);
    unit = next;
  }
  return writer.finish();
}

/** BERT's own: cleans, sets Chinese characters apart, strips accents, lowers case, in this order. */
function bertNormalizer(definition: Extract<NormalizerDefinition, { type: 'BertNormalizer' }>): Normalize {
  const steps: Normalize[] = [];
  if (definition.clean_text) steps.push(clean);
  if (definition.handle_chinese_chars) steps.push(setChineseApart);
  if (definition.strip_accents ?? definition.lowercase) {
    const decompose = unicodeForm('NFD');
    steps.push((source) => dropMarks(decompose(source), NONSPACING_MARK));
  }
  if (definition.lowercase) steps.push(lowercase);
  return inOrder(steps);
}

const DROPPED = /[\0\uFFFD\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u;
const WHITE_SPACE = /\p{White_Space}/u;

function clean(source: AlignedText): AlignedText {
  return mapCharacters(source, (character) => {
    if (character === '\t' || character === '\n' || character === '\r') return ' ';
    if (DROPPED.test(character)) return '';
    return WHITE_SPACE.test(character) ? ' ' : character;
  });
}

/** The blocks that BERT calls Chinese: unified ideographs with extensions A to E, and compatibility ideographs. */
const CHINESE =
  /[\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF\u{20000}-\u{2A6DF}\u{2A700}-\u{2B73F}\u{2B740}-\u{2B81F}\u{2B920}-\u{2CEAF}\u{2F800}-\u{2FA1F}]/gu;

function setChineseApart(source: AlignedText): AlignedText {
  const writer = new AlignedWriter(source);
  let done = 0;
  for (const match of source.text.matchAll(CHINESE)) {
    const end = match.index + match[0].length;
    writer.keep(done, match.index);
    writer.put(' ', match.index, match.index);
    writer.keep(match.index, end);
    writer.put(' ', end, end);
    done = end;
  }
  if (done === 0) return source;
  writer.keep(done, source.text.length);
  return writer.finish();
}
