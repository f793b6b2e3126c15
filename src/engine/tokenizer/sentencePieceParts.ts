/** How SentencePiece cuts a normalised text to pieces. */
import { BPE } from '@huggingface/tokenizers';
import { mergesOf, type ScoredPiece, type SentencePieceModel } from './sentencePiece.ts';
import { utf8 } from './utf8.ts';

/** The parts of a text in order. Neighbouring characters that no piece stands for are one part. */
export function sentencePieceParts(model: SentencePieceModel): (text: string) => string[] {
  return model.algorithm === 'unigram' ? unigramParts(model.pieces) : bpeParts(model.pieces);
}

interface Node {
  readonly next: Map<string, Node>;
  score: number | null;
}

/** How much worse than the worst piece an unknown character counts. */
const UNKNOWN_PENALTY = 10;

/** A best way to a place in the text: where its last part begins, and whether a piece stands for that. */
interface Step {
  readonly from: number;
  readonly score: number;
  readonly known: boolean;
}

/** The cut with the largest sum of scores (Kudo 2018), found from left to right (Viterbi); sums in float32, as in SentencePiece. */
function unigramParts(pieces: readonly ScoredPiece[]): (text: string) => string[] {
  const { root, unknownScore } = scoredTrie(pieces);
  return (text) => {
    const best: (Step | undefined)[] = [{ from: 0, score: 0, known: true }];
    const offer = (from: number, to: number, score: number, known: boolean): void => {
      const sum = Math.fround(score + (best[from]?.score ?? 0));
      const before = best[to];
      if (!before || sum > before.score) best[to] = { from, score: sum, known };
    };
    for (let from = 0; from < text.length; from = afterCharacter(text, from)) {
      const next = afterCharacter(text, from);
      let single = false;
      let node: Node | undefined = root;
      for (let to = from; to < text.length; ) {
        node = node.next.get(text.charAt(to));
        if (!node) break;
        to += 1;
        if (node.score === null) continue;
        offer(from, to, node.score, true);
        single ||= to === next;
      }
      if (!single) offer(from, next, unknownScore, false);
    }
    return partsTo(best, text);
  };
}

const afterCharacter = (text: string, at: number): number => at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);

/** Walks back from the end of the text. */
function partsTo(best: readonly (Step | undefined)[], text: string): string[] {
  const parts: { readonly text: string; readonly known: boolean }[] = [];
  for (let to = text.length; to > 0; ) {
    const step = best[to];
    if (!step) break; // Every place that a character ends at has been reached.
    parts.push({ text: text.slice(step.from, to), known: step.known });
    to = step.from;
  }
  return joinUnknown(parts.reverse());
}

/** User-defined symbols score so well that they are always taken; what is unused, a control or a byte is never. */
function scoredTrie(pieces: readonly ScoredPiece[]): { readonly root: Node; readonly unknownScore: number } {
  let smallest = Infinity;
  let largest = -Infinity;
  for (const { score, kind } of pieces) {
    if (kind !== 'normal') continue;
    smallest = Math.min(smallest, score);
    largest = Math.max(largest, score);
  }
  const root: Node = { next: new Map(), score: null };
  for (const { piece, score, kind } of pieces) {
    if (kind !== 'normal' && kind !== 'symbol') continue;
    let node = root;
    for (let unit = 0; unit < piece.length; unit += 1) {
      const character = piece.charAt(unit);
      const next: Node = node.next.get(character) ?? { next: new Map(), score: null };
      node.next.set(character, next);
      node = next;
    }
    node.score = kind === 'symbol' ? Math.fround(utf8(piece).length * largest - 0.1) : score;
  }
  return { root, unknownScore: Math.fround(smallest - UNKNOWN_PENALTY) };
}

function bpeParts(pieces: readonly ScoredPiece[]): (text: string) => string[] {
  const usable = pieces.map((scored) => (scored.kind === 'normal' || scored.kind === 'symbol' ? scored : { ...scored, piece: '' }));
  const known = new Set(usable.map(({ piece }) => piece));
  const vocabulary = Object.fromEntries(usable.map(({ piece }, id) => [piece, id]));
  const options = { unk_token: '', end_of_word_suffix: '', continuing_subword_suffix: null, ignore_merges: false };
  const bpe = new BPE({ type: 'BPE', vocab: vocabulary, merges: mergesOf(usable), ...options });
  return (text) => (text === '' ? [] : joinUnknown(bpe.bpe(text).map((part) => ({ text: part, known: known.has(part) }))));
}

function joinUnknown(parts: readonly { readonly text: string; readonly known: boolean }[]): string[] {
  const joined: string[] = [];
  let before = true;
  for (const { text, known } of parts) {
    if (known || before) joined.push(text);
    else joined.push(`${joined.pop() ?? ''}${text}`);
    before = known;
  }
  return joined;
}
