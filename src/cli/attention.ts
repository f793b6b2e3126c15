import { ProblemError } from '../engine/problemError.ts';
import type { Answer } from '../protocol.ts';
import { bar, print, printJson, share, table, visible } from './print.ts';
import type { Session } from './session.ts';
import { describeWindow } from './tokens.ts';

export interface AttentionOptions {
  readonly layer?: number;
  readonly head?: readonly number[];
  readonly percent: number;
  readonly sink: 'show' | 'remove';
  readonly words?: boolean;
  readonly json?: boolean;
}

/** Links printed at most for one row. */
const MOST_LINKS = 4;

/** For each token or word the fewest links that carry the wanted share of its row, strongest first. */
export async function attention({ info, ask }: Session, options: AttentionOptions): Promise<void> {
  const { model, tokens } = info;
  const part = model.attentions[0]?.part;
  if (part === undefined) throw new ProblemError('model.noAttention', { name: model.name });
  const layer = options.layer ?? Math.floor(model.layers / 2);
  const heads = options.head ?? Array.from({ length: model.heads }, (_, head) => head);
  const average = !options.head || options.head.length > 1;
  const of = { part, layer, heads: [...heads].sort((a, b) => a - b), average, sink: options.sink, unit: options.words ? 'word' : 'token' } as const;
  const answer = await ask('links', { ...of, percent: options.percent, limit: 1_000_000 });
  if (options.json) return printJson({ model, window: info.window, tokens, ...of, percent: options.percent, ...answer });

  const texts = unitTexts(tokens, of.unit);
  const which = average ? `the average of ${options.head ? `heads ${heads.join(', ')}` : `all ${String(model.heads)} heads`}` : `head ${String(heads[0])}`;
  print(`${model.name}, layer ${String(layer)}, ${which}: ${of.unit}s attend to (the fewest links that carry ${String(options.percent)} % of each row)\n`);
  table(rows(answer, texts));
  const sink = answer.sinkShare.reduce((sum, value) => sum + value, 0) / answer.sinkShare.length;
  print(`\n${share(sink)} of all attention is on the first ${of.unit} "${texts[0] ?? ''}"${options.sink === 'remove' ? ', taken out here' : ''}; ${String(answer.hidden)} weaker links that carry ${share(answer.hiddenShare)} are hidden.`);
  describeWindow({ info });
}

function rows(answer: Answer<'links'>, texts: readonly string[]): string[][] {
  const byQuery = texts.map((): number[] => []);
  for (const [link, query] of answer.query.entries()) byQuery[query]?.push(link);
  return byQuery.map((links, query) => {
    const shown = links.slice(0, MOST_LINKS).map((link) => `${bar(answer.weight[link] ?? 0, 4).padEnd(4)} ${share(answer.weight[link] ?? 0)} ${texts[answer.key[link] ?? 0] ?? ''}`);
    const more = links.length - shown.length;
    return [String(query), texts[query] ?? '', '→', ...padded(shown), more > 0 ? `+ ${String(more)} more` : ''];
  });
}

const padded = (shown: readonly string[]): string[] => Array.from({ length: MOST_LINKS }, (_, i) => shown[i] ?? '');

function unitTexts(tokens: Session['info']['tokens'], unit: 'token' | 'word'): string[] {
  if (unit === 'token') return tokens.map((token) => visible(token.text));
  const words: string[] = [];
  for (const token of tokens) words[token.word] = (words[token.word] ?? '') + token.text;
  return words.map(visible);
}
