/** Which files of a folder the engine opens as an ONNX model, by the names that exporters give: whole before quantised, root before `onnx/`. */
const SPELLINGS = ['', '_fp16', '_quantized', '_int8', '_uint8', '_q4', '_q4f16'];
const FOLDERS = ['', 'onnx/'];

/** The graphs with the files of weights that lie beside them; empty where there is none that could be opened. */
export function onnxFiles(names: readonly string[]): readonly string[] {
  const first = (...stems: readonly string[]): readonly string[] => {
    const candidates = SPELLINGS.flatMap((spelling) => FOLDERS.flatMap((folder) => stems.map((stem) => `${folder}${stem}${spelling}.onnx`)));
    const found = candidates.find((candidate) => names.includes(candidate));
    return found === undefined ? [] : names.filter((name) => name === found || (name.startsWith(found) && /^(_data(_\d{1,3})?|\.data)$/.test(name.slice(found.length))));
  };
  const only = first('model');
  if (only.length > 0) return only;
  const decoder = first('decoder_model', 'decoder_model_merged');
  return decoder.length > 0 ? [...first('encoder_model'), ...decoder] : [];
}
