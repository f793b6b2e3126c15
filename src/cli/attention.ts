import { ProblemError } from '../engine/problemError.ts';
import type { Answer, AttentionInfo, AttentionPart, ModelInfo, Sequence, Token } from '../protocol.ts';
import { bar, print, printJson, share, table, visible } from './print.ts';
import type { Session } from './session.ts';
import { describeWindow } from './tokens.ts';

export interface AttentionOptions {
  readonly part?: AttentionPart;
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
export async function attention({ info, output, ask }: Session, options: AttentionOptions): Promise<void> {
  const { model, tokens } = info;
  const { part, layers, heads: count, queries, keys } = attentionOf(model, options.part);
  const layer = options.layer ?? Math.floor(layers / 2);
  const heads = options.head ?? Array.from({ length: count }, (_, head) => head);
  const average = !options.head || options.head.length > 1;
  const of = { part, layer, heads: [...heads].sort((a, b) => a - b), average, sink: options.sink, unit: options.words ? 'word' : 'token' } as const;
  const answer = await ask('links', { ...of, percent: options.percent, limit: 1_000_000 });
  if (options.json) return printJson({ model, window: info.window, tokens, ...(output ? { output } : {}), ...of, percent: options.percent, ...answer });

  const textsOf = (sequence: Sequence): string[] => unitTexts(sequence === 'output' ? (output ?? []) : tokens, of.unit);
  const [queryTexts, keyTexts] = [textsOf(queries), textsOf(keys)];
  const which = average ? `the average of ${options.head ? `heads ${heads.join(', ')}` : `all ${String(count)} heads`}` : `head ${String(heads[0])}`;
  const whose = model.attentions.length > 1 ? `${part} ` : '';
  const attend = queries === keys ? 'attend to' : 'of the output attend to those of the text';
  print(`${model.name}, ${whose}layer ${String(layer)}, ${which}: ${of.unit}s ${attend} (the fewest links that carry ${String(options.percent)} % of each row)\n`);
  table(rows(answer, queryTexts, keyTexts));
  const sink = answer.sinkShare.reduce((sum, value) => sum + value, 0) / answer.sinkShare.length;
  print(`\n${share(sink)} of all attention is on the first ${of.unit} "${keyTexts[0] ?? ''}"${options.sink === 'remove' ? ', taken out here' : ''}; ${String(answer.hidden)} weaker links that carry ${share(answer.hiddenShare)} are hidden.`);
  describeWindow({ info });
}

/** The asked-for attention; of several the last, by which an encoder–decoder's output reads the text. @throws ProblemError `model.noAttention`, `model.otherAttention` */
function attentionOf({ name, attentions }: ModelInfo, part: AttentionPart | undefined): AttentionInfo {
  const found = part === undefined ? attentions.at(-1) : attentions.find((attention) => attention.part === part);
  if (found) return found;
  if (part === undefined || !attentions.length) throw new ProblemError('model.noAttention', { name });
  throw new ProblemError('model.otherAttention', { name, part, parts: attentions.map((attention) => attention.part).join(', ') });
}

function rows(answer: Answer<'links'>, queries: readonly string[], keys: readonly string[]): string[][] {
  const byQuery = queries.map((): number[] => []);
  for (const [link, query] of answer.query.entries()) byQuery[query]?.push(link);
  return byQuery.map((links, query) => {
    const shown = links.slice(0, MOST_LINKS).map((link) => `${bar(answer.weight[link] ?? 0, 4).padEnd(4)} ${share(answer.weight[link] ?? 0)} ${keys[answer.key[link] ?? 0] ?? ''}`);
    const more = links.length - shown.length;
    return [String(query), queries[query] ?? '', '→', ...padded(shown), more > 0 ? `+ ${String(more)} more` : ''];
  });
}

const padded = (shown: readonly string[]): string[] => Array.from({ length: MOST_LINKS }, (_, i) => shown[i] ?? '');

function unitTexts(tokens: readonly Token[], unit: 'token' | 'word'): string[] {
  if (unit === 'token') return tokens.map((token) => visible(token.text));
  const words: string[] = [];
  for (const token of tokens) words[token.word] = (words[token.word] ?? '') + token.text;
  return words.map(visible);
}
