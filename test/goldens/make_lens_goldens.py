"""Write what the logit lens and direct logit attribution come to, computed with `transformers` and hooks.

Checkpoints and tokens are those of other scripts: test/fixtures/<name>/ with its expected.safetensors. Written is
test/fixtures/lens-<name>.safetensors with

    lens          probabilities [layer, position, vocabulary] of the model's own head on the residual stream; the embedding first
    encoder       of an encoder–decoder, the same of its encoder's stream: behind the encoder's last norm, where it has one, with the
                  matrix and the bias of the head
    target        the position, the token and its rival that the rest is about
    logit         the logit of the token less that of the rival
    embedding, position, norm_bias, unembedding_bias   shares of these, [1]
    heads [layer, head], attention_bias [layer], feed_forward [layer]   shares of the parts
    sources       shares of heads by the token they looked at, [layer, head, token]

The last norm is linear once its scale is frozen: the share of a part is what the logit changes by when the part is taken out of
what the norm is given.

    python test/goldens/make_lens_goldens.py
"""

import argparse
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, AutoModelForMaskedLM, AutoModelForSeq2SeqLM

POSITION, TOKEN, RIVAL = 11, 7, 42


def open_model(folder: Path, made_by):
    return made_by.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()


def catch(modules: dict[str, torch.nn.Module], run, inputs: bool = False) -> dict[str, torch.Tensor]:
    """What modules give, or are given, while the model runs."""
    caught, handles = {}, []
    for name, module in modules.items():
        def keep(_, given, output, name=name):
            value = given[0] if inputs else output
            caught[name] = (value[0] if isinstance(value, tuple) else value)[0].detach()
        handles.append(module.register_forward_hook(keep))
    run()
    for handle in handles:
        handle.remove()
    return caught


def lens(streams: list[torch.Tensor], head) -> torch.Tensor:
    return torch.stack([head(stream).softmax(-1) for stream in streams])


def encoder_lens(folder: Path, ids: torch.Tensor) -> dict[str, torch.Tensor]:
    model = open_model(folder, AutoModelForMaskedLM)
    states = model(ids, output_hidden_states=True).hidden_states
    return {"lens": lens([state[0] for state in states], model.cls)}


def translator_lens(folder: Path, ids: torch.Tensor, written: torch.Tensor) -> dict[str, torch.Tensor]:
    model = open_model(folder, AutoModelForSeq2SeqLM)
    outputs = {}

    def run():
        outputs["run"] = model(input_ids=ids, decoder_input_ids=written, output_hidden_states=True)

    def unembedded(x):
        if getattr(model.config, "scale_decoder_outputs", False):
            x = x * model.config.d_model**-0.5
        return model.lm_head(x) + getattr(model, "final_logits_bias", torch.zeros(1, 1))[0]

    def of(stack, embedding: str) -> torch.Tensor:
        blocks = stack.block if hasattr(stack, "block") else stack.layers
        given = catch({str(layer): block for layer, block in enumerate(blocks)}, run)
        norm = getattr(stack, "final_layer_norm", None) or getattr(stack, "layer_norm", None) or torch.nn.Identity()
        streams = [getattr(outputs["run"], embedding)[0][0], *(given[str(layer)] for layer in range(len(blocks)))]
        return lens(streams, lambda x: unembedded(norm(x)))

    found = {"lens": of(model.get_decoder(), "decoder_hidden_states"), "encoder": of(model.get_encoder(), "encoder_hidden_states")}
    assert torch.allclose(found["lens"][-1], outputs["run"].logits[0].softmax(-1), atol=1e-6), folder
    return found


class Gpt2:
    def __init__(self, model):
        self.blocks, self.norm = model.transformer.h, model.transformer.ln_f
        self.embeddings = {"embedding": model.transformer.wte, "position": model.transformer.wpe}
        self.outs = [block.attn.c_proj for block in self.blocks]
        self.mlps = [block.mlp for block in self.blocks]
        self.value_modules = [block.attn.c_attn for block in self.blocks]

    def values(self, projected, heads):  # [token, 3 · width] → [token, head, d_head]
        return projected.chunk(3, -1)[2].view(len(projected), heads, -1)

    def by_head(self, layer, z):  # [pos, head, d_head] → what each head adds, [pos, head, width]
        weight = self.outs[layer].weight  # [in, out]
        return torch.einsum("phd,hdw->phw", z, weight.view(z.shape[1], z.shape[2], -1))

    def out_bias(self, layer):
        return self.outs[layer].bias


class Llama:
    def __init__(self, model):
        self.blocks, self.norm = model.model.layers, model.model.norm
        self.embeddings = {"embedding": model.model.embed_tokens}
        self.outs = [block.self_attn.o_proj for block in self.blocks]
        self.mlps = [block.mlp for block in self.blocks]
        self.value_modules = [block.self_attn.v_proj for block in self.blocks]
        self.shared = model.config.num_attention_heads // model.config.num_key_value_heads

    def values(self, projected, heads):
        return projected.view(len(projected), heads // self.shared, -1).repeat_interleave(self.shared, 1)

    def by_head(self, layer, z):
        weight = self.outs[layer].weight.T  # [in, out]
        return torch.einsum("phd,hdw->phw", z, weight.reshape(z.shape[1], z.shape[2], -1))

    def out_bias(self, layer):
        return self.outs[layer].bias


def decoder(folder: Path, ids: torch.Tensor, family) -> dict[str, torch.Tensor]:
    model = open_model(folder, AutoModelForCausalLM)
    parts, heads, layers = family(model), model.config.num_attention_heads, model.config.num_hidden_layers
    outputs = {}

    def run():
        outputs["run"] = model(ids, output_attentions=True)

    named = {f"mlp.{layer}": parts.mlps[layer] for layer in range(layers)} | parts.embeddings
    named |= {f"block.{layer}": parts.blocks[layer] for layer in range(layers)}
    named |= {f"values.{layer}": parts.value_modules[layer] for layer in range(layers)}
    given = catch(named, run)
    joined = catch({str(layer): parts.outs[layer] for layer in range(layers)}, run, inputs=True)
    last = given[f"block.{layers - 1}"]
    first = sum(given[name] for name in parts.embeddings)

    def logit_of(x):  # the difference of logits at the position, [width] → a number
        logits = model.lm_head(x)
        return logits[..., TOKEN] - logits[..., RIVAL]

    whole = last[POSITION]
    centred = isinstance(parts.norm, torch.nn.LayerNorm)
    epsilon = parts.norm.eps if centred else parts.norm.variance_epsilon
    scale = (whole.var(unbiased=False) + epsilon).sqrt() if centred else (whole.pow(2).mean() + epsilon).sqrt()
    norm_bias = parts.norm.bias if centred else torch.zeros_like(whole)

    def frozen(x):
        return (x - x.mean(-1, keepdim=True) if centred else x) / scale * parts.norm.weight + norm_bias

    def share(part):  # taken out of what the norm is given
        return logit_of(frozen(whole)) - logit_of(frozen(whole - part))

    found = {"lens": lens([first] + [given[f"block.{layer}"] for layer in range(layers)], lambda x: model.lm_head(parts.norm(x)))}
    found["target"] = torch.tensor([POSITION, TOKEN, RIVAL], dtype=torch.int32)
    found["logit"] = logit_of(parts.norm(whole))
    for name in parts.embeddings:
        embedded = given[name]
        found[name] = share(embedded[POSITION])
    by_head, by_source = [], []
    for layer in range(layers):
        z = joined[str(layer)].view(len(last), heads, -1)
        by_head.append(torch.stack([share(part) for part in parts.by_head(layer, z)[POSITION]]))
        pattern = outputs["run"].attentions[layer][0][:, POSITION]  # [head, token]
        values = parts.values(given[f"values.{layer}"], heads)  # [token, head, d_head]
        mixed = parts.by_head(layer, pattern.T.unsqueeze(-1) * values)  # [token, head, width]
        by_source.append(torch.stack([torch.stack([share(part) for part in token]) for token in mixed]).T)
    found["heads"], found["sources"] = torch.stack(by_head), torch.stack(by_source)
    biases = [parts.out_bias(layer) for layer in range(layers)]
    if biases[0] is not None:
        found["attention_bias"] = torch.stack([share(bias) for bias in biases])
    found["feed_forward"] = torch.stack([share(given[f"mlp.{layer}"][POSITION]) for layer in range(layers)])
    if centred:
        found["norm_bias"] = logit_of(norm_bias)
    everything = sum(value.sum() for name, value in found.items() if name not in ("lens", "target", "logit", "sources"))
    assert abs(everything - found["logit"]) < 1e-4, (folder, everything, found["logit"])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fixtures", type=Path, default=Path(__file__).parents[1] / "fixtures")
    fixtures = parser.parse_args().fixtures
    torch.set_num_threads(1)

    def tokens(name, tensor="input_ids"):
        return load_file(fixtures / name / "expected.safetensors")[tensor].view(1, -1).long()

    with torch.no_grad():
        made = {
            "gpt2-basic": decoder(fixtures / "gpt2-basic", tokens("gpt2-basic"), Gpt2),
            "llama-basic": decoder(fixtures / "llama-basic", tokens("llama-basic"), Llama),
            "bert-basic": encoder_lens(fixtures / "bert-basic", tokens("bert-basic")),
        }
        for name in ("marian-basic", "marian-untied", "bart-basic", "mbart-basic", "pegasus-basic", "t5-basic", "t5-gated", "mt5-basic"):
            made[name] = translator_lens(fixtures / name, tokens(name), tokens(name, "decoder_input_ids"))
    for name, tensors in made.items():
        path = fixtures / f"lens-{name}.safetensors"
        save_file({key: tensor.view(-1) if tensor.dim() == 0 else tensor.contiguous() for key, tensor in sorted(tensors.items())}, path)
        print(f"{path.name:28} {path.stat().st_size / 1000:5.0f} KB")


if __name__ == "__main__":
    main()
