/** Nodes that make an exported model's inputs from token ids, so that ids are all it is fed with. */
import type { Value, Appendix } from './appendix.ts';
import type { ReadValue } from './node.ts';
import type { Role } from './roles.ts';

/** Values that inputs are made of: ids `[1, pos]` of a sequence, and what an encoder gave. */
export interface FeedSources {
  tokens(of: 'text' | 'output'): Value;
  encoded(): Value;
}

/** Makes the input under its own name and with its own type. */
export function feed(input: ReadValue, role: Role, a: Appendix, sources: FeedSources): void {
  a.cast(made(input, role, a, sources), input.type, input.name);
}

function made(input: ReadValue, role: Role, a: Appendix, sources: FeedSources): Value {
  switch (role.is) {
    case 'tokens':
      return sources.tokens(role.of);
    case 'mask':
      return a.op('Expand', [a.index(1), a.op('Shape', [sources.tokens(role.of)])]);
    case 'types':
      return a.op('Expand', [a.index(0), a.op('Shape', [sources.tokens(role.of)])]);
    case 'positions': {
      const length = a.op('Gather', [a.op('Shape', [sources.tokens(role.of)]), a.index(1)]);
      return a.op('Reshape', [a.op('Range', [a.index(0), length, a.index(1)]), a.whole(1, -1)]);
    }
    case 'encoded':
      return sources.encoded();
    case 'past':
      return a.zeros(role.shape);
    case 'zero':
      return a.zeros((input.shape ?? []).map(() => 1));
  }
}
