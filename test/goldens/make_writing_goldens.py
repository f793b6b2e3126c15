"""What greedy search of `transformers` writes with parts set to zero, by forward hooks on the tiny random checkpoints of test/fixtures.

test/fixtures/writing.json holds for each fixture the ids of a text, what is written for it without experiments, and for each
case what is switched off, as src/protocol.ts writes it, and what is written then. Only cases that change what is written
are kept. Attention is eager, in float32.

    python test/goldens/make_writing_goldens.py
"""

import json
from contextlib import ExitStack
from pathlib import Path

import torch
from make_intervention_goldens import FAMILIES, hooked
from transformers.utils import logging

FIXTURES = Path(__file__).parents[1] / "fixtures"
TEXT = [5, 17, 42, 5, 90, 17, 42, 63, 8]


def cases_of(layers: int, heads: int) -> list[list[dict]]:
    """Every head, attention and feed-forward part by itself, and a head of each part together."""
    parts = ("encoder", "decoder", "cross")
    head = [[dict(kind="head", part=part, layer=layer, head=h, by="zero")] for part in parts for layer in range(layers) for h in range(heads)]
    attention = [[dict(kind="attention", part=part, layer=layer, by="zero")] for part in parts for layer in range(layers)]
    feed_forward = [[dict(kind="feedForward", part=part, layer=layer, by="zero")] for part in parts[:2] for layer in range(layers)]
    return head + attention + feed_forward + [[one for part in parts for one in (dict(kind="head", part=part, layer=0, head=1, by="zero"),)]]


def written(family, model, case: list[dict]) -> list[int]:
    """Greedy search, with what generation_config.json says."""
    with ExitStack() as stack, torch.no_grad():
        for one in case:
            if one["kind"] == "head":
                width = family.attention_out(model, one["part"], one["layer"]).in_features // model.config.num_attention_heads
                start = one["head"] * width

                def silence(_, arguments, start=start, width=width):
                    x, *rest = arguments
                    x = x.clone()
                    x[..., start:start + width] = 0
                    return x, *rest

                stack.enter_context(hooked(family.attention_out(model, one["part"], one["layer"]).register_forward_pre_hook(silence)))
            else:
                module = (family.attention_out if one["kind"] == "attention" else family.down)(model, one["part"], one["layer"])
                stack.enter_context(hooked(module.register_forward_hook(lambda _, __, x: torch.zeros_like(x))))
        text = torch.tensor([TEXT])
        marian = model.config.model_type == "marian"
        banned = dict(bad_words_ids=[*(model.generation_config.bad_words_ids or []), [model.config.pad_token_id]]) if marian else {}
        return model.generate(text, attention_mask=torch.ones_like(text), num_beams=1, do_sample=False, **banned)[0].tolist()


def main() -> None:
    torch.set_num_threads(1)
    logging.disable_progress_bar()
    made = {}
    for name in ("marian-basic", "t5-basic"):
        family = FAMILIES[name]
        model = family.made_by.from_pretrained(FIXTURES / name, dtype=torch.float32, attn_implementation="eager").eval()
        plain = written(family, model, [])
        cases = [(case, written(family, model, case)) for case in cases_of(2, 4)]
        changed = [dict(off=case, written=ids) for case, ids in cases if ids != plain]
        if len(changed) < 5:
            raise SystemExit(f"{name}: only {len(changed)} of {len(cases)} cases change what is written")
        made[name] = dict(text=TEXT, plain=plain, cases=changed)
        print(f"{name}: {len(changed)} of {len(cases)} cases change what is written")
    (FIXTURES / "writing.json").write_text(json.dumps(made, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
