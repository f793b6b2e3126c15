"""Write a checkpoint of storyteller.py as a Hugging Face folder with F16 weights."""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import save_file

from storyteller import CONTEXT, HEADS, LAYERS, VOCABULARY, WIDTH

CONFIG = {
    "architectures": ["GPT2LMHeadModel"],
    "model_type": "gpt2",
    "activation_function": "gelu_new",
    "attn_pdrop": 0.0,
    "bos_token_id": 0,
    "embd_pdrop": 0.0,
    "eos_token_id": 0,
    "initializer_range": 0.02,
    "layer_norm_epsilon": 1e-5,
    "n_embd": WIDTH,
    "n_head": HEADS,
    "n_inner": None,
    "n_layer": LAYERS,
    "n_positions": CONTEXT,
    "reorder_and_upcast_attn": False,
    "resid_pdrop": 0.0,
    "scale_attn_by_inverse_layer_idx": False,
    "scale_attn_weights": True,
    "tie_word_embeddings": True,
    "torch_dtype": "float16",
    "use_cache": True,
    "vocab_size": VOCABULARY,
}
GENERATION_CONFIG = {
    "bos_token_id": 0,
    "do_sample": True,
    "eos_token_id": 0,
    "pad_token_id": 0,
    "temperature": 0.8,
    "top_k": 40,
}


def hugging_face_tensors(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The tensors under GPT-2's names; its Conv1D keeps matrices as [in, out], nn.Linear as [out, in]."""
    tensors = {}
    for name, tensor in state.items():
        matrix_of_block = name.startswith("h.") and tensor.dim() == 2
        tensors[f"transformer.{name}"] = (tensor.T if matrix_of_block else tensor).half().contiguous()
    return tensors


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, default=Path(".cache/training/storyteller/checkpoint.pt"))
    parser.add_argument("--output", type=Path, default=Path("models/storyteller"))
    arguments = parser.parse_args()

    checkpoint = torch.load(arguments.checkpoint, map_location="cpu")
    arguments.output.mkdir(parents=True, exist_ok=True)
    (arguments.output / "config.json").write_text(json.dumps(CONFIG, indent=2) + "\n")
    (arguments.output / "generation_config.json").write_text(json.dumps(GENERATION_CONFIG, indent=2) + "\n")
    weights = arguments.output / "model.safetensors"
    part = weights.with_suffix(".part")
    save_file(hugging_face_tensors(checkpoint["model"]), part, metadata={"format": "pt"})
    part.replace(weights)
    print(f"{weights}: {weights.stat().st_size:,} bytes, trained on {checkpoint['state']['tokens']:,} tokens")


if __name__ == "__main__":
    main()
