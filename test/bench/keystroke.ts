/** What a keystroke costs before its colours can be drawn: a run that goes on from the one before, and the surprisal of what is new. */
import { join } from 'node:path';
import { openFolder } from '../../src/engine/files.node.ts';
import { surprisal } from '../../src/engine/probes/surprisal.ts';
import { Checkpoint } from '../../src/engine/safetensors.ts';
import { milliseconds, ratio, type Figure } from './figure.ts';
import { oneThread, open, run } from './figures.ts';
import { plainGpt2 } from './plainGpt2.ts';
import { randomGpt2, randomIds } from './randomCheckpoint.ts';
import { interleaved } from './rounds.ts';

/** A character typed after 256 tokens ÷ a plain forward pass over them, on GPT-2 small's shape; without the pause for typing and without drawing. */
export async function keystroke(root: string): Promise<Figure[]> {
  const model = await open(root);
  const files = openFolder(await randomGpt2(join(root, '.cache/bench')));
  const plain = await plainGpt2(await Checkpoint.open(files), oneThread(root));
  const ids = randomIds(257);
  const before = await run(model, ids.slice(0, 256));
  const times = await interleaved(7, [
    { name: 'plain', run: () => plain(ids.slice(0, 256)) },
    {
      name: 'keystroke',
      run: async () => {
        await surprisal(await run(model, ids, before), { from: 256, to: 257 });
      },
    },
  ]);
  await model.release();
  await files.close();
  return [{ what: 'a keystroke after 256 tokens, to the surprisal of what is new ÷ plain forward pass of the 256', goal: '≤ 0.10', measured: `${ratio(times.get('keystroke'), times.get('plain'))} × (${milliseconds(times.get('keystroke'))} ÷ ${milliseconds(times.get('plain'))})` }];
}
