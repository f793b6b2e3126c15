import type { Candidate, LensAnswer, LensAsk } from '../protocol.ts';
import { chosenToken } from './chosenToken.ts';
import { print, printJson, share, table, tokenText, visible } from './print.ts';
import type { Session } from './session.ts';
import { describeWindow } from './tokens.ts';

export interface LensOptions {
  readonly part?: NonNullable<LensAsk['part']>;
  readonly position?: number;
  readonly token?: string;
  readonly top: number;
  readonly json?: boolean;
}

/** Columns of a table for a terminal: the last tokens, where there are more. */
const MOST_COLUMNS = 8;

/** What the head would predict after each layer: for the last few tokens the likeliest, for one position its top few; and a chosen token's way. */
export async function lens(session: Session, { part, position, token, top, json }: LensOptions): Promise<void> {
  const { info, output, ask } = session;
  const { model } = info;
  const ofEncoder = output !== null && part === 'encoder';
  const tokens = ofEncoder ? info.tokens : (output ?? info.tokens);
  const chosen = token === undefined ? null : await chosenToken(session, token);
  const all = tokens.map((_, index) => index);
  const positions = position === undefined ? (json ? all : all.slice(-MOST_COLUMNS)) : [position];
  const answer = await ask('lens', { ...(part ? { part } : {}), positions, top, ...(chosen ? { id: chosen.id } : {}) });
  if (json) return printJson({ model, window: info.window, tokens, positions, ...answer });

  const where = answer.predicts === 'masked' ? 'in place of' : 'after';
  const what = ofEncoder ? "which word the encoder's vector at each token resembles, read with the decoder's head" : `what its head would put ${where} each token`;
  print(`${model.name}: ${what}, layer by layer; KL is what is missing to the last layer, in bits.\n`);
  if (position === undefined) printAll(answer, positions.map((index) => `${String(index)} ${tokenText(tokens[index])}`));
  else printOne(answer, top);
  if (positions.length < all.length && position === undefined) print(`\nThe last ${String(positions.length)} of ${String(all.length)} tokens; --position shows one, --json all.`);
  describeWindow({ info });
}

function printAll({ layers, top, divergence, followed }: LensAnswer, columns: readonly string[]): void {
  const cellOf = (cell: number): string => {
    const best = top[cell]?.[0];
    const place = followed ? `, #${String(followed.rank[cell])}` : '';
    return best ? `${told(best)}${place}, KL ${(divergence[cell] ?? 0).toFixed(1)}` : '';
  };
  if (followed) print(`# is the rank of "${visible(followed.text)}".\n`);
  table([['layer', ...columns], ...layers.map((layer, row) => [layerName(layer), ...columns.map((_, column) => cellOf(row * columns.length + column))])]);
}

function printOne({ layers, top, divergence, followed }: LensAnswer, count: number): void {
  const heading = ['layer', 'KL', ...(followed ? [`rank of "${visible(followed.text)}"`, 'probability'] : []), 'likeliest'];
  const rows = layers.map((layer, row) => [
    layerName(layer),
    (divergence[row] ?? 0).toFixed(2),
    ...(followed ? [String(followed.rank[row]), share(Math.exp(followed.logProbability[row] ?? -Infinity))] : []),
    ...Array.from({ length: count }, (_, i) => {
      const candidate = top[row]?.[i];
      return candidate ? told(candidate) : '';
    }),
  ]);
  table([heading, ...rows], followed ? [1, 2, 3] : [1]);
}

const told = ({ text, logProbability }: Candidate): string => `${visible(text)} ${share(Math.exp(logProbability))}`;

const layerName = (layer: number): string => (layer < 0 ? 'embedding' : String(layer));
