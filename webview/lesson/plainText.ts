/** Inline parts of a lesson as plain text, for labels. */
import type { Inline } from '../../src/protocol.ts';

export function plainText(parts: readonly Inline[]): string {
  return parts.map(textOf).join('');
}

function textOf(part: Inline): string {
  switch (part.kind) {
    case 'text':
    case 'code':
      return part.text;
    case 'math':
      return part.tex;
    case 'break':
      return ' ';
    default:
      return plainText(part.children);
  }
}
