/** What kind of model a config.json describes, as far as that can be told without opening the weights. */
import type { ModelKind } from '../protocol.ts';

/** The types that the engine opens from safetensors weights; a test compares. */
const KINDS: Readonly<Record<ModelKind, readonly string[]>> = {
  decoder: ['gpt2', 'gpt_neox', 'llama', 'mistral', 'qwen2', 'qwen3', 'gemma', 'gemma2', 'gemma3_text', 'phi'],
  encoder: ['bert', 'roberta', 'distilbert', 'xlm-roberta', 'camembert'],
  'encoder-decoder': ['marian', 'bart', 't5', 'mt5', 'mbart', 'pegasus'],
  recurrent: ['gru', 'lstm'],
};

export const knownTypes = (): readonly string[] => kindNames.flatMap((kind) => KINDS[kind]);

/** `null` for a type that is not known, or where there is none. */
export function kindOf(config: unknown): ModelKind | null {
  if (typeof config !== 'object' || config === null) return null;
  if ('is_encoder_decoder' in config && config.is_encoder_decoder === true) return 'encoder-decoder';
  const type = typeOf(config);
  const known = type === null ? undefined : kindNames.find((kind) => KINDS[kind].includes(type));
  return known ?? kindOfClass(config);
}

/** `model_type`, which says the family. */
export function typeOf(config: unknown): string | null {
  return typeof config === 'object' && config !== null && 'model_type' in config && typeof config.model_type === 'string' ? config.model_type : null;
}

const kindNames = ['decoder', 'encoder', 'encoder-decoder', 'recurrent'] as const satisfies readonly ModelKind[];

/** The class that `transformers` opens it with tells of families that are not known here. */
function kindOfClass(config: object): ModelKind | null {
  const names: unknown = 'architectures' in config ? config.architectures : null;
  const name: unknown = Array.isArray(names) ? names[0] : null;
  if (typeof name !== 'string') return null;
  if (/ForCausalLM$|LMHeadModel$/.test(name)) return 'decoder';
  if (/ForMaskedLM$/.test(name)) return 'encoder';
  return /ForConditionalGeneration$/.test(name) ? 'encoder-decoder' : null;
}
