/** SentencePiece's own files (`.spm`, `.model`), which are protobuf messages; field numbers: sentencepiece_model.proto. */
import { bytes, fields, float, integer, text, WireError, type Field } from '../protobuf.ts';
import { badTokenizer } from './definition.ts';

/** What a piece is for. `symbol`: user-defined, always kept whole. */
export type PieceKind = 'normal' | 'unknown' | 'control' | 'symbol' | 'unused' | 'byte';

export interface ScoredPiece {
  readonly piece: string;
  /** Float32: the logarithm of its probability (unigram), or minus its rank among the merges (BPE). */
  readonly score: number;
  readonly kind: PieceKind;
}

/** How a text is changed before it is cut up. */
export interface SentencePieceNormalizer {
  /** Compiled character map; empty where there is none. */
  readonly charsmap: Uint8Array;
  readonly addDummyPrefix: boolean;
  readonly removeExtraSpaces: boolean;
}

export interface SentencePieceModel {
  readonly algorithm: 'unigram' | 'bpe';
  /** `[id]` */
  readonly pieces: readonly ScoredPiece[];
  readonly normalizer: SentencePieceNormalizer;
  readonly byteFallback: boolean;
  /** −1 where there is none. */
  readonly ids: { readonly unknown: number; readonly begin: number; readonly end: number };
}

const KINDS: Readonly<Record<number, PieceKind>> = { 1: 'normal', 2: 'unknown', 3: 'control', 4: 'symbol', 5: 'unused', 6: 'byte' };
const ALGORITHMS: Readonly<Record<number, SentencePieceModel['algorithm']>> = { 1: 'unigram', 2: 'bpe' };

/** @throws {ProblemError} `model.badTokenizer` for a file that is damaged, empty, or of a kind that is not read */
export function readSentencePiece(file: Uint8Array): SentencePieceModel {
  try {
    return readModel(file);
  } catch (cause) {
    if (cause instanceof WireError) throw badTokenizer(`no SentencePiece model (${cause.message})`, cause);
    throw cause;
  }
}

function readModel(file: Uint8Array): SentencePieceModel {
  const pieces: ScoredPiece[] = [];
  let trainer = new Uint8Array();
  let normalizer = new Uint8Array();
  for (const field of fields(file)) {
    if (field.number === 1) pieces.push(readPiece(bytes(field), pieces.length));
    else if (field.number === 2) trainer = bytes(field).slice();
    else if (field.number === 3) normalizer = bytes(field).slice();
  }
  if (pieces.length === 0) throw badTokenizer('no SentencePiece model (it holds no pieces)');
  return { pieces, normalizer: readNormalizer(normalizer), ...readTrainer(trainer, pieces) };
}

function readPiece(message: Uint8Array, id: number): ScoredPiece {
  const read = { piece: '', score: 0, kind: 1 };
  for (const field of fields(message)) {
    if (field.number === 1) read.piece = text(field);
    else if (field.number === 2) read.score = float(field);
    else if (field.number === 3) read.kind = integer(field);
  }
  const kind = KINDS[read.kind];
  if (read.piece === '' || !kind || !Number.isFinite(read.score)) throw badTokenizer(`piece ${String(id)} is malformed`);
  return { piece: read.piece, score: read.score, kind };
}

const isSet = (field: Field): boolean => integer(field) !== 0;

function readNormalizer(message: Uint8Array): SentencePieceNormalizer {
  const read = { charsmap: new Uint8Array(), addDummyPrefix: true, removeExtraSpaces: true };
  for (const field of fields(message)) {
    if (field.number === 2) read.charsmap = bytes(field).slice();
    else if (field.number === 3) read.addDummyPrefix = isSet(field);
    else if (field.number === 4) read.removeExtraSpaces = isSet(field);
    else if (field.number === 5 && !isSet(field)) throw badTokenizer('spaces that are not marked (escape_whitespaces) cannot be read');
  }
  return read;
}

function readTrainer(message: Uint8Array, pieces: readonly ScoredPiece[]): Pick<SentencePieceModel, 'algorithm' | 'byteFallback' | 'ids'> {
  const read = { model: 1, byteFallback: false, unknown: 0, begin: 1, end: 2 };
  for (const field of fields(message)) {
    if (field.number === 3) read.model = integer(field);
    else if (field.number === 24 && isSet(field)) throw badTokenizer('spaces marked behind words (treat_whitespace_as_suffix) cannot be read');
    else if (field.number === 35) read.byteFallback = isSet(field);
    else if (field.number === 40) read.unknown = integer(field);
    else if (field.number === 41) read.begin = integer(field);
    else if (field.number === 42) read.end = integer(field);
  }
  const algorithm = ALGORITHMS[read.model];
  if (!algorithm) throw badTokenizer(`SentencePiece models of kind ${String(read.model)} cannot be read, only unigram and BPE`);
  if (pieces[read.unknown]?.kind !== 'unknown') throw badTokenizer(`piece ${String(read.unknown)} is not the unknown piece`);
  return { algorithm, byteFallback: read.byteFallback, ids: { unknown: read.unknown, begin: read.begin, end: read.end } };
}

/** Pairs of pieces in the order in which BPE joins them: each way to cut a piece in two others, by the piece's own id. */
export function mergesOf(pieces: readonly ScoredPiece[]): [string, string][] {
  const ids = new Map(pieces.map(({ piece }, id) => [piece, id]));
  const merges: { readonly pair: [string, string]; readonly id: number }[] = [];
  pieces.forEach(({ piece }, id) => {
    const characters = Array.from(piece);
    for (let length = 1; length < characters.length; length += 1) {
      const pair: [string, string] = [characters.slice(0, length).join(''), characters.slice(length).join('')];
      if (pair.every((part) => ids.has(part))) merges.push({ pair, id });
    }
  });
  // As `transformers` orders them; by code points, as Python counts.
  const length = (part: string): number => Array.from(part).length;
  merges.sort((a, b) => a.id - b.id || length(a.pair[0]) - length(b.pair[0]));
  return merges.map(({ pair }) => pair);
}
