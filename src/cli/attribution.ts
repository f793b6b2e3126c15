import type { AttributionAnswer, LogitShare, Token } from '../protocol.ts';
import { chosenToken } from './chosenToken.ts';
import { bar, print, printJson, table, tokenText, visible } from './print.ts';
import type { Session } from './session.ts';
import { describeWindow } from './tokens.ts';

export interface AttributionOptions {
  readonly position?: number;
  readonly token?: string;
  readonly rival?: string;
  readonly head?: LayerAndHead;
  readonly json?: boolean;
}

export interface LayerAndHead {
  readonly layer: number;
  readonly head: number;
}

/** What each part adds to a logit, or what each token a head looked at does; the largest first, with the sum and the remainder. */
export async function attribution(session: Session, { position, token, rival, head, json }: AttributionOptions): Promise<void> {
  const { info, output, ask } = session;
  const { model } = info;
  const tokens = output ?? info.tokens;
  const at = position ?? tokens.length - 1;
  const target = token === undefined ? null : await chosenToken(session, token);
  const id = target?.id ?? (await ask('next', { position: at, top: 1 })).top[0]?.id ?? 0;
  const other = rival === undefined ? null : await chosenToken(session, rival);
  const asked = { position: at, id, ...(other ? { rival: other.id } : {}) };
  const whole = await ask('attribution', asked);
  const sources = head ? await ask('attributionSources', { ...asked, ...head }) : null;
  if (json) return printJson({ model, window: info.window, tokens, position: at, ...whole, ...(head && sources ? { sources: { ...head, ...sources } } : {}) });

  const subject = logitName(whole);
  print(`After token ${String(at)} "${tokenText(tokens[at])}", ${model.name}: ${subject} is ${signed(whole.logit)}.`);
  if (head && sources) {
    print(`Of that, head ${headName(head)} adds ${signed(sources.value)}, by the tokens it looks at:\n`);
    ranked([...sources.shares].slice(0, at + 1).map((value, index) => ({ name: named(tokens[index], index), value })), sources.value, sources.remainder);
  } else {
    print();
    ranked(whole.shares.map((share) => ({ name: partName(share), value: share.value })), whole.logit, whole.remainder);
  }
  describeWindow({ info });
}

interface Row {
  readonly name: string;
  readonly value: number;
}

function ranked(rows: readonly Row[], whole: number, remainder: number): void {
  const sorted = [...rows].sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const largest = Math.abs(sorted[0]?.value ?? 0) || 1;
  table(sorted.map(({ name, value }) => [signed(value), name, bar(Math.abs(value) / largest, 20)]), [0]);
  print(`\nTogether ${signed(whole - remainder)}, which leaves ${remainder < 0 ? '−' : ''}${Math.abs(remainder).toExponential(1)} of ${signed(whole)}.`);
}

const named = (token: Token | undefined, index: number): string => `${String(index)} ${tokenText(token)}`;

const logitName = ({ target, rival }: AttributionAnswer): string =>
  rival ? `the logit of "${visible(target.text)}" less that of "${visible(rival.text)}"` : `the logit of "${visible(target.text)}" (rank ${String(target.rank)})`;

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;

const headName = ({ layer, head }: LayerAndHead): string => `${String(layer)}.${String(head)}`;

function partName(share: LogitShare): string {
  switch (share.part) {
    case 'embedding':
      return 'embedding of the token';
    case 'position':
      return 'embedding of its position';
    case 'head':
      return `head ${headName(share)}`;
    case 'attentionBias':
      return `layer ${String(share.layer)}, bias of attention`;
    case 'feedForward':
      return `layer ${String(share.layer)}, feed-forward`;
    case 'layerMean':
      return `layer ${String(share.layer)}, means in place of what is off`;
    case 'positionMean':
      return 'mean in place of the position';
    case 'normBias':
      return 'bias of the last norm';
    case 'unembeddingBias':
      return 'bias of the unembedding';
    default:
      return share satisfies never;
  }
}
