import { ProblemError } from '../engine/problemError.ts';
import type { Token } from '../protocol.ts';
import { spelled } from '../writtenText.ts';
import { print, printJson } from './print.ts';
import { withEngine, type Common } from './session.ts';
import { describeWindow } from './tokens.ts';

/** What the decoder of an encoder–decoder writes, as it comes. */
export async function write(options: Common): Promise<void> {
  let shown = '';
  const show = (tokens: readonly Token[], complete: boolean): void => {
    const text = spelled(complete ? tokens : wholeCharacters(tokens));
    process.stdout.write(text.slice(shown.length));
    shown = text;
  };
  await withEngine(
    options,
    ({ info, output, text }) => {
      if (!output) throw new ProblemError('model.noOutput', { name: info.model.name });
      if (options.json) printJson({ model: info.model, window: info.window, target: info.target, text, tokens: info.tokens, output, written: spelled(output) });
      else {
        print();
        describeWindow({ info });
      }
      return Promise.resolve();
    },
    { fetch: 'predictions', ...(options.json ? {} : { onOutput: show }) },
  );
}


/** Without the last tokens while they are parts of a character that is not complete yet. */
function wholeCharacters(tokens: readonly Token[]): readonly Token[] {
  const whole = tokens.findLastIndex(({ partial }) => !partial);
  return tokens.slice(0, whole + 1);
}
