/** Answers of a run from which tokens are left out, put where its tokens were before. */
import type { FocusAnswer, LinksAnswer, PatternAnswer, Token } from '../src/protocol.ts';
import { unitAt, type Unit } from './units.ts';

/** Of each unit of the other run, the shown unit: `[unit]`; null where they are the same. */
export type UnitPlaces = Int32Array | null;

/** @param kept where each token of the other run was among the shown ones. */
export function unitPlaces(kept: readonly number[], tokens: readonly Token[], units: readonly Unit[], shown: number, unit: 'token' | 'word'): UnitPlaces {
  if (kept.length === shown) return null;
  const first = tokens.flatMap((token, index) => (unit === 'word' && index > 0 && tokens[index - 1]?.word === token.word ? [] : [index]));
  return Int32Array.from(first, (index) => unitAt(units, kept[index] ?? 0));
}

/** The other run's unit that stands for a shown one; −1 where it is left out. */
export const placeAmong = (places: UnitPlaces, unit: number): number => (places ? places.indexOf(unit) : unit);

export function placedLinks(answer: LinksAnswer, queries: UnitPlaces, keys: UnitPlaces): LinksAnswer {
  return { ...answer, query: queries ? answer.query.map((unit) => queries[unit] ?? 0) : answer.query, key: keys ? answer.key.map((unit) => keys[unit] ?? 0) : answer.key };
}

/** `[head, unit]` over the shown units; what is left out has no weight. */
export function placedRow(answer: FocusAnswer, places: UnitPlaces, units: number): FocusAnswer {
  if (!places) return answer;
  const heads = answer.sinkShare.length;
  const weights = new Float32Array(heads * units);
  const kept = new Uint8Array(heads * units);
  for (let head = 0; head < heads; head++) {
    places.forEach((unit, at) => {
      weights[head * units + unit] = answer.weights[head * places.length + at] ?? 0;
      kept[head * units + unit] = answer.kept[head * places.length + at] ?? 0;
    });
  }
  return { ...answer, weights, kept };
}

/** `[query, key]` over the shown units; what is left out has no weight. */
export function placedPattern(answer: PatternAnswer, queryPlaces: UnitPlaces, keyPlaces: UnitPlaces, queries: number, keys: number): PatternAnswer {
  if (!queryPlaces && !keyPlaces) return answer;
  const weights = new Uint8Array(queries * keys);
  for (let query = 0; query < answer.queries; query++) {
    for (let key = 0; key < answer.keys; key++) {
      weights[(queryPlaces ? (queryPlaces[query] ?? 0) : query) * keys + (keyPlaces ? (keyPlaces[key] ?? 0) : key)] = answer.weights[query * answer.keys + key] ?? 0;
    }
  }
  return { ...answer, queries, keys, weights };
}
