"""Measure a model that guesses the next token, storyteller or recaller, on the held-out stories.

The text is cut into rows as long as the model's context, so that every position is measured; each row begins
without what came before it.
"""

import argparse
import json
import math
from collections.abc import Callable
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

from corpus import held_out_documents
from recaller import from_folder

BUCKETS = [(1, 64), (65, 128), (129, 256), (257, 512)]
Logits = Callable[[torch.Tensor], torch.Tensor]  # [row, pos] → [row, pos, vocabulary]


def load(folder: Path) -> tuple[Logits, int]:
    """The model of a folder as a function from ids to logits in float32, and its context."""
    config = json.loads((folder / "config.json").read_text())
    if config["model_type"] == "gru":  # not in transformers
        return from_folder(folder).eval(), config["max_position_embeddings"]
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    return lambda ids: model(ids).logits, model.config.n_positions


@torch.no_grad()
def measure(logits_of: Logits, tokenizer, documents: list[str], context: int, count: int | None = None) -> dict:
    """Loss per token, perplexity, bits per character, top-1 and perplexity by position."""
    ids = []
    for document in documents:
        ids += [tokenizer.bos_token_id, *tokenizer(document, verbose=False)["input_ids"]]
    rows = torch.tensor(ids[:(len(ids) - 1) // context * context + 1])
    inputs, targets = rows[:-1].view(-1, context), rows[1:].view(-1, context)  # [row, pos]
    inputs, targets = inputs[:count], targets[:count]

    losses, hits = [], []
    for part, target in zip(inputs.split(8), targets.split(8)):
        logits = logits_of(part).float()  # [row, pos, vocabulary]
        losses.append(torch.nn.functional.cross_entropy(logits.mT, target, reduction="none"))
        hits.append(logits.argmax(-1) == target)
    loss, hit = torch.cat(losses), torch.cat(hits)  # [row, pos]
    text = targets != tokenizer.bos_token_id

    characters = len(tokenizer.decode(targets.flatten().tolist(), skip_special_tokens=True))
    mean = loss[text].mean().item()
    return {
        "tokens": int(text.sum()),
        "characters": characters,
        "loss": round(mean, 4),
        "perplexity": round(math.exp(mean), 2),
        "bits_per_character": round(loss[text].sum().item() / math.log(2) / characters, 4),
        "top_1": round(hit[text].float().mean().item(), 4),
        "perplexity_by_position": {
            f"{first}-{last}": round(math.exp(loss[:, first - 1:last][text[:, first - 1:last]].mean().item()), 2)
            for first, last in BUCKETS if last <= context
        },
    }


@torch.no_grad()
def continuation(logits_of: Logits, tokenizer, prompt: str, seed: int, tokens: int = 70) -> str:
    """A sampled continuation (temperature 0.8, top 40)."""
    torch.manual_seed(seed)
    ids = torch.tensor([[tokenizer.bos_token_id, *tokenizer(prompt)["input_ids"]]])
    for _ in range(tokens):
        values, candidates = logits_of(ids)[0, -1].float().topk(40)
        drawn = candidates[torch.multinomial((values / 0.8).softmax(-1), 1)]
        if drawn.item() == tokenizer.eos_token_id:
            break
        ids = torch.cat([ids, drawn[None]], dim=1)
    return tokenizer.decode(ids[0], skip_special_tokens=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--model", type=Path, default=Path("models/storyteller"))
    parser.add_argument("--rows", type=int, default=None, help="measure only the first so many, for a quick look")
    parser.add_argument("--threads", type=int, default=None)
    parser.add_argument("prompts", nargs="*", help="texts to continue")
    arguments = parser.parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)

    tokenizer = PreTrainedTokenizerFast.from_pretrained(arguments.model)
    logits_of, context = load(arguments.model)
    documents = held_out_documents(arguments.corpora)
    print(json.dumps(measure(logits_of, tokenizer, documents, context, arguments.rows), indent=2))
    for seed, prompt in enumerate(arguments.prompts, start=1):
        print(f"\n{continuation(logits_of, tokenizer, prompt, seed)}")


if __name__ == "__main__":
    main()
