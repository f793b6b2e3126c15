"""Make tiny random checkpoints of encoder–decoders, and what `transformers` computes with them.

Each folder test/fixtures/<family>-<name>/ holds config.json, the weights and expected.safetensors: hook points for 13
tokens of text and 17 of output under the names of TransformerLens's HookedEncoderDecoder, computed in float32 with
eager attention from the stored (rounded) weights; past.logits for the last 7 tokens of output with the first 10 as past; and
`written_ids`, what greedy search writes for the text.

    python test/goldens/make_seq2seq_goldens.py [fixture …]
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForSeq2SeqLM
from transformers.modeling_outputs import BaseModelOutput
from transformers.utils import logging

VOCABULARY, TEXT, OUTPUT, PAST = 96, 13, 17, 10
F16, BF16 = torch.float16, torch.bfloat16
BART = dict(vocab_size=VOCABULARY, d_model=16, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4, decoder_attention_heads=4,
            encoder_ffn_dim=24, decoder_ffn_dim=20, max_position_embeddings=32)
MARIAN = BART | dict(pad_token_id=95, eos_token_id=0, decoder_start_token_id=95, forced_eos_token_id=0)
T5 = dict(vocab_size=VOCABULARY, d_model=16, d_kv=4, d_ff=24, num_layers=2, num_heads=4, decoder_start_token_id=0)
BASE = {"marian": MARIAN, "bart": BART, "mbart": BART | dict(decoder_start_token_id=7), "pegasus": BART | dict(pad_token_id=0, eos_token_id=1, decoder_start_token_id=0),
        "t5": T5, "mt5": T5}
HALF = dict(share_encoder_decoder_embeddings=False, decoder_vocab_size=80, pad_token_id=79, decoder_start_token_id=79)

# Family and name → what differs from BASE; how it writes; the stored type; whether config.json is written as transformers
# 4 did, with the settings for writing in it; the weights in several files; whether tied matrices differ after all,
# sinusoids are stored too, or the checkpoint is of the bare model without its head.
FIXTURES = {
    "marian-basic": dict(config={}, writing=dict(bad_words_ids=[[95]])),
    "marian-scaled": dict(config=dict(scale_embedding=True, activation_function="swish", d_model=18, encoder_attention_heads=3, decoder_attention_heads=2,
                                      encoder_layers=3, decoder_layers=1), dtype=F16, version=4, sinusoids=True),
    "marian-separate": dict(config=HALF | dict(activation_function="relu"), dtype=BF16, shards="9KB", writing=dict(eos_token_id=[0, 11, 60])),
    "marian-untied": dict(config=dict(tie_word_embeddings=False, activation_function="gelu_new"), version=4, writing=dict(bad_words_ids=[[95], [3, 5]])),
    "marian-bare": dict(config=dict(d_model=15, encoder_attention_heads=3, decoder_attention_heads=5), bare=True),
    "bart-basic": dict(config={}),
    "bart-scaled": dict(config=dict(scale_embedding=True, activation_function="gelu_new", decoder_attention_heads=1), dtype=F16, version=4,
                        writing=dict(forced_bos_token_id=0, no_repeat_ngram_size=2, min_length=9)),
    "bart-untied": dict(config=dict(tie_word_embeddings=False, decoder_layers=3, encoder_layers=1), dtype=BF16, shards="9KB", writing=dict(no_repeat_ngram_size=1)),
    "bart-bare": dict(config=dict(encoder_attention_heads=8), bare=True, version=4),
    "mbart-basic": dict(config=dict(scale_embedding=True, activation_function="relu")),
    "pegasus-basic": dict(config=dict(scale_embedding=True), dtype=F16, version=4, writing=dict(forced_eos_token_id=1, suppress_tokens=[2, 3])),
    "t5-basic": dict(config={}),
    "t5-version-1": dict(config=dict(num_layers=3, num_decoder_layers=1), dtype=F16, version=4),
    "t5-gated": dict(config=dict(feed_forward_proj="gated-gelu", tie_word_embeddings=False), separate=True, version=4, writing=dict(no_repeat_ngram_size=3)),
    "t5-flan": dict(config=dict(feed_forward_proj="gated-gelu", tie_word_embeddings=False, d_kv=6), separate=True, dtype=BF16, shards="9KB"),
    "t5-odd": dict(config=dict(feed_forward_proj="gated-silu", d_model=15, num_heads=2, d_kv=7, relative_attention_num_buckets=9,
                               relative_attention_max_distance=10, layer_norm_epsilon=1e-3), writing=dict(eos_token_id=[1, 44])),
    "t5-bare": dict(config=dict(feed_forward_proj="gelu", num_heads=1, d_kv=9), bare=True),
    "mt5-basic": dict(config=dict(feed_forward_proj="gated-gelu", relative_attention_num_buckets=6, relative_attention_max_distance=8), separate=True),
}


def randomize(model: torch.nn.Module, seed: int) -> None:
    """Weights large enough for patterns far from uniform; biases and norms that cannot be left out unseen."""
    generator = torch.Generator().manual_seed(seed)
    kept = ("embed_positions",) if model.config.model_type in ("marian", "pegasus") else ()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            norm = "norm" in name and name.endswith("weight")
            if not any(part in name for part in kept):
                parameter.copy_(1 + 0.2 * noise if norm else 0.35 * noise)
        if hasattr(model, "final_logits_bias"):
            model.final_logits_bias.copy_(0.3 * torch.randn(model.final_logits_bias.shape, generator=generator))


def store(folder: Path, family: str, seed: int, config: dict, writing=None, dtype=torch.float32, version=5, shards="1GB", separate=False, sinusoids=False,
          bare=False) -> None:
    """Write config.json, generation_config.json and the weights."""
    model = AutoModelForSeq2SeqLM.from_config(AutoConfig.for_model(family, **BASE[family] | config))
    if separate:
        model.lm_head.weight = torch.nn.Parameter(torch.empty_like(model.shared.weight))
        model.all_tied_weights_keys.pop("lm_head.weight")
    if sinusoids:
        model._keys_to_ignore_on_save = None
    randomize(model, seed)
    writing = dict(max_length=24) | (writing or {})
    model.generation_config.update(**writing)
    model.to(dtype)
    (model.base_model if bare else model).save_pretrained(folder, max_shard_size=shards)
    model.generation_config.save_pretrained(folder)
    path = folder / "config.json"
    written = json.loads(path.read_text())
    if version == 4:
        written["torch_dtype"] = written.pop("dtype")
        for new in ("scale_decoder_outputs", "is_gated_act", "dense_act_fn", "is_decoder"):
            written.pop(new, None)
        written |= writing
        if "tie_word_embeddings" in config:
            written["tie_word_embeddings"] = config["tie_word_embeddings"]
        (folder / "generation_config.json").unlink()
    path.write_text(json.dumps(written, indent=2) + "\n")


class Recorder:
    """Takes hook points while a model runs."""

    def __init__(self):
        self.tensors, self.handles = {}, []

    def keep(self, name, tensor):
        self.tensors[name] = tensor.detach().float().contiguous().clone()

    def on_output(self, module, name, function=lambda x: x):
        def hook(_, __, output):
            self.keep(name, function(output[0] if isinstance(output, tuple) else output))
        self.handles.append(module.register_forward_hook(hook))

    def on_input(self, module, name, function=lambda x: x):
        self.handles.append(module.register_forward_pre_hook(
            lambda _, arguments, named: self.keep(name, function(arguments[0] if arguments else named["hidden_states"])), with_kwargs=True))

    def on_norm(self, module, name):
        """TransformerLens: `hook_normalized` is after weight and bias in a LayerNorm, before the weight in an RMSNorm."""
        if isinstance(module, torch.nn.LayerNorm):
            self.on_input(module, f"{name}.hook_scale", lambda x: (x.var(-1, unbiased=False, keepdim=True) + module.eps).sqrt())
            self.on_output(module, f"{name}.hook_normalized")
            return
        def root(x):
            return (x.pow(2).mean(-1, keepdim=True) + module.variance_epsilon).sqrt()
        self.on_input(module, f"{name}.hook_scale", root)
        self.on_input(module, f"{name}.hook_normalized", lambda x: x / root(x))

    def on_attention(self, at, q, k, v, o, heads):
        def by_head(x):  # [batch, pos, heads · d_head] → [batch, pos, head, d_head]
            return x.view(*x.shape[:2], heads, -1)
        for letter, module in zip("qkv", (q, k, v)):
            self.on_output(module, f"{at}.hook_{letter}", by_head)
        self.on_input(o, f"{at}.hook_z", by_head)


def bart_hooks(recorder: Recorder, model) -> None:
    """Marian, BART, mBART and Pegasus."""
    config, body = model.config, model.base_model
    norm_first = config.model_type in ("mbart", "pegasus")
    for side, stack, heads in (("encoder", body.encoder, config.encoder_attention_heads), ("decoder", body.decoder, config.decoder_attention_heads)):
        scaled = config.scale_embedding and config.model_type in ("marian", "pegasus")  # the others' embedding does it itself
        recorder.on_output(stack.embed_tokens, f"{side}.hook_embed", lambda x, scaled=scaled: x * config.d_model ** 0.5 if scaled else x)
        recorder.on_output(stack.embed_positions, f"{side}.hook_pos_embed", lambda x: x if x.dim() == 3 else x[None])
        if hasattr(stack, "layernorm_embedding"):
            recorder.on_norm(stack.layernorm_embedding, f"{side}.embed.ln")
        recorder.on_input(stack.layers[0], f"{side}.hook_full_embed")
        for layer, block in enumerate(stack.layers):
            at = f"{side}.{layer}"
            own = block.self_attn
            parts = [("ln1", block.self_attn_layer_norm, own.out_proj, "hook_attn_out", "hook_resid_mid")]
            recorder.on_attention(f"{at}.attn", own.q_proj, own.k_proj, own.v_proj, own.out_proj, heads)
            if side == "decoder":
                cross = block.encoder_attn
                recorder.on_attention(f"{at}.cross_attn", cross.q_proj, cross.k_proj, cross.v_proj, cross.out_proj, heads)
                parts.append(("ln2", block.encoder_attn_layer_norm, cross.out_proj, "hook_cross_attn_out", "hook_resid_mid_cross"))
            parts.append((f"ln{len(parts) + 1}", block.final_layer_norm, block.fc2, "hook_mlp_out", "hook_resid_post"))
            recorder.on_input(block, f"{at}.hook_resid_pre")
            for i, (name, norm, out, out_name, sum_name) in enumerate(parts):
                recorder.on_norm(norm, f"{at}.{name}")
                recorder.on_output(out, f"{at}.{out_name}")
                if not norm_first:
                    recorder.on_input(norm, f"{at}.{sum_name}")
                elif i + 1 < len(parts):
                    recorder.on_input(parts[i + 1][1], f"{at}.{sum_name}")
            recorder.on_output(block, f"{at}.hook_resid_post" if norm_first else f"{at}.hook_normalized_resid_post")
            recorder.on_output(block.fc1, f"{at}.mlp.hook_pre")
            recorder.on_input(block.fc2, f"{at}.mlp.hook_post")
        if norm_first:
            recorder.on_norm(stack.layer_norm, f"{side}_final_ln")


def t5_hooks(recorder: Recorder, model) -> None:
    for side, stack in (("encoder", model.encoder), ("decoder", model.decoder)):
        recorder.on_output(stack.embed_tokens, f"{side}.hook_embed")
        for layer, block in enumerate(stack.block):
            at = f"{side}.{layer}"
            recorder.on_input(block, f"{at}.hook_resid_pre")
            outs = ["hook_attn_out", "hook_cross_attn_out", "hook_mlp_out"] if side == "decoder" else ["hook_attn_out", "hook_mlp_out"]
            sums = ["hook_resid_mid", "hook_resid_mid_cross"] if side == "decoder" else ["hook_resid_mid"]
            for i, (part, out) in enumerate(zip(block.layer, outs)):
                recorder.on_norm(part.layer_norm, f"{at}.ln{i + 1}")
                if i:
                    recorder.on_input(part.layer_norm, f"{at}.{sums[i - 1]}")
                attention = getattr(part, "SelfAttention", None) or getattr(part, "EncDecAttention", None)
                if attention is None:
                    neurons = part.DenseReluDense
                    gated = hasattr(neurons, "wi_0")
                    recorder.on_output(neurons.wi_0 if gated else neurons.wi, f"{at}.mlp.hook_pre")
                    if gated:
                        recorder.on_output(neurons.wi_1, f"{at}.mlp.hook_pre_linear")
                    recorder.on_input(neurons.wo, f"{at}.mlp.hook_post")
                    recorder.on_output(neurons, f"{at}.{out}")
                else:
                    recorder.on_attention(f"{at}.{'cross_attn' if out == 'hook_cross_attn_out' else 'attn'}", attention.q, attention.k, attention.v, attention.o, attention.n_heads)
                    recorder.on_output(attention, f"{at}.{out}")
            recorder.on_output(block, f"{at}.hook_resid_post")
        recorder.on_norm(stack.final_layer_norm, f"{side}_final_ln")


def capture(model, text: torch.Tensor, output: torch.Tensor, past=None, encoded=None):
    """Run the model and take every hook point; without keys and values of the past, which come from an earlier run."""
    recorder = Recorder()
    (t5_hooks if model.config.model_type in ("t5", "mt5") else bart_hooks)(recorder, model)
    with torch.no_grad():
        result = model(input_ids=text, decoder_input_ids=output, past_key_values=past, encoder_outputs=encoded, use_cache=True, output_attentions=True)
    for handle in recorder.handles:
        handle.remove()
    patterns = {"encoder.{}.attn": result.encoder_attentions or (), "decoder.{}.attn": result.decoder_attentions, "decoder.{}.cross_attn": result.cross_attentions}
    for name, layers in patterns.items():
        for layer, pattern in enumerate(layers):
            recorder.keep(f"{name.format(layer)}.hook_pattern", pattern)  # [batch, head, query, key]
    recorder.keep("logits", result.logits)
    return recorder.tensors, result


def expect(folder: Path, seed: int) -> str:
    """Write expected.safetensors."""
    model = AutoModelForSeq2SeqLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    generator = torch.Generator().manual_seed(seed + 1000)
    text = torch.randint(2, VOCABULARY - 1, (1, TEXT), generator=generator)
    start = torch.tensor([[model.generation_config.decoder_start_token_id]])
    vocabulary = model.lm_head.out_features
    output = torch.cat([start, torch.randint(2, vocabulary - 1, (1, OUTPUT - 1), generator=generator)], 1)
    tensors, _ = capture(model, text, output)
    _, first = capture(model, text, output[:, :PAST])
    later, _ = capture(model, text, output[:, PAST:], first.past_key_values, BaseModelOutput(last_hidden_state=first.encoder_last_hidden_state))
    tensors["past.logits"] = later["logits"]
    marian = model.config.model_type == "marian"
    banned = dict(bad_words_ids=[*(model.generation_config.bad_words_ids or []), [model.config.pad_token_id]]) if marian else {}
    written = model.generate(text, attention_mask=torch.ones_like(text), num_beams=1, do_sample=False, **banned)
    tensors |= {"input_ids": text.int(), "decoder_input_ids": output.int(), "written_ids": written.int()}
    notes = {"input_ids": f"{TEXT} tokens of text, {OUTPUT} of output; past.logits is the run of the last {OUTPUT - PAST} with the first {PAST} as past"}
    save_file(dict(sorted(tensors.items())), folder / "expected.safetensors", metadata=notes)
    return " ".join(map(str, written[0].tolist()))


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
