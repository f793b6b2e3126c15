"""Make tiny random checkpoints of decoders with rotary positions, and what `transformers` computes with them.

Each folder test/fixtures/<family>-<name>/ holds config.json, the weights and expected.safetensors: hook points for 17
tokens under TransformerLens's names, computed in float32 with eager attention from the stored (rounded) weights, and
past.* for the last 7 of them with the first 10 as past. past.* is left out where `transformers` itself gives other
numbers with past than without (frequencies that depend on the length of the text): nothing may be taken over there.

    python test/goldens/make_decoder_goldens.py [fixture …]
"""

import argparse
import importlib
import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM, DynamicCache
from transformers.utils import logging

VOCABULARY, TOKENS, PAST = 96, 17, 10
F16, BF16 = torch.float16, torch.bfloat16
BASE = dict(vocab_size=VOCABULARY, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4,
            max_position_embeddings=32, bos_token_id=0, eos_token_id=0, pad_token_id=None)
GROUPED = dict(num_key_value_heads=2)


def rope(kind: str, **parameters) -> dict:
    return dict(rope_parameters=dict(rope_type=kind, rope_theta=100.0, **parameters))


def partly(share: float) -> dict:
    return rope("default", partial_rotary_factor=share)


NEOX = dict(hidden_size=24)
LONG = dict(short_factor=[1.0, 1.5], long_factor=[1.2, 3.0])

# Family and name → what differs from BASE; the stored type; whether the config is written as transformers 4 did,
# the weights in several files, or the bare model without its head.
FIXTURES = {
    "llama-basic": dict(config=GROUPED),
    "llama-biases": dict(config=dict(attention_bias=True, mlp_bias=True, tie_word_embeddings=True, rms_norm_eps=1e-3)),
    "llama-one-key": dict(config=dict(num_key_value_heads=1, head_dim=6, hidden_act="gelu"), dtype=F16),
    "llama-linear": dict(config=GROUPED | rope("linear", factor=2.0) | dict(max_position_embeddings=9), version=4),
    "llama-dynamic": dict(config=GROUPED | rope("dynamic", factor=2.0) | dict(max_position_embeddings=9)),
    "llama-dynamic-short": dict(config=GROUPED | rope("dynamic", factor=2.0), version=4),
    "llama-llama3": dict(config=GROUPED | dict(head_dim=12) | rope("llama3", factor=4.0, low_freq_factor=1.0, high_freq_factor=4.0,
                                               original_max_position_embeddings=12), version=4),
    "llama-yarn": dict(config=GROUPED | dict(head_dim=12) | rope("yarn", factor=4.0, original_max_position_embeddings=8, beta_fast=2.0)),
    "llama-yarn-scaled": dict(config=dict(head_dim=12) | rope("yarn", factor=4.0, original_max_position_embeddings=16,
                              beta_fast=1.5, mscale=1.2, mscale_all_dim=0.7, truncate=False), version=4),
    "llama-longrope": dict(config=rope("longrope", factor=4.0, original_max_position_embeddings=12, **LONG)),
    "llama-longrope-short": dict(config=rope("longrope", original_max_position_embeddings=20, **LONG), version=4),
    "llama-sharded": dict(config=GROUPED | dict(num_hidden_layers=3), dtype=BF16, shards="12KB"),
    "llama-bare": dict(config=GROUPED | dict(tie_word_embeddings=True), bare=True),
    "mistral-window": dict(config=GROUPED | dict(sliding_window=5)),
    "mistral-full": dict(config=dict(num_key_value_heads=1, sliding_window=None, head_dim=8), dtype=F16, version=4),
    "qwen2-basic": dict(config=GROUPED, version=4),
    "qwen2-window": dict(config=GROUPED | dict(use_sliding_window=True, sliding_window=6, max_window_layers=1, num_hidden_layers=3,
                                               tie_word_embeddings=True), dtype=BF16),
    "qwen2-window-4": dict(config=dict(use_sliding_window=True, sliding_window=4, max_window_layers=1, num_key_value_heads=4), version=4),
    "qwen2-yarn": dict(config=dict(num_key_value_heads=1) | rope("yarn", factor=2.0, original_max_position_embeddings=8), version=4),
    "qwen3-basic": dict(config=GROUPED | dict(head_dim=8, tie_word_embeddings=True)),
    "qwen3-biases": dict(config=dict(num_key_value_heads=1, head_dim=6, attention_bias=True, use_sliding_window=True, sliding_window=7,
                                     max_window_layers=1), dtype=F16, version=4),
    "qwen3-listed": dict(config=dict(num_key_value_heads=4, head_dim=4, use_sliding_window=True, sliding_window=3,
                                     layer_types=["sliding_attention", "full_attention"]), dtype=BF16, shards="6KB"),
    "gpt_neox-parallel": dict(config=NEOX | partly(0.5)),
    "gpt_neox-sequential": dict(config=NEOX | dict(use_parallel_residual=False) | partly(0.25), version=4),
    "gpt_neox-whole": dict(config=NEOX | dict(num_attention_heads=2, hidden_act="gelu_new") | partly(1.0), dtype=F16, version=4),
    "gpt_neox-odd": dict(config=NEOX | dict(hidden_size=20, attention_bias=False, tie_word_embeddings=True, layer_norm_eps=1e-3) | partly(0.75),
                         dtype=BF16, shards="6KB"),
    "gpt_neox-linear": dict(config=NEOX | rope("linear", factor=3.0, partial_rotary_factor=0.5)),
    "gemma-basic": dict(config=GROUPED | dict(head_dim=6), version=4),
    "gemma2-basic": dict(config=GROUPED | dict(head_dim=6, query_pre_attn_scalar=9, sliding_window=5, attn_logit_softcapping=2.0,
                                               final_logit_softcapping=5.0), dtype=BF16),
    "gemma2-biases": dict(config=dict(num_key_value_heads=1, head_dim=4, attention_bias=True, attn_logit_softcapping=None,
                                      final_logit_softcapping=None, tie_word_embeddings=False, sliding_window=3), version=4),
    "gemma3_text-basic": dict(config=GROUPED | dict(head_dim=8, query_pre_attn_scalar=5, sliding_window=4, num_hidden_layers=3) | dict(
        layer_types=["sliding_attention", "full_attention", "sliding_attention"],
        rope_parameters=dict(full_attention=dict(rope_type="linear", factor=2.0, rope_theta=500.0),
                             sliding_attention=dict(rope_type="default", rope_theta=20.0)))),
    "gemma3_text-4": dict(config=dict(num_key_value_heads=4, head_dim=4, sliding_window=6, sliding_window_pattern=2, rope_parameters=dict(
        full_attention=dict(rope_type="linear", factor=3.0, rope_theta=300.0), sliding_attention=dict(rope_type="default", rope_theta=50.0))),
        dtype=F16, version=4),
    "phi-basic": dict(config=partly(0.5)),
    "phi-grouped": dict(config=GROUPED | dict(hidden_act="relu", layer_norm_eps=1e-3) | partly(0.75) | dict(hidden_size=32), dtype=F16, version=4),
}


def randomize(model: torch.nn.Module, seed: int) -> None:
    """Weights large enough for patterns far from uniform; biases and norms that cannot be left out unseen."""
    generator = torch.Generator().manual_seed(seed)
    around = 0.0 if "Gemma" in type(model).__name__ else 1.0  # Gemma stores a norm's weight as its difference from 1
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            norm = "norm" in name and name.endswith("weight")
            parameter.copy_(around + 0.2 * noise if norm else 0.35 * noise)


def as_version_4(config: dict) -> dict:
    """config.json in the words of transformers 4."""
    parameters = config.pop("rope_parameters")
    if config["model_type"] == "gemma3_text":
        config["rope_local_base_freq"] = parameters["sliding_attention"]["rope_theta"]
        parameters = parameters["full_attention"]
    share = parameters.pop("partial_rotary_factor", None)
    theta = parameters.pop("rope_theta")
    neox = config["model_type"] == "gpt_neox"
    config["rotary_emb_base" if neox else "rope_theta"] = theta
    if share is not None:
        config["rotary_pct" if neox else "partial_rotary_factor"] = share
    config["rope_scaling"] = None if parameters["rope_type"] == "default" else parameters
    config["torch_dtype"] = config.pop("dtype")
    config.pop("layer_types", None)
    return config


def store(folder: Path, family: str, seed: int, config: dict, dtype=torch.float32, version=5, shards="1GB", bare=False) -> None:
    """Write config.json and the weights."""
    model = AutoModelForCausalLM.from_config(AutoConfig.for_model(family, **BASE | config))
    randomize(model, seed)
    model.to(dtype)
    (model.base_model if bare else model).save_pretrained(folder, max_shard_size=shards)
    (folder / "generation_config.json").unlink(missing_ok=True)
    path = folder / "config.json"
    written = json.loads(path.read_text())
    path.write_text(json.dumps(as_version_4(written) if version == 4 else written, indent=2) + "\n")


class Recorder:
    """Takes hook points while a model runs."""

    def __init__(self, model):
        self.model, self.tensors, self.handles = model, {}, []
        config = model.config
        self.heads = config.num_attention_heads
        self.width = getattr(config, "head_dim", None) or config.hidden_size // self.heads

    def keep(self, name, tensor):
        self.tensors[name] = tensor.detach().float().contiguous().clone()

    def by_head(self, x):  # [batch, pos, heads · d_head] → [batch, pos, head, d_head]
        return x.view(*x.shape[:2], -1, self.width)

    def on_output(self, module, name, function=lambda x: x):
        def hook(_, __, output):
            self.keep(name, function(output[0] if isinstance(output, tuple) else output))
        self.handles.append(module.register_forward_hook(hook))

    def on_input(self, module, name, function=lambda x: x):
        self.handles.append(module.register_forward_pre_hook(
            lambda _, arguments, named: self.keep(name, function(arguments[0] if arguments else named["hidden_states"])), with_kwargs=True))

    def on_norm(self, module, name, arrange=lambda x: x):
        """TransformerLens: `hook_normalized` is after weight and bias in a LayerNorm, before the weight in an RMSNorm."""
        if isinstance(module, torch.nn.LayerNorm):
            self.on_input(module, f"{name}.hook_scale", lambda x: arrange((x.var(-1, unbiased=False, keepdim=True) + module.eps).sqrt()))
            self.on_output(module, f"{name}.hook_normalized", arrange)
            return
        epsilon = getattr(module, "variance_epsilon", None) or module.eps
        def root(x):
            return (x.pow(2).mean(-1, keepdim=True) + epsilon).sqrt()
        self.on_input(module, f"{name}.hook_scale", lambda x: arrange(root(x)))
        self.on_input(module, f"{name}.hook_normalized", lambda x: arrange(x / root(x)))

    def on_attention(self):
        """Queries, keys and values as the scores use them: what `transformers` passes to its eager attention."""
        module = importlib.import_module(type(self.model).__module__)
        original = module.eager_attention_forward

        def recording(attention, query, key, value, *arguments, **named):
            at = f"blocks.{attention.layer_idx}.attn"
            self.keep(f"{at}.hook_rot_q", query.transpose(1, 2))
            self.keep(f"{at}.hook_rot_k", key.transpose(1, 2))
            self.keep(f"{at}.hook_v", value.transpose(1, 2))
            return original(attention, query, key, value, *arguments, **named)

        module.eager_attention_forward = recording
        self.handles.append(type("Restore", (), {"remove": staticmethod(lambda: setattr(module, "eager_attention_forward", original))}))


def llama_hooks(recorder: Recorder, body) -> None:
    """Llama, Mistral, Qwen2, Qwen3, and what Gemma shares with them."""
    gemma = recorder.model.config.model_type == "gemma3_text"

    def head_last(x):  # Gemma 3 normalises [batch, head, pos, d_head]
        return x.transpose(1, 2) if gemma else x

    recorder.on_output(body.embed_tokens, "hook_embed")
    for layer, block in enumerate(body.layers):
        at = f"blocks.{layer}"
        recorder.on_input(block.input_layernorm, f"{at}.hook_resid_pre")
        recorder.on_norm(block.input_layernorm, f"{at}.ln1")
        recorder.on_output(block.self_attn.q_proj, f"{at}.attn.hook_q", recorder.by_head)
        recorder.on_output(block.self_attn.k_proj, f"{at}.attn.hook_k", recorder.by_head)
        for letter in "qk":
            if hasattr(block.self_attn, f"{letter}_norm"):
                recorder.on_norm(getattr(block.self_attn, f"{letter}_norm"), f"{at}.attn.{letter}_norm", head_last)
        recorder.on_input(block.self_attn.o_proj, f"{at}.attn.hook_z", recorder.by_head)
        recorder.on_output(block.self_attn, f"{at}.hook_attn_out")
        recorder.on_input(block.post_attention_layernorm, f"{at}.hook_resid_mid")
        recorder.on_norm(block.post_attention_layernorm, f"{at}.ln2")
        recorder.on_output(block.mlp.gate_proj, f"{at}.mlp.hook_pre")
        recorder.on_output(block.mlp.up_proj, f"{at}.mlp.hook_pre_linear")
        recorder.on_input(block.mlp.down_proj, f"{at}.mlp.hook_post")
        recorder.on_output(block.mlp, f"{at}.hook_mlp_out")
        recorder.on_output(block, f"{at}.hook_resid_post")
    recorder.on_norm(body.norm, "ln_final")


def gpt_neox_hooks(recorder: Recorder, body) -> None:
    recorder.on_output(body.embed_in, "hook_embed")
    for layer, block in enumerate(body.layers):
        at = f"blocks.{layer}"
        recorder.on_input(block.input_layernorm, f"{at}.hook_resid_pre")
        recorder.on_norm(block.input_layernorm, f"{at}.ln1")
        for i, letter in enumerate("qk"):
            recorder.on_output(block.attention.query_key_value, f"{at}.attn.hook_{letter}",
                               lambda x, i=i: x.view(*x.shape[:2], recorder.heads, 3 * recorder.width).chunk(3, -1)[i])
        recorder.on_input(block.attention.dense, f"{at}.attn.hook_z", recorder.by_head)
        recorder.on_output(block.attention, f"{at}.hook_attn_out")
        if not recorder.model.config.use_parallel_residual:
            recorder.on_input(block.post_attention_layernorm, f"{at}.hook_resid_mid")
        recorder.on_norm(block.post_attention_layernorm, f"{at}.ln2")
        recorder.on_output(block.mlp.dense_h_to_4h, f"{at}.mlp.hook_pre")
        recorder.on_input(block.mlp.dense_4h_to_h, f"{at}.mlp.hook_post")
        recorder.on_output(block.mlp, f"{at}.hook_mlp_out")
        recorder.on_output(block, f"{at}.hook_resid_post")
    recorder.on_norm(body.final_layer_norm, "ln_final")


def gemma_hooks(recorder: Recorder, body) -> None:
    """Gemma 2 and 3; the first is a Llama with other norms. Norms after a part are in what the part gives."""
    llama_hooks(recorder, body)
    for layer, block in enumerate(body.layers):
        at = f"blocks.{layer}"
        recorder.on_norm(block.post_attention_layernorm, f"{at}.ln1_post")
        recorder.on_output(block.post_attention_layernorm, f"{at}.hook_attn_out")
        recorder.on_input(block.pre_feedforward_layernorm, f"{at}.hook_resid_mid")
        recorder.on_norm(block.pre_feedforward_layernorm, f"{at}.ln2")
        recorder.on_norm(block.post_feedforward_layernorm, f"{at}.ln2_post")
        recorder.on_output(block.post_feedforward_layernorm, f"{at}.hook_mlp_out")


def phi_hooks(recorder: Recorder, body) -> None:
    recorder.on_output(body.embed_tokens, "hook_embed")
    for layer, block in enumerate(body.layers):
        at = f"blocks.{layer}"
        recorder.on_input(block.input_layernorm, f"{at}.hook_resid_pre")
        recorder.on_norm(block.input_layernorm, f"{at}.ln1")
        recorder.on_output(block.self_attn.q_proj, f"{at}.attn.hook_q", recorder.by_head)
        recorder.on_output(block.self_attn.k_proj, f"{at}.attn.hook_k", recorder.by_head)
        recorder.on_input(block.self_attn.dense, f"{at}.attn.hook_z", recorder.by_head)
        recorder.on_output(block.self_attn, f"{at}.hook_attn_out")
        recorder.on_output(block.mlp.fc1, f"{at}.mlp.hook_pre")
        recorder.on_input(block.mlp.fc2, f"{at}.mlp.hook_post")
        recorder.on_output(block.mlp, f"{at}.hook_mlp_out")
        recorder.on_output(block, f"{at}.hook_resid_post")
    recorder.on_norm(body.final_layernorm, "ln_final")


HOOKS = {"gemma": llama_hooks, "gemma2": gemma_hooks, "gemma3_text": gemma_hooks, "gpt_neox": gpt_neox_hooks, "phi": phi_hooks,
         "llama": llama_hooks, "mistral": llama_hooks, "qwen2": llama_hooks, "qwen3": llama_hooks}


def capture(model, ids: torch.Tensor, past: DynamicCache) -> dict[str, torch.Tensor]:
    """Run the model and take every hook point; `past` gains the keys and values."""
    recorder = Recorder(model)
    HOOKS[model.config.model_type](recorder, model.base_model)
    recorder.on_attention()
    with torch.no_grad():
        output = model(ids, past_key_values=past, use_cache=True, output_attentions=True)
    for handle in recorder.handles:
        handle.remove()
    recorder.keep("logits", output.logits)
    for layer, pattern in enumerate(output.attentions):
        recorder.keep(f"blocks.{layer}.attn.hook_pattern", pattern)  # [batch, head, query, key]
    return recorder.tensors


def load(folder: Path):
    """Anew for each run: `transformers` keeps frequencies from the longest text so far."""
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()


def expect(folder: Path, seed: int) -> str:
    """Write expected.safetensors."""
    ids = torch.randint(VOCABULARY, (1, TOKENS), generator=torch.Generator().manual_seed(seed + 1000))
    tensors = capture(load(folder), ids, DynamicCache())  # without a config the cache keeps keys outside the window too
    model, past = load(folder), DynamicCache()
    capture(model, ids[:, :PAST], past)
    later = capture(model, ids[:, PAST:], past)
    same = torch.allclose(later["logits"], tensors["logits"][:, PAST:], atol=1e-4)
    if same:
        names = ["logits", *(f"blocks.{layer}.attn.hook_pattern" for layer in range(model.config.num_hidden_layers))]
        tensors |= {f"past.{name}": later[name] for name in names}
    tensors["input_ids"] = ids.int()
    notes = {"input_ids": f"the {TOKENS} tokens; past.* is the run of the last {TOKENS - PAST} with the first {PAST} as past"}
    save_file(dict(sorted(tensors.items())), folder / "expected.safetensors", metadata=notes)
    return "with past" if same else "no past: frequencies depend on the length"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="*", help="fixtures to make; all without")
    parser.add_argument("--fixtures", type=Path, default=Path(__file__).parents[1] / "fixtures")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    logging.disable_progress_bar()

    for seed, (name, fixture) in enumerate(FIXTURES.items()):
        if arguments.only and name not in arguments.only:
            continue
        folder = arguments.fixtures / name
        folder.mkdir(parents=True, exist_ok=True)
        store(folder, name.split("-")[0], seed, **fixture)
        note = expect(folder, seed)
        for file in folder.iterdir():
            file.chmod(0o644)
        size = sum(file.stat().st_size for file in folder.iterdir())
        print(f"{name:24} {size / 1000:7.0f} KB  {note}")


if __name__ == "__main__":
    main()
