/** What 8-bit weights gain, on GPT-2 small's shape. */
import { milliseconds, ratio, type Figure } from './figure.ts';
import { open, run } from './figures.ts';
import { randomIds } from './randomCheckpoint.ts';
import { interleaved } from './rounds.ts';

const LENGTHS = [16, 64, 256];

export async function eightBit(root: string): Promise<Figure[]> {
  const [exact, held] = [await open(root), await open(root, '8-bit')];
  const rows: Figure[] = [];
  for (const length of LENGTHS) {
    const ids = randomIds(length);
    const candidates = [
      { name: 'float32', run: () => run(exact, ids) },
      { name: '8-bit', run: () => run(held, ids) },
    ];
    const times = await interleaved(5, candidates, length === LENGTHS[0] ? 3 : 1);
    rows.push({
      what: `float32 ÷ 8-bit, ${String(length)} tokens, one thread`,
      goal: '≥ 2',
      measured: `${ratio(times.get('float32'), times.get('8-bit'))} × (${milliseconds(times.get('float32'))} ÷ ${milliseconds(times.get('8-bit'))})`,
    });
  }
  await exact.release();
  await held.release();
  return rows;
}
