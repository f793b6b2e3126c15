import type { Candidate } from '../protocol.ts';
import { bar, print, printJson, share, table, tokenText, visible } from './print.ts';
import type { Session } from './session.ts';

/** The likeliest next tokens of the full-vocabulary softmax, as bars. */
export async function next({ info, ask }: Session, { position, top, json }: { readonly position?: number; readonly top: number; readonly json?: boolean }): Promise<void> {
  const at = position ?? info.tokens.length - 1;
  const answer = await ask('next', { position: at, top });
  if (json) return printJson({ model: info.model, ...answer });
  const largest = Math.exp(answer.top[0]?.logProbability ?? 0);
  const row = ({ text, logProbability, rank }: Candidate): string[] => [String(rank), visible(text), share(Math.exp(logProbability)), bar(Math.exp(logProbability) / largest, 30)];
  print(`After token ${String(at)} "${tokenText(info.tokens[at])}", ${info.model.name} expects (entropy ${answer.entropy.toFixed(2)} bits):`);
  table([...answer.top.map(row), ['', 'everything else', share(answer.rest), bar(Math.min(1, answer.rest / largest), 30)]], [0, 2]);
  const { actual } = answer;
  if (actual) print(`In the text follows "${visible(actual.text)}": ${share(Math.exp(actual.logProbability))}, rank ${String(actual.rank)}, ${(-actual.logProbability / Math.LN2).toFixed(2)} bits.`);
}
