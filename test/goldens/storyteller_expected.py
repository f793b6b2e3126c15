"""Write test/fixtures/storyteller-expected.safetensors: what `transformers` computes with models/storyteller.

One short sentence in float32 with eager attention from the stored F16 weights: its ids, the logits of the last
position, every pattern, and the most likely next tokens as metadata. Run it again whenever the weights change.

    python test/goldens/storyteller_expected.py
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoTokenizer, GPT2LMHeadModel

ROOT = Path(__file__).parents[2]
TEXT = "Once upon a time, a little fox lived in the forest. She was hungry, so the fox"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=ROOT / "models/storyteller")
    parser.add_argument("--output", type=Path, default=ROOT / "test/fixtures/storyteller-expected.safetensors")
    arguments = parser.parse_args()
    torch.set_num_threads(1)

    tokenizer = AutoTokenizer.from_pretrained(arguments.model)
    model = GPT2LMHeadModel.from_pretrained(arguments.model, dtype=torch.float32, attn_implementation="eager").eval()
    ids = tokenizer(TEXT, return_tensors="pt")["input_ids"]  # [batch, pos]
    with torch.no_grad():
        output = model(ids, output_attentions=True, output_hidden_states=True)
    losses = torch.nn.functional.cross_entropy(output.logits[0, :-1], ids[0, 1:], reduction="none")

    tensors = {
        "input_ids": ids.int(),
        "logits_last": output.logits[0, -1],  # [vocabulary]
        "losses": losses,  # [pos - 1], of each token after the first
        "blocks.0.hook_resid_pre": output.hidden_states[0],
        "ln_final.output": output.hidden_states[-1],
    }
    for layer, pattern in enumerate(output.attentions):
        tensors[f"blocks.{layer}.attn.hook_pattern"] = pattern  # [batch, head, query, key]
    probabilities, tokens = output.logits[0, -1].softmax(-1).topk(5)
    top = [[tokenizer.decode([token]), round(probability, 6)]
           for token, probability in zip(tokens.tolist(), probabilities.tolist())]
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, arguments.output,
              metadata=dict(text=TEXT, top=json.dumps(top)))
    arguments.output.chmod(0o644)
    print(f"{arguments.output.name}: {arguments.output.stat().st_size:,} bytes, {ids.shape[1]} tokens, next {top}")


if __name__ == "__main__":
    main()
