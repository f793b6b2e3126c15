/** Why a question has no answer, where that is so. */
import type { JSX } from 'preact';
import type { Trouble } from '../../src/protocol.ts';

export function AnswerTrouble({ answer }: { readonly answer: { readonly state: string; readonly trouble?: Trouble } }): JSX.Element | null {
  if (!answer.trouble) return null;
  return (
    <p class="trouble" role="alert">
      {answer.trouble.message}
    </p>
  );
}
