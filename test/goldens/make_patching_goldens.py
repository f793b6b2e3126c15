"""What `transformers` computes when one thing of a run on one text is put into a run on another, by forward hooks on the
tiny random checkpoints of test/fixtures; and attention rolled out over layers and weighted by values, restated here.

Each file test/fixtures/patching-<fixture>.safetensors holds `clean_ids`, `corrupted_ids`, for an encoder–decoder also
`output_ids`, the logits of `clean` and `corrupted` at the last position (of an encoder at the one that its mask is in),
and for each case `case.<i>` those of the corrupted run with something of the clean one in it; its metadata `cases` says
what, as src/protocol.ts writes it. For each attention of a sequence to itself there are `rollout.<part>.<layer>` and for
every attention `value_norm.<part>.<layer>`, of the clean run. Attention is eager, in float32. Both texts are of the same
length, so position i of one stands for position i of the other.

    python test/goldens/make_patching_goldens.py [fixture …]
"""

import argparse
import json
from contextlib import ExitStack
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers.utils import logging

from make_intervention_goldens import FAMILIES, hooked

CLEAN, CORRUPTED, OUTPUT = [5, 17, 42, 5, 90, 17, 42, 63, 8], [5, 17, 31, 5, 90, 74, 42, 63, 8], [0, 33, 8, 61, 8, 24]


def blocks_of(model, part: str):
    """Modules whose first input is the residual stream, layer by layer."""
    if hasattr(model, "bert"):
        return model.bert.encoder.layer
    if hasattr(model, "transformer"):
        return model.transformer.h
    inner = model.model if hasattr(model, "model") else model
    if hasattr(inner, "encoder"):
        side = inner.encoder if part == "encoder" else inner.decoder
        return side.block if hasattr(side, "block") else side.layers
    return inner.layers



def module_of(family, model, over: str, part: str, layer: int):
    """The module that is hooked, and whether its input is patched rather than its output."""
    if over == "resid_pre":
        return blocks_of(model, part)[layer], True
    if over == "mlp_out":
        return family.down(model, part, layer), False
    return family.attention_out(model, part, layer), over == "z"


def cases_of(family, lengths: dict[str, int], causal: bool) -> list[dict]:
    """Every kind of site in every part, of early and late positions and layers."""
    cases = []
    for part in family.parts:
        last = lengths["text" if part == "encoder" or len(family.parts) == 1 else "output"] - 1
        for layer in (0, 1):
            cases += [dict(over="z", kind="head", part=part, layer=layer, head=head) for head in (0, 3)]
            for over in ("resid_pre", "attn_out", "mlp_out"):
                if part == "cross" and over != "attn_out":
                    continue
                cases += [dict(over=over, kind="position", part=part, layer=layer, position=position) for position in (2, last)]
    return cases


def logits(family, model, ids: list[int], output: list[int] | None, position: int, case: dict | None = None, clean: dict | None = None, keep: dict | None = None, attentions: bool = False):
    """`[vocabulary]` at a position; with a case, what of the clean run's modules goes in."""
    decoder = {} if output is None else dict(decoder_input_ids=torch.tensor([output]))
    with ExitStack() as stack:
        if case is not None:
            module, before = module_of(family, model, case["over"], case["part"], case["layer"])
            source = clean[case["over"], case["part"], case["layer"]]

            def patched(x: torch.Tensor) -> torch.Tensor:
                x = x.clone()
                if case["kind"] == "position":
                    at = case["position"]
                    (x.view(-1, x.shape[-1]) if x.dim() == 2 else x[0])[at] = source.reshape(-1, x.shape[-1])[at]
                else:
                    width = x.shape[-1] // model.config.num_attention_heads
                    columns = slice(case["head"] * width, (case["head"] + 1) * width)
                    x[..., columns] = source[..., columns]
                return x

            if before:
                stack.enter_context(hooked(module.register_forward_pre_hook(lambda _, arguments, named: ((patched(arguments[0]), *arguments[1:]), named) if arguments else (arguments, named | dict(hidden_states=patched(named["hidden_states"]))), with_kwargs=True)))
            else:
                stack.enter_context(hooked(module.register_forward_hook(lambda _, __, x: patched(x))))
        if keep is not None:
            for part in family.parts:
                for layer in range(2):
                    for over in ("resid_pre", "attn_out", "mlp_out", "z"):
                        if part == "cross" and over in ("resid_pre", "mlp_out"):
                            continue
                        module, before = module_of(family, model, over, part, layer)

                        def record(_, arguments, named, x, key=(over, part, layer), before=before):
                            keep[key] = (arguments[0] if arguments else named["hidden_states"]) if before else x

                        stack.enter_context(hooked(module.register_forward_hook(record, with_kwargs=True)))
        with torch.no_grad():
            made = model(input_ids=torch.tensor([ids]), output_attentions=attentions, **decoder)
    return made if attentions else made.logits[0, position]


def rolled_out(patterns: list[torch.Tensor]) -> list[torch.Tensor]:
    """Abnar & Zuidema (2020): the mean of the heads, half of it the residual connection, multiplied up the layers."""
    found = []
    for pattern in patterns:
        mean = pattern[0].mean(0).double()
        mixed = 0.5 * mean + 0.5 * torch.eye(len(mean), dtype=torch.double)
        mixed = mixed / mixed.sum(-1, keepdim=True)
        found.append(mixed @ found[-1] if found else mixed)
    return found


def value_weighted(pattern: torch.Tensor, values: torch.Tensor) -> torch.Tensor:
    """`[head, query, key]` times the lengths of the values `[key, key head, width]`, rows scaled to sum to 1."""
    lengths = values.double().norm(dim=-1).T  # [key head, key]
    lengths = lengths.repeat_interleave(pattern.shape[1] // len(lengths), 0)
    weighted = pattern[0].double() * lengths[:, None, :]
    return weighted / weighted.sum(-1, keepdim=True)


def values_of(family, model, part: str, layer: int, run) -> torch.Tensor:
    """`[key, key head, width]`, from the module that projects them."""
    attention = family.attention(model, part, layer)
    config = model.config
    width = getattr(config, "d_kv", None) or getattr(config, "head_dim", None) or (getattr(config, "hidden_size", None) or config.d_model) // config.num_attention_heads
    if hasattr(attention, "c_attn"):  # queries, keys and values side by side
        module, part_of = attention.c_attn, lambda x: x.chunk(3, -1)[2]
    else:
        module = next(getattr(attention, name) for name in ("v_proj", "value", "v") if hasattr(attention, name))
        part_of = lambda x: x
    found = {}
    with hooked(module.register_forward_hook(lambda _, __, x: found.update(v=x))):
        run()
    return part_of(found["v"])[0].reshape(-1, part_of(found["v"]).shape[-1] // width, width)


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
        causal = family.parts == ["decoder"]
        position = len(output or CLEAN) - 1
        kept: dict = {}
        tensors = {"clean": logits(family, model, CLEAN, output, position, keep=kept), "corrupted": logits(family, model, CORRUPTED, output, position)}
        cases = cases_of(family, {"text": len(CLEAN), "output": len(OUTPUT)}, causal)
        for i, case in enumerate(cases):
            tensors[f"case.{i}"] = logits(family, model, CORRUPTED, output, position, case, kept)
        changed = sum(not torch.allclose(tensors[f"case.{i}"], tensors["corrupted"], atol=1e-4) for i in range(len(cases)))
        if changed < len(cases) / 2:
            raise SystemExit(f"{name}: only {changed} of {len(cases)} cases change something")

        made = logits(family, model, CLEAN, output, position, attentions=True)
        patterns = {"decoder" if causal else "encoder": made.attentions} if output is None else {"encoder": made.encoder_attentions, "decoder": made.decoder_attentions, "cross": made.cross_attentions}
        run = lambda: logits(family, model, CLEAN, output, position)
        for part, layers in patterns.items():
            if part != "cross":
                tensors |= {f"rollout.{part}.{layer}": pattern.float() for layer, pattern in enumerate(rolled_out(layers))}
            for layer, pattern in enumerate(layers):
                tensors[f"value_norm.{part}.{layer}"] = value_weighted(pattern, values_of(family, model, part, layer, run)).float()
        tensors |= {"clean_ids": torch.tensor(CLEAN).int(), "corrupted_ids": torch.tensor(CORRUPTED).int()} | ({} if output is None else {"output_ids": torch.tensor(output).int()})
        path = arguments.fixtures / f"patching-{name}.safetensors"
        save_file({key: value.contiguous() for key, value in tensors.items()}, path, metadata={"cases": json.dumps(cases)})
        path.chmod(0o644)
        print(f"{path.name:44} {len(cases):3} cases, {changed} change something, {path.stat().st_size / 1000:5.0f} KB")


if __name__ == "__main__":
    main()
