/** Candidates as the words they begin: each is continued greedily until its word is complete. */
import type { Answer, Ask, WordCandidate } from '../../protocol.ts';
import type { Trace } from '../trace.ts';
import { logProbabilities } from './next.ts';

/** A word is followed for so many tokens. */
const LONGEST = 8;

/** A text that another piece can make longer without a new word: it ends in a letter or digit of a script that writes spaces, or amid a character. */
const OPEN = /(\uFFFD|(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{M}\p{N}])$/u;
/** What goes on with a word: a letter, digit or mark, or an apostrophe with a letter after it. */
const CONTINUING = /^(['’]?(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{M}\p{N}])/u;

export async function words(trace: Trace, { position, ids }: Ask<'words'>): Promise<Answer<'words'>> {
  const before = logProbabilities((await trace.logits([position])).data);
  const found: WordCandidate[] = [];
  for (const id of ids) found.push(await follow(trace, position, id, before[id] ?? -Infinity));
  return { words: found };
}

async function follow(trace: Trace, position: number, id: number, logProbability: number): Promise<WordCandidate> {
  const { model } = trace;
  const start = trace.ids('text').slice(0, position + 1);
  const ids = [id];
  let sum = logProbability;
  let current = trace;
  try {
    while (OPEN.test(model.textOf(ids))) {
      if (ids.length >= LONGEST || start.length + ids.length >= model.info.positions) return { ids, text: model.textOf(ids), logProbability: sum, complete: false };
      const next = current.variant({ text: [...start, ...ids] });
      if (current !== trace) current.release();
      current = next;
      await current.run(new AbortController().signal);
      const logs = logProbabilities((await current.logits([start.length + ids.length - 1])).data);
      const likeliest = logs.reduce((best, log, token) => (log > (logs[best] ?? -Infinity) ? token : best), 0);
      const text = model.textOf(ids);
      const longer = model.textOf([...ids, likeliest]);
      // A character that the likeliest piece does not complete stays a part of one.
      if (text.endsWith('\uFFFD') && longer.startsWith(text)) return { ids, text, logProbability: sum, complete: false };
      if (!text.endsWith('\uFFFD') && !CONTINUING.test(longer.slice(text.length))) break;
      ids.push(likeliest);
      sum += logs[likeliest] ?? 0;
    }
    return { ids, text: model.textOf(ids), logProbability: sum, complete: true };
  } finally {
    if (current !== trace) current.release();
  }
}
