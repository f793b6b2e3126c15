import type { SamplingRule } from '../../src/protocol.ts';

/** The field's names of the rules, the same in every language. */
export const ruleName = (rule: SamplingRule): string => ({ topK: 'top-k', topP: 'top-p', minP: 'min-p' })[rule];
