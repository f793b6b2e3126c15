"""Write a checkpoint of a training run as a Hugging Face folder with F16 weights.

    python models/training/export.py reader
"""

import argparse
import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import save_file

import reader
import recaller
import storyteller
import translator
from packing import sinusoids
from reader_tokenizer import POSITIONS as READER_POSITIONS
from translator_tokenizer import POSITIONS as TRANSLATOR_POSITIONS

Tensors = dict[str, torch.Tensor]


# --- storyteller -----------------------------------------------------------------------------------------------

STORYTELLER = {
    "architectures": ["GPT2LMHeadModel"],
    "model_type": "gpt2",
    "activation_function": "gelu_new",
    "attn_pdrop": 0.0,
    "bos_token_id": 0,
    "embd_pdrop": 0.0,
    "eos_token_id": 0,
    "initializer_range": 0.02,
    "layer_norm_epsilon": 1e-5,
    "n_embd": storyteller.WIDTH,
    "n_head": storyteller.HEADS,
    "n_inner": None,
    "n_layer": storyteller.LAYERS,
    "n_positions": storyteller.CONTEXT,
    "reorder_and_upcast_attn": False,
    "resid_pdrop": 0.0,
    "scale_attn_by_inverse_layer_idx": False,
    "scale_attn_weights": True,
    "tie_word_embeddings": True,
    "torch_dtype": "float16",
    "use_cache": True,
    "vocab_size": storyteller.VOCABULARY,
}
SAMPLING = {
    "bos_token_id": 0,
    "do_sample": True,
    "eos_token_id": 0,
    "pad_token_id": 0,
    "temperature": 0.8,
    "top_k": 40,
}


def storyteller_tensors(state: Tensors) -> Tensors:
    """The tensors under GPT-2's names; its Conv1D keeps matrices as [in, out], nn.Linear as [out, in]."""
    tensors = {}
    for name, tensor in state.items():
        matrix_of_block = name.startswith("h.") and tensor.dim() == 2
        tensors[f"transformer.{name}"] = tensor.T if matrix_of_block else tensor
    return tensors


# --- reader ----------------------------------------------------------------------------------------------------

READER = {
    "architectures": ["BertForMaskedLM"],
    "model_type": "bert",
    "attention_probs_dropout_prob": 0.0,
    "dtype": "float16",
    "hidden_act": "gelu",
    "hidden_dropout_prob": 0.0,
    "hidden_size": reader.WIDTH,
    "initializer_range": 0.02,
    "intermediate_size": reader.FEED_FORWARD,
    "layer_norm_eps": 1e-12,
    "max_position_embeddings": READER_POSITIONS,
    "num_attention_heads": reader.HEADS,
    "num_hidden_layers": reader.LAYERS,
    "pad_token_id": 0,
    "tie_word_embeddings": True,
    "type_vocab_size": 2,
    "vocab_size": reader.VOCABULARY,
}
READER_PARTS = {
    "words.": "bert.embeddings.word_embeddings.",
    "types.": "bert.embeddings.token_type_embeddings.",
    "norm.": "bert.embeddings.LayerNorm.",
    "transform.": "cls.predictions.transform.dense.",
    "transform_norm.": "cls.predictions.transform.LayerNorm.",
    "bias": "cls.predictions.bias",
}
READER_LAYER_PARTS = {
    "attention.q_proj.": "attention.self.query.",
    "attention.k_proj.": "attention.self.key.",
    "attention.v_proj.": "attention.self.value.",
    "attention.out_proj.": "attention.output.dense.",
    "attention_norm.": "attention.output.LayerNorm.",
    "intermediate.": "intermediate.dense.",
    "output.": "output.dense.",
    "output_norm.": "output.LayerNorm.",
}


def renamed(name: str, parts: dict[str, str]) -> str:
    """The name with its first part exchanged."""
    part = next(part for part in parts if name.startswith(part))
    return parts[part] + name.removeprefix(part)


def reader_tensors(state: Tensors) -> Tensors:
    """The tensors under BERT's names."""
    positions = state["position_scale"] * sinusoids(READER_POSITIONS, reader.WIDTH)
    tensors = {"bert.embeddings.position_embeddings.weight": positions}
    for name, tensor in state.items():
        if name == "position_scale":
            continue
        if name.startswith("layers."):
            _, layer, rest = name.split(".", 2)
            tensors[f"bert.encoder.layer.{layer}.{renamed(rest, READER_LAYER_PARTS)}"] = tensor
        else:
            tensors[renamed(name, READER_PARTS)] = tensor
    return tensors


# --- translator ------------------------------------------------------------------------------------------------

END_ID, PADDING_ID = 0, 4  # of the tokenizer's special tokens
TRANSLATOR = {
    "architectures": ["MarianMTModel"],
    "model_type": "marian",
    "activation_dropout": 0.0,
    "activation_function": "swish",
    "attention_dropout": 0.0,
    "d_model": translator.WIDTH,
    "decoder_attention_heads": translator.HEADS,
    "decoder_ffn_dim": translator.FEED_FORWARD,
    "decoder_layerdrop": 0.0,
    "decoder_layers": translator.LAYERS,
    "decoder_start_token_id": PADDING_ID,
    "decoder_vocab_size": translator.VOCABULARY,
    "dropout": translator.DROPOUT,
    "dtype": "float16",
    "encoder_attention_heads": translator.HEADS,
    "encoder_ffn_dim": translator.FEED_FORWARD,
    "encoder_layerdrop": 0.0,
    "encoder_layers": translator.LAYERS,
    "eos_token_id": END_ID,
    "forced_eos_token_id": END_ID,
    "init_std": 0.02,
    "is_encoder_decoder": True,
    "max_position_embeddings": TRANSLATOR_POSITIONS,
    "num_hidden_layers": translator.LAYERS,
    "pad_token_id": PADDING_ID,
    "scale_embedding": True,
    "share_encoder_decoder_embeddings": True,
    "tie_word_embeddings": True,
    "use_cache": True,
    "vocab_size": translator.VOCABULARY,
}
GREEDY = {
    "bad_words_ids": [[PADDING_ID]],
    "decoder_start_token_id": PADDING_ID,
    "eos_token_id": END_ID,
    "forced_eos_token_id": END_ID,
    "max_length": TRANSLATOR_POSITIONS,
    "num_beams": 1,
    "pad_token_id": PADDING_ID,
}


def translator_tensors(state: Tensors) -> Tensors:
    """The tensors under Marian's names; positions are computed, not stored."""
    tensors = {f"model.{name}": tensor for name, tensor in state.items() if name != "final_logits_bias"}
    return tensors | {"final_logits_bias": state["final_logits_bias"][None]}


# --- recaller --------------------------------------------------------------------------------------------------

RECALLER = {
    "architectures": ["GruForCausalLM"],
    "model_type": "gru",
    "bos_token_id": 0,
    "dtype": "float16",
    "embedding_size": recaller.EMBEDDING,
    "eos_token_id": 0,
    "hidden_size": recaller.HIDDEN,
    "max_position_embeddings": recaller.CONTEXT,
    "num_hidden_layers": recaller.LAYERS,
    "tie_word_embeddings": True,
    "vocab_size": recaller.VOCABULARY,
}


def recaller_tensors(state: Tensors) -> Tensors:
    """The tensors under the names of torch.nn.GRU."""
    return {name.replace("decoder_bias", "decoder.bias"): tensor for name, tensor in state.items()}


# --- all -------------------------------------------------------------------------------------------------------

MODELS = {
    "storyteller": (STORYTELLER, SAMPLING, storyteller_tensors),
    "reader": (READER, None, reader_tensors),
    "translator": (TRANSLATOR, GREEDY, translator_tensors),
    "recaller": (RECALLER, SAMPLING, recaller_tensors),
}


def write_json(path: Path, value: dict) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n")
    path.chmod(0o644)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=MODELS)
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    checkpoint_path = arguments.checkpoint or Path(f".cache/training/{arguments.name}/checkpoint.pt")
    output = arguments.output or Path(f"models/{arguments.name}")

    config, generation_config, tensors_of = MODELS[arguments.name]
    checkpoint = torch.load(checkpoint_path, map_location="cpu")
    output.mkdir(parents=True, exist_ok=True)
    write_json(output / "config.json", config)
    if generation_config:
        write_json(output / "generation_config.json", generation_config)
    if arguments.name == "recaller":  # it has no tokenizer of its own
        for name in ("tokenizer.json", "tokenizer_config.json"):
            shutil.copy(output.parent / "storyteller" / name, output / name)
    weights = output / "model.safetensors"
    part = weights.with_suffix(".part")
    tensors = {name: tensor.half().contiguous() for name, tensor in tensors_of(checkpoint["model"]).items()}
    save_file(tensors, part, metadata={"format": "pt"})
    part.replace(weights)
    weights.chmod(0o644)
    print(f"{weights}: {weights.stat().st_size:,} bytes, {sum(t.numel() for t in tensors.values()):,} parameters, "
          f"trained on {checkpoint['state']['tokens']:,} tokens")


if __name__ == "__main__":
    main()
