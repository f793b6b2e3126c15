"""What `transformers` computes with things switched off, by forward hooks on the tiny random checkpoints of test/fixtures.

Each file test/fixtures/interventions-<fixture>.safetensors holds `ids`, for an encoder–decoder also `output_ids`, and the
logits of all positions for each case as `case.<i>`; its metadata `cases` lists what was switched off in each, as
src/protocol.ts writes it. Attention is eager, in float32; means are over the positions of a run of the same tokens in
which nothing was switched off.

    python test/goldens/make_intervention_goldens.py [fixture …]
"""

import argparse
import json
from contextlib import ExitStack, contextmanager
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoModelForMaskedLM, AutoModelForSeq2SeqLM
from transformers.utils import logging

TEXT, OUTPUT = [5, 17, 42, 5, 90, 17, 42, 63, 8], [0, 33, 8, 61, 8, 24]


class Gpt2:
    made_by, parts = AutoModelForCausalLM, ["decoder"]

    def attention(self, model, part, layer):
        return model.transformer.h[layer].attn

    def attention_out(self, model, part, layer):
        return model.transformer.h[layer].attn.c_proj

    def down(self, model, part, layer):
        return model.transformer.h[layer].mlp.c_proj

    def positions(self, model):
        return [model.transformer.wpe]


class Llama(Gpt2):
    def attention(self, model, part, layer):
        return model.model.layers[layer].self_attn

    def attention_out(self, model, part, layer):
        return model.model.layers[layer].self_attn.o_proj

    def down(self, model, part, layer):
        return model.model.layers[layer].mlp.down_proj

    def positions(self, model):
        return []


class Bert:
    made_by, parts = AutoModelForMaskedLM, ["encoder"]

    def attention(self, model, part, layer):
        return model.bert.encoder.layer[layer].attention.self

    def attention_out(self, model, part, layer):
        return model.bert.encoder.layer[layer].attention.output.dense

    def down(self, model, part, layer):
        return model.bert.encoder.layer[layer].output.dense

    def positions(self, model):
        return [model.bert.embeddings.position_embeddings]


class Marian:
    made_by, parts = AutoModelForSeq2SeqLM, ["encoder", "decoder", "cross"]

    def block(self, model, part, layer):
        return (model.model.encoder if part == "encoder" else model.model.decoder).layers[layer]

    def attention(self, model, part, layer):
        block = self.block(model, part, layer)
        return block.encoder_attn if part == "cross" else block.self_attn

    def attention_out(self, model, part, layer):
        return self.attention(model, part, layer).out_proj

    def down(self, model, part, layer):
        return self.block(model, part, layer).fc2

    def positions(self, model):
        return [model.model.encoder.embed_positions, model.model.decoder.embed_positions]


class T5(Marian):
    def block(self, model, part, layer):
        return (model.encoder if part == "encoder" else model.decoder).block[layer].layer

    def attention(self, model, part, layer):
        block = self.block(model, part, layer)
        return block[1].EncDecAttention if part == "cross" else block[0].SelfAttention

    def attention_out(self, model, part, layer):
        return self.attention(model, part, layer).o

    def down(self, model, part, layer):
        return self.block(model, part, layer)[-1].DenseReluDense.wo

    def positions(self, model):
        return []


FAMILIES = {"gpt2-basic": Gpt2(), "qwen2-basic": Llama(), "llama-basic": Llama(), "bert-basic": Bert(), "marian-basic": Marian(), "t5-basic": T5()}


def cases_of(family, positions: bool) -> list[list[dict]]:
    """Each kind by itself, by zero and by mean where it can be, and several at once."""
    cases = [[dict(kind="token", token=3)], [dict(kind="token", token=0), dict(kind="token", token=7)]]
    for part in family.parts:
        last = part == "cross"  # whose keys are of the text
        for by in ("zero", "mean"):
            cases += [[dict(kind="head", part=part, layer=0, head=2, by=by)], [dict(kind="head", part=part, layer=1, head=h, by=by) for h in (0, 3)],
                      [dict(kind="attention", part=part, layer=1, by=by)]]
            if not last:
                cases += [[dict(kind="feedForward", part=part, layer=0, by=by)], [dict(kind="neuron", part=part, layer=1, index=i, by=by) for i in (5, 11)]]
        for renormalise in (True, False):
            cases.append([dict(kind="link", part=part, layer=0, heads=[1], query=4, key=2, renormalise=renormalise),
                          dict(kind="link", part=part, layer=1, heads=[0, 3], query=5, key=0, renormalise=renormalise)])
    if positions:
        cases += [[dict(kind="positions", by=by)] for by in ("zero", "mean")]
    # The link's key moves from 4 to 3 when token 1 is left out; means are of what is left.
    several = family.parts[-1]
    cases.append([dict(kind="token", token=1), dict(kind="head", part=several, layer=0, head=1, by="mean"), dict(kind="feedForward", part=family.parts[0], layer=1, by="zero"),
                  dict(kind="link", part=several, layer=1, heads=[2], query=5, key=4, renormalise=True)])
    return cases


def left(ids: list[int], case: list[dict]) -> tuple[list[int], dict[int, int]]:
    """Tokens that stay, and where each was before."""
    out = {one["token"] for one in case if one["kind"] == "token"}
    stay = [i for i in range(len(ids)) if i not in out]
    return [ids[i] for i in stay], {before: now for now, before in enumerate(stay)}


@contextmanager
def hooked(handle):
    try:
        yield
    finally:
        handle.remove()


@contextmanager
def cut_links(module, edits: list[tuple[int, int, int, bool]]):
    """Changes the softmax within one attention module: (head, query, key, whether the rest of the row is renormalised)."""
    original, inside = torch.nn.functional.softmax, []

    def softmax(scores, *arguments, **named):
        if not inside or scores.dim() != 4:
            return original(scores, *arguments, **named)
        scores = scores.clone()
        for head, query, key, renormalise in edits:
            if renormalise:
                scores[0, head, query, key] = -torch.inf
        pattern = original(scores, *arguments, **named)
        for head, query, key, renormalise in edits:
            if not renormalise:
                pattern[0, head, query, key] = 0
        return pattern

    before = module.register_forward_pre_hook(lambda *_: inside.append(True))
    after = module.register_forward_hook(lambda *_: inside.clear())
    torch.nn.functional.softmax = softmax
    try:
        yield
    finally:
        torch.nn.functional.softmax = original
        before.remove()
        after.remove()


def recorded(run, modules: dict) -> dict:
    """Inputs and outputs of modules in a run where nothing is switched off."""
    found = {}
    with ExitStack() as stack:
        for name, module in modules.items():
            def keep(_, arguments, output, name=name):
                found[name] = (arguments[0], output)  # of positions only the output is tensors
            stack.enter_context(hooked(module.register_forward_hook(keep)))
        run()
    return found


def replaced(x: torch.Tensor, plain: torch.Tensor, by: str) -> torch.Tensor:
    """Zeros, or the mean over positions, in the shape of x."""
    return torch.zeros_like(x) if by == "zero" else plain.mean(-2, keepdim=True).expand_as(x)


def logits(family, model, text: list[int], output: list[int] | None, case: list[dict]) -> torch.Tensor:
    """`[1, pos, vocabulary]`."""
    ids, moved = left(text, case)
    decoder = {} if output is None else dict(decoder_input_ids=torch.tensor([output]))

    def run():
        with torch.no_grad():
            return model(input_ids=torch.tensor([ids]), **decoder).logits

    modules = {}
    for one in case:
        if one["kind"] in ("head", "attention"):
            modules["out", one["part"], one["layer"]] = family.attention_out(model, one["part"], one["layer"])
        if one["kind"] in ("feedForward", "neuron"):
            modules["down", one["part"], one["layer"]] = family.down(model, one["part"], one["layer"])
    for i, module in enumerate(family.positions(model)):
        modules["positions", i] = module
    plain = recorded(run, modules)

    links = {}
    with ExitStack() as stack:
        for one in case:
            kind = one["kind"]
            if kind == "token":
                continue
            if kind == "positions":
                for i, module in enumerate(family.positions(model)):
                    stack.enter_context(hooked(module.register_forward_hook(lambda _, __, x, i=i, one=one: replaced(x, plain["positions", i][1], one["by"]))))
                continue
            at = one["part"], one["layer"]
            if kind == "link":
                text_queries, text_keys = one["part"] == "encoder" or output is None, one["part"] != "decoder" or output is None
                query = moved[one["query"]] if text_queries else one["query"]
                key = moved[one["key"]] if text_keys else one["key"]
                links.setdefault(at, []).extend((head, query, key, one["renormalise"]) for head in one["heads"])
            elif kind in ("attention", "feedForward"):
                name = ("out" if kind == "attention" else "down", *at)
                stack.enter_context(hooked(modules[name].register_forward_hook(lambda _, __, x, one=one, name=name: replaced(x, plain[name][1], one["by"]))))
            else:
                name = ("out" if kind == "head" else "down", *at)
                heads = model.config.num_attention_heads

                def change(_, arguments, one=one, name=name, heads=heads):
                    x, *rest = arguments
                    width = x.shape[-1] // heads if one["kind"] == "head" else 1
                    start = (one["head"] if one["kind"] == "head" else one["index"]) * width
                    x = x.clone()
                    x[..., start:start + width] = replaced(x, plain[name][0], one["by"])[..., start:start + width]
                    return x, *rest

                stack.enter_context(hooked(modules[name].register_forward_pre_hook(change)))
        for (part, layer), edits in links.items():
            stack.enter_context(cut_links(family.attention(model, part, layer), edits))
        return run()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="*", help="fixtures to make; all without")
    parser.add_argument("--fixtures", type=Path, default=Path(__file__).parents[1] / "fixtures")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    logging.disable_progress_bar()

    for name, family in FAMILIES.items():
        if arguments.only and name not in arguments.only:
            continue
        model = family.made_by.from_pretrained(arguments.fixtures / name, dtype=torch.float32, attn_implementation="eager").eval()
        output = OUTPUT if model.config.is_encoder_decoder else None
        cases = cases_of(family, bool(family.positions(model)))
        tensors = {f"case.{i}": logits(family, model, TEXT, output, case).contiguous() for i, case in enumerate(cases)}
        plain = logits(family, model, TEXT, output, [])
        for i, case in enumerate(cases):
            ineffective = tensors[f"case.{i}"].shape == plain.shape and torch.allclose(tensors[f"case.{i}"], plain, atol=1e-3)
            if ineffective:
                raise SystemExit(f"{name}: {case} changes nothing")
        tensors |= {"ids": torch.tensor(TEXT).int()} | ({} if output is None else {"output_ids": torch.tensor(output).int()})
        path = arguments.fixtures / f"interventions-{name}.safetensors"
        save_file(tensors, path, metadata={"cases": json.dumps(cases)})
        path.chmod(0o644)
        print(f"{path.name:44} {len(cases):3} cases {path.stat().st_size / 1000:5.0f} KB")


if __name__ == "__main__":
    main()
