/** What an exported model's inputs are for, by the names that exporters give them; each can be had from token ids. */
import type { Sequence } from '../../../protocol.ts';
import { ProblemError } from '../../problemError.ts';
import { ELEMENT } from './elementTypes.ts';
import type { GraphFile } from './graphFile.ts';
import type { ReadValue } from './node.ts';

export type Role =
  | { readonly is: 'tokens'; readonly of: Sequence }
  /** 1 for each token that may be looked at: all of them. */
  | { readonly is: 'mask'; readonly of: Sequence }
  /** 0, 1, 2 … */
  | { readonly is: 'positions'; readonly of: Sequence }
  /** Which of two sentences a token belongs to: always the first. */
  | { readonly is: 'types'; readonly of: Sequence }
  /** What the encoder gave. */
  | { readonly is: 'encoded' }
  /** Keys or values of earlier tokens: there are none. */
  | { readonly is: 'past'; readonly shape: readonly number[] }
  /** How many logits are to be kept (0: all), or whether there are earlier keys and values (no). */
  | { readonly is: 'zero' };

/** A file of an encoder–decoder holds one half, or both. */
export type Half = 'only' | 'decoder';

const SEQUENCE_ROLES: readonly [pattern: RegExp, is: 'tokens' | 'mask' | 'positions' | 'types'][] = [
  [/^(decoder_)?input_ids$/, 'tokens'],
  [/^(decoder_|encoder_)?attention_mask$/, 'mask'],
  [/^(decoder_)?position_ids$/, 'positions'],
  [/^token_type_ids$/, 'types'],
];

/** @throws ProblemError `onnx.input` for one whose meaning is not known, `onnx.unfit` */
export function rolesOf(graph: GraphFile, half: Half): ReadonlyMap<string, Role> {
  const whole = graph.inputs.some(({ name }) => name === 'decoder_input_ids');
  const roles = new Map<string, Role>();
  for (const input of graph.inputs) {
    const role = roleOf(input, whole || half === 'decoder', half) ?? unnamedTokens(graph, input);
    if (!role) throw new ProblemError('onnx.input', { file: graph.file, input: input.name });
    if (role.is === 'tokens') requireFreeLength(graph, input);
    roles.set(input.name, role);
  }
  return roles;
}

function roleOf(input: ReadValue, two: boolean, half: Half): Role | undefined {
  const { name } = input;
  for (const [pattern, is] of SEQUENCE_ROLES) {
    if (!pattern.test(name) || (input.shape && input.shape.length !== 2)) continue;
    // A decoder's own file calls its tokens input_ids, one for both halves decoder_input_ids.
    const output = two && !name.startsWith('encoder_') && (half === 'decoder' || name.startsWith('decoder_'));
    return { is, of: output ? 'output' : 'text' };
  }
  if (/^(encoder_hidden_states|encoder_outputs|last_hidden_state)$/.test(name) && half === 'decoder') return { is: 'encoded' };
  if (/^past[_.]|^past_key_values/.test(name)) return pastRole(input);
  if (/^(use_cache_branch|num_logits_to_keep|logits_to_keep)$/.test(name)) return { is: 'zero' };
  return undefined;
}

/** The only whole numbers of a batch are tokens, whatever they are called. */
function unnamedTokens({ inputs }: GraphFile, input: ReadValue): Role | undefined {
  const whole = inputs.filter(({ type, shape }) => (type === ELEMENT.int64 || type === ELEMENT.int32) && shape?.length === 2);
  return whole.length === 1 && whole[0] === input ? { is: 'tokens', of: 'text' } : undefined;
}

/** `[batch, head, past, width]`, or both in one, `[2, batch, head, past, width]`, of which batch and past are free. */
function pastRole({ shape = [] }: ReadValue): Role | undefined {
  const batch = shape.length - 4;
  const sizes = shape.map((dim, axis) => (typeof dim === 'number' ? dim : axis === batch ? 1 : axis === batch + 2 ? 0 : -1));
  return batch >= 0 && !sizes.includes(-1) ? { is: 'past', shape: sizes } : undefined;
}

/** @throws ProblemError `onnx.unfit` if it was exported for texts of one length only */
function requireFreeLength({ file }: GraphFile, { name, shape }: ReadValue): void {
  const [batch, length] = shape ?? [];
  if (typeof length === 'number') throw new ProblemError('onnx.unfit', { file, detail: `"${name}" takes exactly ${String(length)} tokens; export it with a free length` });
  if (typeof batch === 'number' && batch !== 1) throw new ProblemError('onnx.unfit', { file, detail: `"${name}" takes exactly ${String(batch)} texts at once; export it with a free number` });
}
