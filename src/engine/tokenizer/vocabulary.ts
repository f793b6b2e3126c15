/** Ids and what they are written as. */
import type { AddedTokenDefinition } from './definition.ts';

export class Vocabulary {
  /** One more than the largest id. */
  readonly size: number;
  readonly #pieces = new Map<number, string>();
  readonly #added = new Map<number, AddedTokenDefinition>();

  constructor(ids: ReadonlyMap<string, number>, added: readonly AddedTokenDefinition[]) {
    for (const [piece, id] of ids) this.#pieces.set(id, piece);
    for (const token of added) {
      this.#pieces.set(token.id, token.content);
      this.#added.set(token.id, token);
    }
    let largest = -1;
    for (const id of this.#pieces.keys()) largest = Math.max(largest, id);
    this.size = largest + 1;
  }

  /** What stands in the vocabulary for an id; undefined for an id that it has not. */
  piece(id: number): string | undefined {
    return this.#pieces.get(id);
  }

  /** The added token with this id. */
  added(id: number): AddedTokenDefinition | undefined {
    return this.#added.get(id);
  }
}
