/** What to switch off, as it is written on the command line. */
import { ProblemError } from '../engine/problemError.ts';
import type { AttentionPart, FeedForwardPart, Intervention, ModelInfo, Replacement } from '../protocol.ts';

/** Longer than any that says something. */
const LONGEST = 100;

export interface Manner {
  readonly by: Replacement;
  /** The rest of a row grows where a link is cut. */
  readonly renormalise: boolean;
}

/** `head:3.5`, `attn:1`, `mlp:2`, `neuron:2.100`, `token:4`, `link:3.5:7>2`, `link:3.1+5:7>2`, `link:3:7>2`, `positions`. @throws ProblemError `intervention.unreadable`, `model.noAttention` */
export function interventionOf(spec: string, model: ModelInfo, { by, renormalise }: Manner): Intervention {
  const match = spec.length > LONGEST ? null : /^(?<kind>[a-z]+)(?::(?:(?<part>encoder|decoder|cross)\.)?(?<first>\d+)(?:\.(?<second>\d+(?:\+\d+)*))?(?::(?<query>\d+)>(?<key>\d+))?)?$/.exec(spec);
  const { kind = '', part: named, first, second, query, key } = match?.groups ?? {};
  const unreadable = new ProblemError('intervention.unreadable', { experiment: spec.slice(0, LONGEST) });
  if (kind === 'positions' && first === undefined) return { kind: 'positions', by };
  if (first === undefined || (query !== undefined) !== (kind === 'link') || (second?.includes('+') && kind !== 'link')) throw unreadable;
  const layer = Number(first);
  if (kind === 'token' && second === undefined && named === undefined) return { kind: 'token', token: layer };

  const part = partOf(model, named);
  if (kind === 'attn' && second === undefined) return { kind: 'attention', part, layer, by };
  if (kind === 'head' && second !== undefined) return { kind: 'head', part, layer, head: Number(second), by };
  if (kind === 'link') {
    const heads = second === undefined ? Array.from({ length: model.attentions.find((attention) => attention.part === part)?.heads ?? 0 }, (_, head) => head) : second.split('+').map(Number);
    return { kind: 'link', part, layer, heads, query: Number(query), key: Number(key), renormalise };
  }
  if (part === 'cross') throw unreadable;
  if (kind === 'mlp' && second === undefined) return { kind: 'feedForward', part, layer, by };
  if (kind === 'neuron' && second !== undefined) return { kind: 'neuron', part, layer, index: Number(second), by };
  throw unreadable;
}

/** The named part, or that of the model's own layers: the decoder's where it has one. */
function partOf({ name, attentions }: ModelInfo, named: string | undefined): AttentionPart {
  const parts = attentions.map(({ part }) => part);
  const own: FeedForwardPart = parts.includes('decoder') ? 'decoder' : 'encoder';
  const found = parts.find((part) => part === (named ?? own));
  if (found) return found;
  if (!parts.length || named === undefined) throw new ProblemError('model.noAttention', { name });
  throw new ProblemError('model.otherAttention', { name, part: named, parts: parts.join(', ') });
}
