import type { Candidate } from '../protocol.ts';
import { bar, print, printJson, share, table, tokenText, visible } from './print.ts';
import type { Session } from './session.ts';

export interface NextOptions {
  readonly position?: number;
  readonly top: number;
  readonly decoderIds?: readonly number[];
  readonly json?: boolean;
}

/** The likeliest tokens of the full-vocabulary softmax, as bars: next in the text or the output, or in place of a masked token. */
export async function next({ info, output, ask }: Session, { position, top, decoderIds, json }: NextOptions): Promise<void> {
  const tokens = output ?? info.tokens;
  // What a decoder wrote itself ends with the token after which nothing comes.
  const at = position ?? (output && !decoderIds ? 0 : tokens.length - 1);
  const answer = await ask('next', { position: at, top });
  if (json) return printJson({ model: info.model, ...answer });
  const largest = Math.exp(answer.top[0]?.logProbability ?? 0);
  const row = ({ text, logProbability, rank }: Candidate): string[] => [String(rank), visible(text), share(Math.exp(logProbability)), bar(Math.exp(logProbability) / largest, 30)];
  const masked = answer.predicts === 'masked';
  const where = `token ${String(at)} "${tokenText(tokens[at])}"${output ? ' of the output' : ''}`;
  print(`${masked ? 'In place of' : 'After'} ${where}, ${info.model.name} expects (entropy ${answer.entropy.toFixed(2)} bits):`);
  table([...answer.top.map(row), ['', 'everything else', share(answer.rest), bar(Math.min(1, answer.rest / largest), 30)]], [0, 2]);
  const { actual } = answer;
  if (!actual) return;
  const there = masked ? 'In the text stands' : `In the ${output ? 'output' : 'text'} follows`;
  print(`${there} "${visible(actual.text)}": ${share(Math.exp(actual.logProbability))}, rank ${String(actual.rank)}, ${(-actual.logProbability / Math.LN2).toFixed(2)} bits.`);
}
