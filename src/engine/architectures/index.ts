/** The families that can be opened. A new one is a file beside this and a line here. */
import * as v from 'valibot';
import { ProblemError } from '../problemError.ts';
import type { Architecture } from './architecture.ts';
import { bart, mbart } from './bart.ts';
import { bert } from './bert.ts';
import { parseConfig } from './config.ts';
import { distilbert } from './distilbert.ts';
import { gemma } from './gemma.ts';
import { gpt2 } from './gpt2.ts';
import { gptNeox } from './gptNeox.ts';
import { gru } from './gru.ts';
import { llama } from './llama.ts';
import { lstm } from './lstm.ts';
import { marian } from './marian.ts';
import { pegasus } from './pegasus.ts';
import { phi } from './phi.ts';
import { roberta } from './roberta.ts';
import { t5 } from './t5.ts';

const ARCHITECTURES: readonly Architecture[] = [gpt2, gptNeox, llama, gemma, phi, bert, roberta, distilbert, marian, bart, mbart, pegasus, t5, gru, lstm];

export const KNOWN_TYPES: readonly string[] = ARCHITECTURES.flatMap((architecture) => architecture.types);

/** @throws ProblemError `model.badConfig`, `model.unknownArchitecture` */
export function architectureOf(config: unknown): { readonly type: string; readonly architecture: Architecture } {
  const { model_type: type } = parseConfig(v.object({ model_type: v.string() }), config);
  const architecture = ARCHITECTURES.find((candidate) => candidate.types.includes(type));
  if (!architecture) throw new ProblemError('model.unknownArchitecture', { type, known: KNOWN_TYPES.join(', ') });
  return { type, architecture };
}

/** Whether config.json names a family that can be opened. */
export function isKnownType(config: unknown): boolean {
  const parsed = v.safeParse(v.object({ model_type: v.string() }), config);
  return parsed.success && KNOWN_TYPES.includes(parsed.output.model_type);
}
