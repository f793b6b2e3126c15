/** Which files of a folder are the model, by the names that exporters and the Hub give them. */
import type { ModelFiles } from '../../files.ts';

export type OnnxFiles = { readonly only: string } | { readonly encoder: string; readonly decoder: string };

const FOLDERS = ['', 'onnx/'];
/** In how many bits: whole first, then those that cost the least exactness. */
const SPELLINGS = ['', '_fp16', '_quantized', '_int8', '_uint8', '_q4', '_q4f16'];
const DECODERS = ['decoder_model', 'decoder_model_merged'];

/** Null where there is no ONNX file of a known name. */
export async function findOnnxFiles(files: ModelFiles): Promise<OnnxFiles | null> {
  const first = async (names: readonly string[]): Promise<string | null> => {
    for (const spelling of SPELLINGS) {
      for (const folder of FOLDERS) {
        for (const name of names) {
          const file = `${folder}${name}${spelling}.onnx`;
          if ((await files.size(file)) !== null) return file;
        }
      }
    }
    return null;
  };
  const only = await first(['model']);
  if (only !== null) return { only };
  const decoder = await first(DECODERS);
  if (decoder === null) return null;
  const encoder = await first(['encoder_model']);
  return encoder === null ? { only: decoder } : { encoder, decoder };
}
