import type { Change, Token } from '../protocol.ts';
import { interventionOf } from './ablateSpecs.ts';
import { chosenToken } from './chosenToken.ts';
import { bar, print, printJson, share, table, tokenText, visible } from './print.ts';
import type { Session } from './session.ts';

/** Which prediction is looked at, as on the command line. */
export interface AimOptions {
  readonly position?: number;
  readonly token?: string;
  readonly rival?: string;
  readonly decoderIds?: readonly number[];
  readonly json?: boolean;
}

export interface AblateOptions extends AimOptions {
  readonly off: readonly string[];
  readonly mean?: boolean;
  readonly renormalize: boolean;
  readonly top: number;
}

/** A prediction before and after things are switched off. */
export async function ablate(session: Session, { off, mean, renormalize, top, ...options }: AblateOptions): Promise<void> {
  const { info, ask } = session;
  const manner = { by: mean ? 'mean' : 'zero', renormalise: renormalize } as const;
  const interventions = off.map((spec) => interventionOf(spec, info.model, manner));
  const { aim, where } = await aimOf(session, options);
  const answer = await ask('effect', { ...aim, interventions, top });
  if (options.json) return printJson({ model: info.model, position: aim.position, interventions, ...answer });

  print(`${info.model.name}, ${where}, without ${off.join(', ')}${mean ? ' (mean over the text instead)' : ''}:`);
  const shown = [...answer.top, ...answer.topBefore.filter(({ before }) => !answer.top.some(({ after }) => after.id === before.id))];
  const largest = Math.max(...shown.flatMap(({ before, after }) => [before, after].map(({ logProbability }) => Math.exp(logProbability))));
  table([['before', '', 'after', '', 'token', ''], ...shown.map((change) => row(change, largest))], [0, 1, 2, 3]);
  print('█ after, ░ lost\n');
  const { target, rival } = answer;
  const [was, is] = [target.before, target.after].map(({ logProbability }) => share(Math.exp(logProbability)));
  print(`"${visible(target.before.text)}": ${was ?? ''} → ${is ?? ''}, log-probability ${signed(answer.logProbability)} nats.`);
  if (rival && answer.logitDifference !== null) print(`Its logit over that of "${visible(rival.before.text)}": ${signed(target.before.logit - rival.before.logit)} → ${signed(target.after.logit - rival.after.logit)}, ${signed(answer.logitDifference)}.`);
  print(`The whole prediction: divergence ${answer.divergence.toFixed(4)} bits, entropy ${answer.entropyBefore.toFixed(2)} → ${answer.entropyAfter.toFixed(2)} bits.`);
}

function row({ before, after }: Change, largest: number): string[] {
  const [was, is] = [before, after].map(({ logProbability }) => Math.exp(logProbability));
  const now = bar((is ?? 0) / largest, 30);
  return [share(was ?? 0), `#${String(before.rank)}`, share(is ?? 0), `#${String(after.rank)}`, visible(after.text), now + '░'.repeat(Math.max(0, Math.round(((was ?? 0) / largest) * 30) - now.length))];
}

export interface Aimed {
  readonly aim: { readonly position: number; readonly target?: number; readonly rival?: number };
  /** The position in words. */
  readonly where: string;
}

/** Tokens are chosen by their text. @throws ProblemError `token.none` */
export async function aimOf(session: Session, { position, token, rival, decoderIds }: AimOptions): Promise<Aimed> {
  const { info, output } = session;
  const tokens: readonly Token[] = output ?? info.tokens;
  // What a decoder wrote itself ends with the token after which nothing comes.
  const at = position ?? (output && !decoderIds ? 0 : tokens.length - 1);
  const target = token === undefined ? {} : { target: (await chosenToken(session, token)).id };
  const other = rival === undefined ? {} : { rival: (await chosenToken(session, rival)).id };
  return { aim: { position: at, ...target, ...other }, where: `${info.model.predicts === 'masked' ? 'in place of' : 'after'} token ${String(at)} "${tokenText(tokens[at])}"${output ? ' of the output' : ''}` };
}

/** With its sign, and a minus that is as wide as a plus. */
export const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
