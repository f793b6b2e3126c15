/** A token that is chosen on the command line by its text. */
import { ProblemError } from '../engine/problemError.ts';
import type { SpelledToken } from '../protocol.ts';
import { visible } from './print.ts';
import type { Session } from './session.ts';

/** A text that is several tokens stands for the first of them, which is said on standard error. @throws ProblemError `token.none`, or what is wrong with the tokenizer */
export async function chosenToken({ info, ask }: Pick<Session, 'info' | 'ask'>, text: string): Promise<SpelledToken> {
  const { tokens } = await ask('spelling', { text });
  const [first] = tokens;
  if (!first) throw new ProblemError('token.none', { text: visible(text), name: info.model.name });
  if (tokens.length > 1) process.stderr.write(`"${visible(text)}" is ${String(tokens.length)} tokens; its first is taken: "${visible(first.text)}".\n`);
  return first;
}
