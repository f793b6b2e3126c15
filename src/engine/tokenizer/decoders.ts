/** Decoders: what the pieces of the vocabulary stand for, and how they are joined to text again. */
import type { DecoderDefinition } from './definition.ts';
import { decodeUtf8, fromByteCharacters, utf8 } from './utf8.ts';

/** How pieces read. Made from the steps of tokenizer.json's `decoder`. */
export interface Decoder {
  /** UTF-8 of what a piece stands for, wherever it is. */
  bytes(piece: string): Uint8Array;
  /** A piece as text for showing it alone. */
  display(piece: string): string;
  /** Text with the tokenizer's own mark for a space turned into spaces. */
  unmark(text: string): string;
  /** What is put between a piece and the one before it. */
  separator(piece: string): string;
  /** Spaces taken off the joined text, front and back. */
  readonly trim: { readonly start: number; readonly end: number };
}

interface Steps {
  byteLevel: boolean;
  byteFallback: boolean;
  /** [what pieces write, what it stands for] */
  readonly replaced: [string, string][];
  wordPiece: { readonly prefix: string; readonly cleanup: boolean } | null;
  suffix: string;
  trimStart: number;
  trimEnd: number;
}

/** Builds what tokenizer.json describes under `decoder`; without one, pieces are joined by spaces. */
export function buildDecoder(definition: DecoderDefinition | null): Decoder {
  const steps: Steps = { byteLevel: false, byteFallback: false, replaced: [], wordPiece: null, suffix: '', trimStart: 0, trimEnd: 0 };
  if (definition) collect(definition, steps);
  const unmark = (text: string): string => steps.replaced.reduce((changed, [mark, meaning]) => changed.replaceAll(mark, meaning), text);
  return {
    bytes: (piece) => pieceBytes(piece, steps, unmark),
    display: (piece) => (steps.wordPiece ? piece : decodeUtf8(pieceBytes(piece, steps, unmark)).text),
    unmark,
    separator: (piece) => separator(piece, definition, steps),
    trim: { start: steps.trimStart, end: steps.trimEnd },
  };
}

function collect(definition: DecoderDefinition, steps: Steps): void {
  switch (definition.type) {
    case 'Sequence':
      for (const step of definition.decoders) collect(step, steps);
      break;
    case 'ByteLevel':
      steps.byteLevel = true;
      break;
    case 'ByteFallback':
      steps.byteFallback = true;
      break;
    case 'Fuse':
      break;
    case 'WordPiece':
      steps.wordPiece = definition;
      break;
    case 'Metaspace':
      steps.replaced.push([definition.replacement, ' ']);
      if ((definition.prepend_scheme ?? (definition.add_prefix_space ? 'always' : 'never')) !== 'never') steps.trimStart = 1;
      break;
    case 'BPEDecoder':
      steps.suffix = definition.suffix;
      steps.trimEnd = 1;
      break;
    case 'Replace':
      steps.replaced.push([definition.pattern.String, definition.content]);
      break;
    case 'Strip':
      if (definition.content === ' ') {
        steps.trimStart = definition.start;
        steps.trimEnd = definition.stop;
      }
      break;
    default:
      definition satisfies never;
  }
}

const BYTE_PIECE = /^<0x([0-9A-Fa-f]{2})>$/;

function pieceBytes(piece: string, steps: Steps, unmark: (text: string) => string): Uint8Array {
  const byte = steps.byteFallback ? BYTE_PIECE.exec(piece)?.[1] : undefined;
  if (byte !== undefined) return Uint8Array.of(parseInt(byte, 16));
  if (steps.byteLevel) return fromByteCharacters(piece);
  if (steps.wordPiece && piece.startsWith(steps.wordPiece.prefix)) return utf8(piece.slice(steps.wordPiece.prefix.length));
  if (steps.suffix !== '' && piece.endsWith(steps.suffix)) return utf8(`${piece.slice(0, -steps.suffix.length)} `);
  return utf8(unmark(piece));
}

/** Marks and endings that BERT's decoder joins to what is before them. */
const CLINGS = /^(?:[.?!,]|n't$|'m$|'s$|'ve$|'re$)/;

function separator(piece: string, definition: DecoderDefinition | null, steps: Steps): string {
  if (!definition) return ' ';
  if (!steps.wordPiece || piece.startsWith(steps.wordPiece.prefix)) return '';
  return steps.wordPiece.cleanup && CLINGS.test(piece) ? '' : ' ';
}
