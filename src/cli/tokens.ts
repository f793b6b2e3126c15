import type { Token } from '../protocol.ts';
import { print, printJson, table, tokenText } from './print.ts';
import type { Session } from './session.ts';

/** Every token with its id, bytes and UTF-16 range; of an encoder–decoder those of its output too, whose ranges are in what they spell. */
export async function tokens({ info, output }: Session, { json }: { readonly json?: boolean }): Promise<void> {
  if (json) return printJson({ model: info.model, window: info.window, tokens: info.tokens, ...(output ? { output } : {}) });
  printTokens(info.tokens);
  if (output) {
    print('\nOutput:');
    printTokens(output);
  }
  describeWindow({ info });
}

function printTokens(listed: readonly Token[]): void {
  const hex = (bytes: readonly number[]): string => bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const rows = listed.map((token, index) => [
    String(index),
    tokenText(token),
    String(token.id),
    `${String(token.start)}–${String(token.end)}`,
    hex(token.bytes),
    [token.origin === 'text' ? '' : token.origin, token.partial ? 'part of a character' : '', token.changed === undefined ? '' : `became ${JSON.stringify(token.changed)}`].filter(Boolean).join(', '),
  ]);
  table([['#', 'token', 'id', 'range', 'bytes', ''], ...rows], [0, 2]);
}

/** Says which part of a long text is shown; nothing where all of it is. */
export function describeWindow({ info: { window, model } }: Pick<Session, 'info'>): void {
  const { start, end, total, textLength, textRead } = window;
  if (end - start < total) print(`\nTokens ${String(start)}–${String(end - 1)} of ${String(total)}: ${model.name} sees ${String(model.positions)} at once. Use --window-start for another part.`);
  if (textRead < textLength) print(`Only the first ${String(textRead)} of ${String(textLength)} UTF-16 units were read.`);
}
