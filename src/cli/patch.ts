import { ProblemError } from '../engine/problemError.ts';
import type { Answer, Ask, AttentionPart, PatchSite, RunInfo, Token } from '../protocol.ts';
import { aimOf, signed, type AimOptions } from './ablate.ts';
import { print, printJson, share, table, tokenText, visible } from './print.ts';
import type { Session } from './session.ts';

export interface PatchOptions extends AimOptions {
  readonly corrupted?: string;
  readonly corruptedIds?: readonly number[];
  readonly over: Ask<'patch'>['over'];
  readonly part?: AttentionPart;
}

/** Sites asked for at a time, so that progress can be told. */
const CHUNK = 16;
const STRONGEST = 10;
/** Columns of a table for a terminal: those with the largest values, where there are more. */
const MOST_COLUMNS = 10;

const NAMES: Readonly<Record<Ask<'patch'>['over'], string>> = { resid_pre: 'the residual stream before each layer', attn_out: 'what attention adds', mlp_out: 'what the feed-forward part adds', z: 'what a head hands on at all positions' };

interface Site {
  readonly site: PatchSite;
  readonly restored: number;
  readonly logProbability: number;
  readonly logitDifference: number | null;
}

/** How much of a prediction comes back when one thing at a time of the text is put into another text. */
export async function patch(session: Session, { over, part, ...options }: PatchOptions): Promise<void> {
  const { info } = session;
  const other = await session.runBeside(otherText(options));
  const { aim, where } = await aimOf(session, options);
  const { pairs, clean, corrupted, corruptedPosition } = await session.ask('alignment', { corrupted: other.run, position: aim.position, top: 1 });
  const target = aim.target ?? clean[0]?.id ?? 0;
  const likeliest = corrupted[0]?.id ?? target;
  const rival = aim.rival ?? (likeliest === target ? undefined : likeliest);
  const about = { corrupted: other.run, position: aim.position, target, ...(rival === undefined ? {} : { rival }), over, ...(part ? { part } : {}) };
  const { sites, ...answer } = await all(session, about);
  if (options.json) return printJson({ model: info.model, over, position: aim.position, corruptedPosition, pairs, target: answer.target, rival: answer.rival, clean: answer.clean, corrupted: answer.corrupted, sites });

  const of = answer.rival ? `logit of "${visible(answer.target.text)}" − logit of "${visible(answer.rival.text)}"` : `log-probability of "${visible(answer.target.text)}"`;
  const measured = (measure: Answer<'patch'>['clean']): string => signed(measure.logitDifference ?? measure.logProbability);
  print(`${info.model.name}, ${where}: ${of}, ${measured(answer.clean)} in the text and ${measured(answer.corrupted)} in the other.`);
  print(`Differences: ${differences(info, other, pairs)}.`);
  print(`How much comes back when ${NAMES[over]} of the text is put into the other:\n`);
  const tokens = (site: PatchSite): readonly Token[] => (site.part === 'encoder' || !session.output ? info.tokens : session.output);
  const parts = byPart(sites);
  const several = parts.size > 1;
  for (const [part, own] of parts) printLayers(several ? part : '', own, tokens);
  print('Strongest:');
  const named = ({ site }: Site): string => `${several ? `${site.part} ` : ''}${String(site.layer)}${site.kind === 'head' ? `.${String(site.head)}` : ` at ${String(site.position)} "${tokenText(tokens(site)[site.position])}"`}`;
  const strongest = sites.filter(({ restored }) => Number.isFinite(restored)).sort((a, b) => Math.abs(b.restored) - Math.abs(a.restored)).slice(0, STRONGEST);
  table([['', '', 'restored', 'log-probability', ...(rival === undefined ? [] : ['logit difference'])], ...strongest.map((one, i) => [String(i + 1), named(one), percent(one.restored), signed(one.logProbability), ...(one.logitDifference === null ? [] : [signed(one.logitDifference)])])], [0, 2, 3, 4]);
}

/** @throws ProblemError `text.empty` */
function otherText({ corrupted, corruptedIds }: Pick<PatchOptions, 'corrupted' | 'corruptedIds'>): { readonly text: string; readonly ids?: readonly number[] } {
  if (corruptedIds) return { text: '', ids: corruptedIds };
  if (corrupted === undefined) throw new ProblemError('text.empty');
  return { text: corrupted };
}

async function all({ ask }: Session, about: Omit<Ask<'patch'>, 'from' | 'to'>): Promise<{ readonly sites: readonly Site[] } & Pick<Answer<'patch'>, 'target' | 'rival' | 'clean' | 'corrupted'>> {
  const found: Site[] = [];
  for (;;) {
    const { total, sites, restored, logProbability, logitDifference, target, rival, clean, corrupted } = await ask('patch', { ...about, from: found.length, to: found.length + CHUNK });
    for (const [i, site] of sites.entries()) found.push({ site, restored: restored[i] ?? NaN, logProbability: logProbability[i] ?? NaN, logitDifference: logitDifference?.[i] ?? null });
    if (process.stderr.isTTY) process.stderr.write(`\r${String(found.length)} of ${String(total)}${found.length >= total ? '\r\x1b[K' : ''}`);
    if (found.length >= total || !sites.length) return { sites: found, target, rival, clean, corrupted };
  }
}

function differences({ tokens }: RunInfo, other: RunInfo, { clean, corrupted, same }: Answer<'alignment'>['pairs']): string {
  const changed = [...same.keys()].filter((pair) => !same[pair]).map((pair) => `${String(clean[pair])} "${tokenText(tokens[clean[pair] ?? 0])}" → "${tokenText(other.tokens[corrupted[pair] ?? 0])}"`);
  const alone = (all: readonly Token[], paired: Uint16Array, sign: string): string[] => [...all.keys()].filter((index) => !paired.includes(index)).map((index) => `${sign}"${tokenText(all[index])}"`);
  return [...changed, ...alone(tokens, clean, '−'), ...alone(other.tokens, corrupted, '+')].join(', ');
}

function byPart(sites: readonly Site[]): Map<AttentionPart, Site[]> {
  const parts = new Map<AttentionPart, Site[]>();
  for (const one of sites) parts.set(one.site.part, [...(parts.get(one.site.part) ?? []), one]);
  return parts;
}

const columnOf = (site: PatchSite): number => (site.kind === 'head' ? site.head : site.position);

/** A row for each layer, a column for each position or head, those of the largest values where there are many. */
function printLayers(title: string, sites: readonly Site[], tokens: (site: PatchSite) => readonly Token[]): void {
  const strength = new Map<number, number>();
  for (const { site, restored } of sites) strength.set(columnOf(site), Math.max(strength.get(columnOf(site)) ?? 0, Math.abs(restored) || 0));
  const columns = [...strength].sort((a, b) => b[1] - a[1]).slice(0, MOST_COLUMNS).map(([column]) => column).sort((a, b) => a - b);
  const heading = (column: number): string => {
    const first = sites[0]?.site;
    return first?.kind === 'position' ? `${String(column)} ${tokenText(tokens(first)[column])}` : `head ${String(column)}`;
  };
  const layers = [...new Set(sites.map(({ site }) => site.layer))];
  const cell = (layer: number, column: number): string => {
    const found = sites.find(({ site }) => site.layer === layer && columnOf(site) === column);
    return found ? percent(found.restored) : '';
  };
  table([[title, ...columns.map(heading)], ...layers.map((layer) => [`layer ${String(layer)}`, ...columns.map((column) => cell(layer, column))])], columns.map((_, i) => i + 1));
  if (columns.length < strength.size) print(`The ${String(columns.length)} of ${String(strength.size)} with the largest values; --json has all.`);
  print();
}

/** A share that may be negative or above 1; nothing where both texts measure the same. */
const percent = (value: number): string => (Number.isNaN(value) ? '–' : `${value < 0 ? '−' : ''}${share(Math.abs(value) < 0.0005 ? 0 : Math.abs(value))}`);
