"""Make tiny random GPT-2 checkpoints and what `transformers` computes with them.

Each folder test/fixtures/gpt2-<name>/ is a whole Hugging Face folder, with expected.safetensors beside the
weights: every hook point for 17 tokens under TransformerLens's names, computed in float32 with eager attention
from the stored (rounded) weights, and the same again with 10 tokens as past and 7 more.

    python test/goldens/make_goldens.py
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import GPT2Config, GPT2LMHeadModel

VOCABULARY, TOKENS, PAST = 320, 17, 10
TEXT = """The little fox sat by the river and looked at the moon. The moon looked back at the little fox.
"Who are you?" asked the fox. "I am the light in the water," said the moon, "and you are the shadow on the bank."
The fox laughed and jumped into the river, and when he came out again he was wet and the moon was gone.
"""

BASE = dict(vocab_size=VOCABULARY, n_positions=32, n_embd=16, n_layer=2, n_head=2, bos_token_id=0, eos_token_id=0,
            resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0)

# name → what differs from BASE, the stored type, and how the file departs from what transformers writes
FIXTURES = {
    "basic": dict(config=dict(n_layer=3, n_head=4)),
    "f16": dict(dtype=torch.float16),
    "bf16": dict(dtype=torch.bfloat16),
    "inner": dict(config=dict(n_inner=20, layer_norm_epsilon=1e-3)),
    "gelu": dict(config=dict(activation_function="gelu")),
    "relu": dict(config=dict(activation_function="relu")),
    "unscaled": dict(config=dict(scale_attn_weights=False)),
    "inverse-layer": dict(config=dict(n_layer=3, scale_attn_by_inverse_layer_idx=True), dtype=torch.float16),
    "untied": dict(config=dict(tie_word_embeddings=False)),
    "bare": dict(bare=True),  # a GPT2Model save: no `transformer.` prefix, and the mask buffers of old checkpoints
    "odd": dict(config=dict(n_head=3, n_embd=12, n_inner=7, n_layer=1, n_positions=TOKENS,
                            activation_function="gelu"), dtype=torch.bfloat16, bare=True),
}


def tiny_tokenizer() -> Tokenizer:
    """A byte-level BPE of 320 tokens, in the way of GPT-2."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(vocab_size=VOCABULARY, special_tokens=["<|endoftext|>"], initial_alphabet=alphabet,
                                  show_progress=False)
    tokenizer.train_from_iterator([TEXT], trainer)
    assert tokenizer.get_vocab_size() == VOCABULARY
    return tokenizer


def randomize(model: torch.nn.Module, seed: int) -> None:
    """Weights large enough for patterns far from uniform; biases and norms that cannot be left out unseen."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            norm = ".ln_" in name and name.endswith("weight")
            parameter.copy_(1 + 0.2 * noise if norm else 0.35 * noise)


def store(folder: Path, config: dict, dtype: torch.dtype, bare: bool, seed: int) -> None:
    """Write config.json and model.safetensors."""
    model = GPT2LMHeadModel(GPT2Config(**BASE | config))
    randomize(model, seed)
    model.to(dtype)
    (model.transformer if bare else model).save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    if bare:
        weights = load_file(folder / "model.safetensors")
        length = model.config.n_positions
        for layer in range(model.config.n_layer):
            mask = torch.tril(torch.ones(length, length)).view(1, 1, length, length)
            weights[f"h.{layer}.attn.bias"] = mask.to(dtype)
            weights[f"h.{layer}.attn.masked_bias"] = torch.tensor(-1e4).to(dtype)
        save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def capture(model: GPT2LMHeadModel, ids: torch.Tensor, past=None) -> tuple[dict[str, torch.Tensor], object]:
    """Run the model and take every hook point; returns the tensors and the keys and values for later tokens."""
    tensors, handles, width, heads = {}, [], model.config.n_embd, model.config.n_head

    def keep(name, tensor):
        tensors[name] = tensor.detach().contiguous().clone()

    def on_output(module, *names_and_functions):
        def hook(_, __, output):
            output = output[0] if isinstance(output, tuple) else output
            for name, function in names_and_functions:
                keep(name, function(output))
        handles.append(module.register_forward_hook(hook))

    def on_input(module, name, function=lambda x: x):
        handles.append(module.register_forward_pre_hook(lambda _, inputs: keep(name, function(inputs[0]))))

    def same(x):
        return x

    def by_head(x):  # [batch, pos, d_model] → [batch, pos, head, d_head]
        return x.view(*x.shape[:2], heads, -1)

    body = model.transformer
    on_output(body.wte, ("hook_embed", same))
    on_output(body.wpe, ("hook_pos_embed", same))
    for layer, block in enumerate(body.h):
        at = f"blocks.{layer}"
        on_input(block.ln_1, f"{at}.hook_resid_pre")
        on_output(block.attn.c_attn, *((f"{at}.attn.hook_{letter}", lambda x, i=i: by_head(x.split(width, 2)[i]))
                                       for i, letter in enumerate("qkv")))
        on_input(block.attn.c_proj, f"{at}.attn.hook_z", by_head)
        on_output(block.attn.c_proj, (f"{at}.hook_attn_out", same))
        on_input(block.ln_2, f"{at}.hook_resid_mid")
        on_output(block.mlp.c_fc, (f"{at}.mlp.hook_pre", same))
        on_input(block.mlp.c_proj, f"{at}.mlp.hook_post")
        on_output(block.mlp.c_proj, (f"{at}.hook_mlp_out", same))
        on_output(block, (f"{at}.hook_resid_post", same))
    on_output(body.ln_f, ("ln_final.hook_normalized", same))

    with torch.no_grad():
        output = model(ids, past_key_values=past, use_cache=True, output_attentions=True)
    for handle in handles:
        handle.remove()
    tensors["logits"] = output.logits.contiguous()
    for layer, pattern in enumerate(output.attentions):
        tensors[f"blocks.{layer}.attn.hook_pattern"] = pattern.contiguous()  # [batch, head, query, key]
    return tensors, output.past_key_values


def expect(folder: Path, seed: int) -> None:
    """Write expected.safetensors."""
    model = GPT2LMHeadModel.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    ids = torch.randint(VOCABULARY, (1, TOKENS), generator=torch.Generator().manual_seed(seed + 1000))
    tensors, _ = capture(model, ids)
    _, past = capture(model, ids[:, :PAST])
    later, _ = capture(model, ids[:, PAST:], past)
    tensors["past.logits"] = later["logits"]
    for layer in range(model.config.n_layer):
        name = f"blocks.{layer}.attn.hook_pattern"
        tensors[f"past.{name}"] = later[name]
    tensors["input_ids"] = ids.int()
    notes = {
        "input_ids": f"the {TOKENS} tokens; past.* is the run of the last {TOKENS - PAST} with the first {PAST} as past",
        "ln_final": "hook_normalized is after the norm's weight and bias, as in TransformerLens without folding",
    }
    save_file({name: tensor.contiguous() for name, tensor in sorted(tensors.items())},
              folder / "expected.safetensors", metadata=notes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fixtures", type=Path, default=Path(__file__).parents[1] / "fixtures")
    arguments = parser.parse_args()
    torch.set_num_threads(1)

    tokenizer = tiny_tokenizer()
    settings = dict(tokenizer_class="PreTrainedTokenizerFast", bos_token="<|endoftext|>", eos_token="<|endoftext|>")
    for seed, (name, fixture) in enumerate(FIXTURES.items()):
        folder = arguments.fixtures / f"gpt2-{name}"
        folder.mkdir(parents=True, exist_ok=True)
        store(folder, fixture.get("config", {}), fixture.get("dtype", torch.float32), fixture.get("bare", False), seed)
        tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
        (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n")
        expect(folder, seed)
        for file in folder.iterdir():
            file.chmod(0o644)
        size = sum(file.stat().st_size for file in folder.iterdir())
        print(f"{folder.name:22} {size / 1000:7.0f} KB")


if __name__ == "__main__":
    main()
