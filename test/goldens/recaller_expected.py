"""Write test/fixtures/recaller-expected.safetensors: what torch.nn.GRU computes with models/recaller.

One short text in float32 from the stored F16 weights: its ids, the state of each layer at each position, the logits of
the last position, and the likeliest next tokens as metadata. Run it again whenever the weights change.

    python test/goldens/recaller_expected.py
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import nn

ROOT = Path(__file__).parents[2]
TEXT = "Once upon a time, a little fox lived in the forest. She was hungry, so the fox"


def states(config: dict, weights: dict[str, torch.Tensor], x: torch.Tensor) -> list[torch.Tensor]:
    """The states of each layer, [pos, hidden_size], computed by one torch.nn.GRU a layer."""
    result = []
    for layer in range(config["num_hidden_layers"]):
        gru = nn.GRU(x.shape[1], config["hidden_size"])
        gru.load_state_dict({f"{name}_l0": weights[f"rnn.{name}_l{layer}"]
                             for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")})
        x, _ = gru(x)
        result.append(x)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=ROOT / "models/recaller")
    parser.add_argument("--output", type=Path, default=ROOT / "test/fixtures/recaller-expected.safetensors")
    arguments = parser.parse_args()
    torch.set_num_threads(1)

    config = json.loads((arguments.model / "config.json").read_text())
    weights = {name: tensor.float() for name, tensor in load_file(arguments.model / "model.safetensors").items()}
    tokenizer = Tokenizer.from_file(str(arguments.model / "tokenizer.json"))
    ids = torch.tensor(tokenizer.encode(TEXT).ids)  # [pos]
    with torch.no_grad():
        layers = states(config, weights, weights["embedding.weight"][ids])
        projected = nn.functional.linear(layers[-1], weights["projection.weight"], weights["projection.bias"])
        logits = nn.functional.linear(projected, weights["embedding.weight"], weights["decoder.bias"])
    losses = nn.functional.cross_entropy(logits[:-1], ids[1:], reduction="none")

    tensors = {
        "input_ids": ids[None].int(),
        "logits_last": logits[-1],  # [vocabulary]
        "losses": losses,  # [pos - 1], of each token after the first
    }
    for layer, state in enumerate(layers):
        tensors[f"rnn.{layer}.state"] = state  # [pos, hidden_size]
    probabilities, tokens = logits[-1].softmax(-1).topk(5)
    top = [[tokenizer.decode([token]), round(probability, 6)]
           for token, probability in zip(tokens.tolist(), probabilities.tolist())]
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, arguments.output,
              metadata=dict(text=TEXT, top=json.dumps(top)))
    arguments.output.chmod(0o644)
    print(f"{arguments.output.name}: {arguments.output.stat().st_size:,} bytes, {len(ids)} tokens, next {top}")


if __name__ == "__main__":
    main()
