"""Write test/fixtures/reader-expected.safetensors: what `transformers` computes with models/reader.

Two texts with a [MASK] in float32 with eager attention from the stored F16 weights, numbered 0 and 1: their ids, the
logits at the mask, every pattern, and the likeliest tokens there as metadata. Run it again whenever the weights change.

    python test/goldens/reader_expected.py
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoModelForMaskedLM, AutoTokenizer

ROOT = Path(__file__).parents[2]
TEXTS = ["The little fox was hungry, so she went into the [MASK] to look for food.", "I want to go [MASK]."]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=ROOT / "models/reader")
    parser.add_argument("--output", type=Path, default=ROOT / "test/fixtures/reader-expected.safetensors")
    arguments = parser.parse_args()
    torch.set_num_threads(1)

    tokenizer = AutoTokenizer.from_pretrained(arguments.model)
    model = AutoModelForMaskedLM.from_pretrained(arguments.model, dtype=torch.float32, attn_implementation="eager")
    model.eval()
    tensors, tops = {}, []
    for index, text in enumerate(TEXTS):
        encoded = tokenizer(text, return_tensors="pt")
        ids = encoded["input_ids"]  # [batch, pos]
        mask = (ids[0] == tokenizer.mask_token_id).nonzero().item()
        with torch.no_grad():
            output = model(**encoded, output_attentions=True, output_hidden_states=True)
        tensors |= {
            f"{index}.input_ids": ids.int(),
            f"{index}.logits_mask": output.logits[0, mask],  # [vocabulary]
            f"{index}.blocks.0.hook_resid_pre": output.hidden_states[0],
            f"{index}.last_hidden_state": output.hidden_states[-1],  # before the head's transform
        }
        for layer, pattern in enumerate(output.attentions):
            tensors[f"{index}.blocks.{layer}.attn.hook_pattern"] = pattern  # [batch, head, query, key]
        probabilities, tokens = output.logits[0, mask].softmax(-1).topk(5)
        tops.append([[tokenizer.decode([token]), round(probability, 6)]
                     for token, probability in zip(tokens.tolist(), probabilities.tolist())])
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, arguments.output,
              metadata=dict(texts=json.dumps(TEXTS), tops=json.dumps(tops)))
    arguments.output.chmod(0o644)
    print(f"{arguments.output.name}: {arguments.output.stat().st_size:,} bytes")
    for text, top in zip(TEXTS, tops):
        print(text, top)


if __name__ == "__main__":
    main()
