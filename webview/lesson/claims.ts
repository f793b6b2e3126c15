/** The numbers that a step states, and what each is of. */
import type { Block, Inline, LessonStep } from '../../src/protocol.ts';
import { plainText } from './plainText.ts';

export interface StatedClaim {
  readonly id: string;
  /** The number as the prose has it. */
  readonly stated: string;
  readonly measured: string;
}

/** In the order of the prose, each once. */
export function claimsOf({ prose }: Pick<LessonStep, 'prose'>): StatedClaim[] {
  const all = prose.flatMap(inBlock);
  return all.filter(({ id, stated }, at) => all.findIndex((other) => other.id === id && other.stated === stated) === at);
}

function inBlock(block: Block): StatedClaim[] {
  switch (block.kind) {
    case 'paragraph':
    case 'heading':
      return inInlines(block.children);
    case 'list':
      return block.items.flatMap((item) => item.flatMap(inBlock));
    case 'quote':
      return block.children.flatMap(inBlock);
    case 'table':
      return [block.head, ...block.rows].flatMap((row) => row.flatMap(({ children }) => inInlines(children)));
    default:
      return [];
  }
}

function inInlines(parts: readonly Inline[]): StatedClaim[] {
  return parts.flatMap((part) => {
    if (part.kind === 'claim') return [{ id: part.id, stated: plainText(part.children), measured: part.measured }];
    return 'children' in part ? inInlines(part.children) : [];
  });
}
