"""Make tiny random checkpoints of encoders, and what `transformers` computes with them.

Each folder test/fixtures/<family>-<name>/ holds config.json, the weights and expected.safetensors: hook points for 17
tokens under the names of TransformerLens's HookedEncoder, computed in float32 with eager attention from the stored
(rounded) weights.

    python test/goldens/make_encoder_goldens.py [fixture …]
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoModel, AutoModelForMaskedLM, AutoModelForPreTraining
from transformers.utils import logging

VOCABULARY, TOKENS = 96, 17
F16, BF16 = torch.float16, torch.bfloat16
BASE = dict(vocab_size=VOCABULARY, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4,
            max_position_embeddings=32)
DISTIL = dict(vocab_size=VOCABULARY, dim=16, hidden_dim=24, n_layers=2, n_heads=4, max_position_embeddings=32)

# Family and name → what differs from BASE; the stored type; whether the config is written as transformers 4 did, the
# weights in several files or under old names, which class the checkpoint is of, and where the padding token stands among
# the tokens (RoBERTa gives it a position of its own).
FIXTURES = {
    "bert-basic": dict(config={}),
    "bert-untied": dict(config=dict(tie_word_embeddings=False, hidden_act="gelu_new", layer_norm_eps=1e-3), version=4),
    "bert-odd": dict(config=dict(hidden_size=21, num_attention_heads=3, type_vocab_size=1, hidden_act="relu", num_hidden_layers=3), dtype=BF16, shards="9KB"),
    "bert-bare": dict(config=dict(num_attention_heads=1, type_vocab_size=3), dtype=F16, made_by=AutoModel),
    "bert-pretraining": dict(config=dict(num_attention_heads=8, hidden_act="silu"), version=4, made_by=AutoModelForPreTraining, old_names=True),
    "roberta-basic": dict(padding=[4, 5, 11], config=dict(type_vocab_size=1, pad_token_id=1, layer_norm_eps=1e-5, max_position_embeddings=19)),
    "roberta-untied": dict(config=dict(tie_word_embeddings=False, pad_token_id=0, hidden_act="gelu_new"), dtype=F16, version=4),
    "roberta-bare": dict(config=dict(pad_token_id=3, num_attention_heads=2), dtype=BF16, made_by=AutoModel),
    "xlm-roberta-basic": dict(config=dict(type_vocab_size=1, pad_token_id=1, hidden_act="relu"), shards="9KB"),
    "camembert-basic": dict(config=dict(type_vocab_size=1, pad_token_id=1), dtype=F16, version=4),
    "distilbert-basic": dict(config={}),
    "distilbert-sinusoidal": dict(config=dict(sinusoidal_pos_embds=True, activation="relu", dim=18, n_heads=3, n_layers=3), dtype=F16, version=4),
    "distilbert-untied": dict(config=dict(tie_word_embeddings=False, activation="gelu_new"), dtype=BF16, shards="9KB"),
    "distilbert-bare": dict(config=dict(n_heads=1), made_by=AutoModel, version=4),
}


def randomize(model: torch.nn.Module, seed: int) -> None:
    """Weights large enough for patterns far from uniform; biases and norms that cannot be left out unseen."""
    generator = torch.Generator().manual_seed(seed)
    sinusoidal = getattr(model.config, "sinusoidal_pos_embds", False)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            norm = "norm" in name.lower() and name.endswith("weight")
            if not (sinusoidal and "position_embeddings" in name):
                parameter.copy_(1 + 0.2 * noise if norm else 0.35 * noise)


def rename_as_before(folder: Path) -> None:
    """The first checkpoints of BERT called LayerNorm's weight gamma and its bias beta."""
    path = folder / "model.safetensors"
    def old(name):
        return name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta")
    save_file({old(name): tensor for name, tensor in load_file(path).items()}, path, metadata={"format": "pt"})


def store(folder: Path, family: str, seed: int, config: dict, dtype=torch.float32, version=5, shards="1GB", made_by=AutoModelForMaskedLM, old_names=False, padding=()) -> None:
    """Write config.json and the weights."""
    base = DISTIL if family == "distilbert" else BASE
    model = made_by.from_config(AutoConfig.for_model(family, **base | config))
    randomize(model, seed)
    model.to(dtype).save_pretrained(folder, max_shard_size=shards)
    if old_names:
        rename_as_before(folder)
    path = folder / "config.json"
    written = json.loads(path.read_text())
    if version == 4:
        written["torch_dtype"] = written.pop("dtype")
        if family != "distilbert":
            written["position_embedding_type"] = "absolute"
        for said_by_default in ("is_decoder", "add_cross_attention"):
            written.pop(said_by_default, None)
    path.write_text(json.dumps(written, indent=2) + "\n")


class Recorder:
    """Takes hook points while a model runs."""

    def __init__(self, heads):
        self.tensors, self.handles, self.heads = {}, [], heads

    def keep(self, name, tensor):
        self.tensors[name] = tensor.detach().float().contiguous().clone()

    def by_head(self, x):  # [batch, pos, heads · d_head] → [batch, pos, head, d_head]
        return x.view(*x.shape[:2], self.heads, -1)

    def on_output(self, module, name, function=lambda x: x):
        def hook(_, __, output):
            self.keep(name, function(output[0] if isinstance(output, tuple) else output))
        self.handles.append(module.register_forward_hook(hook))

    def on_input(self, module, name, function=lambda x: x):
        self.handles.append(module.register_forward_pre_hook(
            lambda _, arguments, named: self.keep(name, function(arguments[0] if arguments else named["hidden_states"])), with_kwargs=True))

    def on_norm(self, module, name):
        self.on_input(module, f"{name}.hook_scale", lambda x: (x.var(-1, unbiased=False, keepdim=True) + module.eps).sqrt())
        self.on_output(module, f"{name}.hook_normalized")


def embedding_hooks(recorder: Recorder, embeddings) -> None:
    recorder.on_output(embeddings.word_embeddings, "embed.hook_embed")
    recorder.on_output(embeddings.position_embeddings, "embed.hook_pos_embed")
    if hasattr(embeddings, "token_type_embeddings"):
        recorder.on_output(embeddings.token_type_embeddings, "embed.hook_token_type_embed")
    recorder.on_norm(embeddings.LayerNorm, "embed.ln")
    recorder.on_output(embeddings, "hook_full_embed")


def block_hooks(recorder: Recorder, at: str, block, query, key, value, attention_out, attention_norm, up, down, out_norm) -> None:
    recorder.on_input(block, f"{at}.hook_resid_pre")
    for letter, module in zip("qkv", (query, key, value)):
        recorder.on_output(module, f"{at}.attn.hook_{letter}", recorder.by_head)
    recorder.on_input(attention_out, f"{at}.attn.hook_z", recorder.by_head)
    recorder.on_output(attention_out, f"{at}.hook_attn_out")
    recorder.on_input(attention_norm, f"{at}.hook_resid_mid")
    recorder.on_norm(attention_norm, f"{at}.ln1")
    recorder.on_output(up, f"{at}.mlp.hook_pre")
    recorder.on_input(down, f"{at}.mlp.hook_post")
    recorder.on_output(down, f"{at}.hook_mlp_out")
    recorder.on_input(out_norm, f"{at}.hook_resid_post")
    recorder.on_norm(out_norm, f"{at}.ln2")
    recorder.on_output(block, f"{at}.hook_normalized_resid_post")


def bert_hooks(recorder: Recorder, model) -> None:
    """BERT and RoBERTa; the head is named by its family."""
    body = model.base_model
    embedding_hooks(recorder, body.embeddings)
    for layer, block in enumerate(body.encoder.layer):
        own = block.attention.self
        block_hooks(recorder, f"blocks.{layer}", block, own.query, own.key, own.value, block.attention.output.dense, block.attention.output.LayerNorm,
                    block.intermediate.dense, block.output.dense, block.output.LayerNorm)
    if hasattr(model, "cls"):
        recorder.on_norm(model.cls.predictions.transform.LayerNorm, "mlm_head.ln")
    elif hasattr(model, "lm_head"):
        recorder.on_norm(model.lm_head.layer_norm, "mlm_head.ln")


def distilbert_hooks(recorder: Recorder, model) -> None:
    body = model.base_model
    embedding_hooks(recorder, body.embeddings)
    for layer, block in enumerate(body.transformer.layer):
        own = block.attention
        block_hooks(recorder, f"blocks.{layer}", block, own.q_lin, own.k_lin, own.v_lin, own.out_lin, block.sa_layer_norm, block.ffn.lin1, block.ffn.lin2,
                    block.output_layer_norm)
    if hasattr(model, "vocab_layer_norm"):
        recorder.on_norm(model.vocab_layer_norm, "mlm_head.ln")


def capture(model, ids: torch.Tensor) -> dict[str, torch.Tensor]:
    """Run the model and take every hook point."""
    recorder = Recorder(model.config.num_attention_heads)
    (distilbert_hooks if model.config.model_type == "distilbert" else bert_hooks)(recorder, model)
    with torch.no_grad():
        output = model(ids, output_attentions=True)
    for handle in recorder.handles:
        handle.remove()
    for layer, pattern in enumerate(output.attentions):
        recorder.keep(f"blocks.{layer}.attn.hook_pattern", pattern)  # [batch, head, query, key]
        q, k = (recorder.tensors[f"blocks.{layer}.attn.hook_{letter}"].transpose(1, 2) for letter in "qk")
        recorder.keep(f"blocks.{layer}.attn.hook_attn_scores", q @ k.transpose(2, 3) / q.shape[-1] ** 0.5)
    logits = output.get("logits", output.get("prediction_logits"))
    if logits is not None:
        recorder.keep("logits", logits)
    return recorder.tensors


def expect(folder: Path, seed: int, made_by, padding=()) -> None:
    """Write expected.safetensors."""
    ids = torch.randint(4, VOCABULARY, (1, TOKENS), generator=torch.Generator().manual_seed(seed + 1000))
    model = made_by.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    ids[0, list(padding)] = model.config.pad_token_id
    tensors = capture(model, ids) | {"input_ids": ids.int()}
    save_file(dict(sorted(tensors.items())), folder / "expected.safetensors", metadata={"input_ids": f"the {TOKENS} tokens"})


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
        store(folder, name.rpartition("-")[0], seed, **fixture)
        expect(folder, seed, fixture.get("made_by", AutoModelForMaskedLM), fixture.get("padding", ()))
        for file in folder.iterdir():
            file.chmod(0o644)
        print(f"{name:24} {sum(file.stat().st_size for file in folder.iterdir()) / 1000:7.0f} KB")


if __name__ == "__main__":
    main()
