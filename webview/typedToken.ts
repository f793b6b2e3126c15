/** A token chosen by its text: what people type is spelled in the model's own pieces. */
import type { RunId, SpelledToken, Trouble } from '../src/protocol.ts';
import { ask } from './bridge.ts';

export type TypedToken =
  /** `pieces`: of a text that is several tokens, the first is taken. */
  | { readonly state: 'found'; readonly token: SpelledToken; readonly pieces: readonly SpelledToken[] }
  | { readonly state: 'nothing' }
  | { readonly state: 'failed'; readonly trouble: Trouble };

/**
 * Most tokens begin with the space before their word, which nobody types: the text is taken with one and without,
 * whichever is fewer tokens; of equally many, whichever is likelier at the position. What begins with a space is
 * taken as it is.
 */
export async function typedToken(run: RunId, position: number, text: string): Promise<TypedToken> {
  const forms = text.startsWith(' ') ? [text] : [` ${text}`, text];
  const outcomes = await Promise.all(forms.map((form) => ask(run, 'spelling', { text: form }).answer));
  const spellings: (readonly SpelledToken[])[] = [];
  for (const outcome of outcomes) {
    if (!outcome.ok) return { state: 'failed', trouble: outcome.trouble };
    if (outcome.value.tokens.length > 0) spellings.push(outcome.value.tokens);
  }
  const fewest = Math.min(...spellings.map((tokens) => tokens.length));
  const [first, second] = spellings.filter((tokens) => tokens.length === fewest);
  if (!first?.[0]) return { state: 'nothing' };
  const chosen = second?.[0] && second[0].id !== first[0].id && (await isLikelier(run, position, second[0], first[0])) ? second : first;
  return { state: 'found', token: chosen[0] ?? first[0], pieces: chosen };
}

async function isLikelier(run: RunId, position: number, one: SpelledToken, other: SpelledToken): Promise<boolean> {
  const outcome = await ask(run, 'effect', { position, target: one.id, rival: other.id, interventions: [], top: 0 }).answer;
  return outcome.ok && outcome.value.rival !== null && outcome.value.target.before.logit > outcome.value.rival.before.logit;
}
