import { labelOf } from '../engine/interventions.ts';
import type { Answer, Ask, AttentionPart, Intervention } from '../protocol.ts';
import { aimOf, signed, type AimOptions } from './ablate.ts';
import { print, printJson, share, table, tokenText, visible } from './print.ts';
import type { Session } from './session.ts';

export interface SweepOptions extends AimOptions {
  readonly over: Ask<'sweep'>['over'];
  readonly part?: AttentionPart;
  readonly mean?: boolean;
}

/** Items asked for at a time, so that progress can be told. */
const CHUNK = 16;
const STRONGEST = 10;

interface Item {
  readonly off: Intervention;
  readonly logProbability: number;
  readonly logitDifference: number | null;
  readonly divergence: number;
}

/** What matters for a prediction: each head, part or token switched off alone. */
export async function sweep(session: Session, { over, part, mean, ...options }: SweepOptions): Promise<void> {
  const { info } = session;
  const { aim, where } = await aimOf(session, options);
  const { items, target, rival } = await all(session, { ...aim, over, by: mean ? 'mean' : 'zero', ...(part ? { part } : {}) });
  if (options.json) return printJson({ model: info.model, position: aim.position, over, by: mean ? 'mean' : 'zero', target, rival, items });
  const against = rival ? `logit of "${visible(target.text)}" − logit of "${visible(rival.text)}"` : `log-probability of "${visible(target.text)}" (${share(Math.exp(target.logProbability))}), nats`;
  print(`${info.model.name}, ${where}: change of the ${against}, when one of the ${over} is ${over === 'tokens' ? 'left out' : mean ? 'replaced by its mean over the text' : 'switched off'}\n`);
  if (!items.length) return print('There is nothing that could be switched off.');
  if (over !== 'tokens') for (const rows of layers(items, over)) printLayers(rows);

  print('Strongest:');
  const several = info.model.attentions.length > 1;
  const named = (off: Intervention): string => labelOf(off, several) + (off.kind === 'token' ? ` "${tokenText(info.tokens[off.token])}"` : '');
  const strongest = [...items].sort((a, b) => Math.abs(effectOf(b)) - Math.abs(effectOf(a))).slice(0, STRONGEST);
  table([['', '', 'log-probability', ...(rival ? ['logit difference'] : []), 'divergence'], ...strongest.map((item, i) => [String(i + 1), named(item.off), signed(item.logProbability), ...(item.logitDifference === null ? [] : [signed(item.logitDifference)]), `${item.divergence.toFixed(4)} bits`])], [0, 2, 3, 4]);
}

const effectOf = ({ logitDifference, logProbability }: Item): number => logitDifference ?? logProbability;

async function all({ ask }: Session, about: Omit<Ask<'sweep'>, 'from' | 'to'>): Promise<{ readonly items: readonly Item[] } & Pick<Answer<'sweep'>, 'target' | 'rival'>> {
  const items: Item[] = [];
  for (;;) {
    const { total, items: part, logProbability, logitDifference, divergence, target, rival } = await ask('sweep', { ...about, from: items.length, to: items.length + CHUNK });
    for (const [i, off] of part.entries()) items.push({ off, logProbability: logProbability[i] ?? NaN, logitDifference: logitDifference?.[i] ?? null, divergence: divergence[i] ?? NaN });
    if (process.stderr.isTTY) process.stderr.write(`\r${String(items.length)} of ${String(total)}${items.length >= total ? '\r\x1b[K' : ''}`);
    if (items.length >= total || !part.length) return { items, target, rival };
  }
}

interface Rows {
  readonly title: string;
  readonly columns: readonly string[];
  /** `[layer, column]` */
  readonly cells: readonly (readonly string[])[];
}

/** A table for each part of the model: layers by heads, or by what a layer consists of. */
function layers(items: readonly Item[], over: 'heads' | 'parts'): Rows[] {
  const tables = grouped(items, ({ off }) => ('part' in off ? off.part : ''));
  return [...tables].map(([title, own]) => {
    const byLayer = grouped(own, ({ off }) => ('layer' in off ? off.layer : 0));
    const first = byLayer.get(0) ?? [];
    const columns = over === 'heads' ? first.map((_, head) => `head ${String(head)}`) : first.map(({ off }) => (off.kind === 'attention' ? 'attention' : 'feed-forward'));
    return { title: tables.size > 1 ? title : '', columns, cells: [...byLayer.values()].map((row) => row.map((item) => signed(effectOf(item)))) };
  });
}

function grouped<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function printLayers({ title, columns, cells }: Rows): void {
  table([[title, ...columns], ...cells.map((row, layer) => [`layer ${String(layer)}`, ...row])], columns.map((_, i) => i + 1));
  print();
}
