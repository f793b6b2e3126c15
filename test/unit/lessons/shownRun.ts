/** The run that a panel shows, for players without a panel. */
import type { EngineClient } from '../../../src/engine/client.ts';
import type { Stage } from '../../../src/lessons/lessonPlayer.ts';
import { valueOf } from '../../../src/lessons/outcomes.ts';
import { describe } from '../../../src/problems.ts';
import type { HostRunEvent, RunInfo, Subject, Token } from '../../../src/protocol.ts';
import { join } from 'node:path';
import { root } from '../../support/engine.ts';

type Shown = NonNullable<ReturnType<Stage['run']>>;

/** Runs a subject to its end, telling each event after what is known of the run by then; resolves when what followed is done too. */
export async function fullRunOf(client: EngineClient, { model, text }: Subject, tell: (run: Shown, event: HostRunEvent) => void): Promise<void> {
  const state: { info: RunInfo | null; output: readonly Token[]; finished: boolean } = { info: null, output: [], finished: false };
  const asks: Promise<unknown>[] = [];
  const { run, done } = client.run({ model: { name: model, location: join(root, 'models', model), precision: 'float32' }, text }, (event) => {
    if (event.type === 'started') state.info = event.info;
    if (event.type === 'output') state.output = event.tokens;
    if (event.type === 'finished') state.finished = true;
    const { info, output, finished } = state;
    if (!info) return;
    const shown: Shown = {
      info,
      output,
      finished,
      ask: async (question, ask) => {
        const answer = client.ask(run, question, ask);
        asks.push(answer);
        return valueOf(await answer);
      },
    };
    tell(shown, event.type === 'failed' ? { type: 'failed', run: event.run, trouble: describe(event.problem) } : event);
  });
  await done;
  await Promise.all(asks);
}
