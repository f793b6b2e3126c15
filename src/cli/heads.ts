import { ProblemError } from '../engine/problemError.ts';
import type { AttentionPart, HeadScores } from '../protocol.ts';
import { print, printJson, table } from './print.ts';
import type { Session } from './session.ts';

export interface HeadsOptions {
  readonly part?: AttentionPart;
  readonly sort?: keyof HeadScores;
  readonly repeated?: boolean;
  readonly seed: number;
  readonly length: number;
  readonly repeats: number;
  readonly json?: boolean;
}

const SCORES = ['previous', 'self', 'same', 'induction', 'first', 'punctuation', 'entropy', 'distance'] as const satisfies readonly (keyof HeadScores)[];

/** What each head looks at, on the text or on random tokens that are repeated. */
export async function heads({ info, summaries, ask }: Session, { part, sort, repeated, seed, length, repeats, json }: HeadsOptions): Promise<void> {
  const { name, attentions } = info.model;
  const test = repeated ? await ask('repeated', { seed, length, repeats }) : null;
  const wanted = test?.part ?? part ?? attentions.at(-1)?.part;
  if (wanted === undefined) throw new ProblemError('model.noAttention', { name });
  if (!attentions.some((attention) => attention.part === wanted)) throw new ProblemError('model.otherAttention', { name, part: wanted, parts: attentions.map((attention) => attention.part).join(', ') });
  const layers = test?.layers ?? summaries.filter((summary) => summary.part === wanted).map((summary) => summary.heads.map(({ scores }) => scores));
  const all = layers.flatMap((scores, layer) => scores.map((own, head) => ({ layer, head, ...own })));
  if (json) return printJson({ model: info.model, part: wanted, ...(test ? { seed, length, repeats, ids: test.ids } : {}), heads: all });

  const sorted = sort ? all.toSorted((a, b) => (Number.isNaN(b[sort]) ? -1 : Number.isNaN(a[sort]) ? 1 : b[sort] - a[sort])) : all;
  print(`${name}, ${wanted}: mean share of attention on ${test ? `${String(length)} random tokens, ${String(repeats)} times in a row (seed ${String(seed)})` : 'the text'}; distance in tokens, entropy of uniform\n`);
  table([['head', ...SCORES], ...sorted.map((scores) => [`${String(scores.layer)}.${String(scores.head)}`, ...SCORES.map((score) => told(score, scores[score]))])], SCORES.map((_, i) => i + 1));
  if (!test && all.every(({ induction }) => Number.isNaN(induction))) print('\nNo token comes twice, so induction cannot be seen; --repeated tests it on random tokens.');
}

const told = (score: keyof HeadScores, value: number): string => (Number.isNaN(value) ? '–' : score === 'distance' ? value.toFixed(1) : `${(value * 100).toFixed(0)} %`);
