"""Write test/fixtures/translator-expected.safetensors: what `transformers` computes with models/translator.

Three sentences into both languages in float32 with eager attention from the stored F16 weights, named by language and
number, such as `fra.0`: ids of the source and of the greedy translation (which begins with the decoder's start token),
and for the first sentence all patterns and the logits of the position before the last. Texts and translations are
metadata. Run it again whenever the weights change.

    python test/goldens/translator_expected.py
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

ROOT = Path(__file__).parents[2]
LANGUAGES = ["cmn_Hans", "fra"]
TEXTS = ["The teacher taught the student with the book.", "I don't know where she lives.", "Where is my red hat?"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=ROOT / "models/translator")
    parser.add_argument("--output", type=Path, default=ROOT / "test/fixtures/translator-expected.safetensors")
    arguments = parser.parse_args()
    torch.set_num_threads(1)

    tokenizer = AutoTokenizer.from_pretrained(arguments.model)
    model = AutoModelForSeq2SeqLM.from_pretrained(arguments.model, dtype=torch.float32, attn_implementation="eager")
    model.eval()
    tensors, translations = {}, {}
    for language in LANGUAGES:
        for index, text in enumerate(TEXTS):
            name = f"{language}.{index}"
            encoded = tokenizer(f">>{language}<< {text}", return_tensors="pt")
            ids = encoded["input_ids"]  # [batch, source pos]
            target = model.generate(input_ids=ids, attention_mask=encoded["attention_mask"])  # [batch, target pos]
            tensors |= {f"{name}.input_ids": ids.int(), f"{name}.target_ids": target.int()}
            translations[name] = tokenizer.decode(target[0], skip_special_tokens=True)
            if index > 0:
                continue
            with torch.no_grad():
                output = model(input_ids=ids, decoder_input_ids=target[:, :-1], output_attentions=True)
            tensors[f"{name}.logits_last"] = output.logits[0, -1]  # [vocabulary]
            kinds = dict(encoder=output.encoder_attentions, decoder=output.decoder_attentions,
                         cross=output.cross_attentions)
            for kind, patterns in kinds.items():
                for layer, pattern in enumerate(patterns):
                    tensors[f"{name}.{kind}.{layer}.pattern"] = pattern  # [batch, head, query, key]
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, arguments.output,
              metadata=dict(texts=json.dumps(TEXTS), translations=json.dumps(translations, ensure_ascii=False)))
    arguments.output.chmod(0o644)
    print(f"{arguments.output.name}: {arguments.output.stat().st_size:,} bytes")
    for name, translation in translations.items():
        print(name, translation)


if __name__ == "__main__":
    main()
