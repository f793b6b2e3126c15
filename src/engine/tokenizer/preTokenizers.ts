/** Pre-tokenizers: they cut the text into pieces that the model then looks at one by one. */
import { AlignedWriter, sliceAligned, type AlignedText } from './alignedText.ts';
import type { PreTokenizerDefinition, SplitBehavior } from './definition.ts';
import { prepend, replace } from './normalizers.ts';
import { compilePattern } from './patterns.ts';
import { marianPreTokenizer } from './sentencePieceText.ts';
import { toByteCharacters } from './utf8.ts';

/** Cuts a text into pieces, in order; what is in no piece is dropped. */
export type PreTokenize = (source: AlignedText) => AlignedText[];

/** Builds what tokenizer.json describes under `pre_tokenizer`. */
export function buildPreTokenizer(definition: PreTokenizerDefinition | null): PreTokenize {
  if (!definition) return (source) => [source];
  switch (definition.type) {
    case 'Sequence': {
      const steps = definition.pretokenizers.map(buildPreTokenizer);
      return (source) => steps.reduce<AlignedText[]>((pieces, step) => pieces.flatMap(step), [source]);
    }
    case 'ByteLevel':
      return byteLevel(definition.add_prefix_space, definition.use_regex);
    case 'Metaspace':
      return metaspace(definition);
    case 'Split':
      return splitBy(compilePattern(definition.pattern), definition.behavior, definition.invert);
    case 'Punctuation':
      return splitBy(PUNCTUATION, definition.behavior);
    case 'Digits':
      return splitBy(/\p{N}/gu, definition.individual_digits ? 'Isolated' : 'Contiguous');
    case 'CharDelimiterSplit':
      return splitBy(compilePattern({ String: definition.delimiter }), 'Removed');
    case 'FixedLength':
      return splitBy(new RegExp(`[^]{1,${definition.length}}`, 'gu'), 'Isolated');
    case 'Whitespace':
      return splitBy(/[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]+|[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}\p{White_Space}]+/gu, 'Removed', true);
    case 'WhitespaceSplit':
      return splitBy(SPACE, 'Removed');
    case 'BertPreTokenizer': {
      const words = splitBy(SPACE, 'Removed');
      const marks = splitBy(PUNCTUATION, 'Isolated');
      return (source) => words(source).flatMap(marks);
    }
    case 'Marian':
      return marianPreTokenizer(definition.model);
    default:
      return definition satisfies never;
  }
}

/** Whether pieces come out as bytes, each written as GPT-2's visible character. */
export function writesBytes(definition: PreTokenizerDefinition | null): boolean {
  if (definition?.type === 'Sequence') return definition.pretokenizers.some(writesBytes);
  return definition?.type === 'ByteLevel';
}

const SPACE = /\p{White_Space}/gu;
const PUNCTUATION = /[\p{P}!-/:-@[-`{-~]/gu;

interface Segment {
  from: number;
  to: number;
  readonly match: boolean;
}

/** Cuts at the matches of `pattern`; `invert` swaps matches and what is between them. */
function splitBy(pattern: RegExp, behavior: SplitBehavior, invert = false): PreTokenize {
  return (source) => {
    const segments = join(findSegments(source.text, pattern, invert), behavior);
    return segments.map(({ from, to }) => sliceAligned(source, from, to));
  };
}

function findSegments(text: string, pattern: RegExp, invert: boolean): Segment[] {
  const segments: Segment[] = [];
  let done = 0;
  for (const found of text.matchAll(pattern)) {
    if (found[0] === '') continue;
    if (done < found.index) segments.push({ from: done, to: found.index, match: invert });
    done = found.index + found[0].length;
    segments.push({ from: found.index, to: done, match: !invert });
  }
  if (done < text.length) segments.push({ from: done, to: text.length, match: invert });
  return segments;
}

function join(segments: Segment[], behavior: SplitBehavior): Segment[] {
  switch (behavior) {
    case 'Isolated':
      return segments;
    case 'Removed':
      return segments.filter((segment) => !segment.match);
    case 'Contiguous':
      return mergeRuns(segments, (before, segment) => before.match === segment.match);
    case 'MergedWithPrevious':
      return mergeRuns(segments, (before, segment) => segment.match && !before.match);
    case 'MergedWithNext':
      return mergeRuns(segments, (before, segment) => before.match && !segment.match);
    default:
      return behavior satisfies never;
  }
}

/** Joins a segment to the one before it where `joins` says so; the result counts as what the segment was. */
function mergeRuns(segments: readonly Segment[], joins: (before: Segment, segment: Segment) => boolean): Segment[] {
  const merged: Segment[] = [];
  let before: Segment | undefined;
  for (const segment of segments) {
    const last = merged.at(-1);
    if (last && before && joins(before, segment)) last.to = segment.to;
    else merged.push({ ...segment });
    before = segment;
  }
  return merged;
}

/** GPT-2's own pattern: contractions, then letters, numbers or other characters with one space before them, then spaces. */
const GPT2_PIECES =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

function byteLevel(addPrefixSpace: boolean, useRegex: boolean): PreTokenize {
  const split: PreTokenize = useRegex ? splitBy(GPT2_PIECES, 'Isolated') : (source) => [source];
  return (source) => {
    const prefixed = addPrefixSpace && !source.text.startsWith(' ') ? prepend(source, ' ') : source;
    return split(prefixed).map(writeBytes);
  };
}

/** Writes a piece byte by byte, each as GPT-2's visible character; a byte stands for its whole character. */
function writeBytes(piece: AlignedText): AlignedText {
  const writer = new AlignedWriter(piece);
  let at = 0;
  for (const character of piece.text) {
    const next = at + character.length;
    writer.put(toByteCharacters(character), at, next);
    at = next;
  }
  return writer.finish();
}

/** SentencePiece's: spaces become a visible mark, one is put before the text, and each begins a piece. */
function metaspace(definition: Extract<PreTokenizerDefinition, { type: 'Metaspace' }>): PreTokenize {
  const mark = definition.replacement;
  const scheme = definition.prepend_scheme ?? (definition.add_prefix_space ? 'always' : 'never');
  const markSpaces = replace(/ /g, mark);
  const split = definition.split ? splitBy(compilePattern({ String: mark }), 'MergedWithNext') : (source: AlignedText) => [source];
  return (source) => {
    const marked = markSpaces(source);
    const wanted = scheme === 'always' || (scheme === 'first' && marked.starts[0] === 0);
    return split(wanted && !marked.text.startsWith(mark) ? prepend(marked, mark) : marked);
  };
}
