/** What lessons name by text, found in a run: tokens, tokens of the vocabulary, things to switch off. */
import { ProblemError } from '../engine/client.ts';
import type { AttentionInfo, AttentionPart, FeedForwardPart, Intervention, ModelInfo, Place, Sequence } from '../protocol.ts';
import type { LabRun } from './laboratory.ts';
import type { ExperimentWish } from './measurement.ts';
import { findToken } from './tokenRef.ts';

/** The sequence whose tokens predictions come after. */
export function predictedSequence({ kind }: ModelInfo): Sequence {
  return kind === 'encoder-decoder' ? 'output' : 'text';
}

/** The part that predicts. */
export function predictingPart({ kind }: ModelInfo): FeedForwardPart {
  return kind === 'encoder' ? 'encoder' : 'decoder';
}

/** @throws ProblemError `lesson.noToken` */
export function placeOf(written: string, { info, output }: LabRun, usual: Sequence = 'text'): Place {
  const place = findToken(written, { text: info.tokens, output }, usual);
  if (!place) throw new ProblemError('lesson.noToken', { token: written, name: info.model.name });
  return place;
}

/** Index of a token that must be in one sequence. @throws ProblemError `lesson.noToken` */
export function tokenIn(written: string, run: LabRun, sequence: Sequence): number {
  const place = placeOf(written, run, sequence);
  if (place.sequence !== sequence) throw new ProblemError('lesson.noToken', { token: written, name: run.info.model.name });
  return place.token;
}

/** The one token of the vocabulary that is written so. @throws ProblemError `lesson.notOneToken` */
export async function vocabularyId(text: string, run: LabRun): Promise<number> {
  const { tokens } = await run.ask('spelling', { text });
  const [only] = tokens;
  if (!only || tokens.length > 1) throw new ProblemError('lesson.notOneToken', { token: text, name: run.info.model.name, tokens: tokens.map((token) => `“${token.text}”`).join(' ') });
  return only.id;
}

/** A part's attention, with the layer and heads that are asked for in it. @throws ProblemError */
export function attentionOf(run: LabRun, part: AttentionPart | undefined, layer: number, heads: readonly number[]): AttentionInfo {
  const { model } = run.info;
  const wanted = part ?? predictingPart(model);
  if (model.attentions.length === 0) throw new ProblemError('model.noAttention', { name: model.name });
  const attention = model.attentions.find((one) => one.part === wanted);
  if (!attention) throw new ProblemError('model.otherAttention', { name: model.name, part: wanted, parts: model.attentions.map((one) => one.part).join(', ') });
  const beyond = heads.find((head) => head >= attention.heads);
  if (layer >= attention.layers || beyond !== undefined) {
    throw new ProblemError('head.beyond', { place: beyond === undefined ? String(layer) : `${String(layer)}.${String(beyond)}`, name: model.name, layers: String(attention.layers), heads: String(attention.heads) });
  }
  return attention;
}

/** @throws ProblemError where the run has not what is to be switched off */
export function interventionsOf(wishes: readonly ExperimentWish[], run: LabRun): Intervention[] {
  return wishes.map((wish) => interventionOf(wish, run));
}

function interventionOf(wish: ExperimentWish, run: LabRun): Intervention {
  const { model } = run.info;
  switch (wish.kind) {
    case 'head':
      return { ...wish, part: attentionOf(run, wish.part, wish.layer, [wish.head]).part };
    case 'attention':
      return { ...wish, part: attentionOf(run, wish.part, wish.layer, []).part };
    case 'feedForward':
    case 'neuron':
      return { ...wish, part: wish.part === 'encoder' || wish.part === 'decoder' ? wish.part : predictingPart(model) };
    case 'token':
      return { kind: 'token', token: tokenIn(wish.token, run, 'text') };
    case 'link': {
      const { part, queries, keys } = attentionOf(run, wish.part, wish.layer, wish.heads);
      return { kind: 'link', part, layer: wish.layer, heads: wish.heads, query: tokenIn(wish.query, run, queries), key: tokenIn(wish.key, run, keys), renormalise: wish.renormalise };
    }
    case 'positions':
      return { kind: 'positions', by: wish.by };
    default:
      return wish satisfies never;
  }
}
