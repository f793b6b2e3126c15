"""Measure a causal language model in a Hugging Face folder on the held-out stories.

The text is cut into rows as long as the model's context, so that every position is measured; each row begins
without what came before it.
"""

import argparse
import json
import math
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from corpus import held_out_documents

BUCKETS = [(1, 64), (65, 128), (129, 256), (257, 512)]


@torch.no_grad()
def measure(model, tokenizer, documents: list[str], context: int, count: int | None = None) -> dict:
    """Loss per token, perplexity, bits per character, top-1 and perplexity by position."""
    ids = []
    for document in documents:
        ids += [tokenizer.bos_token_id, *tokenizer(document, verbose=False)["input_ids"]]
    rows = torch.tensor(ids[:(len(ids) - 1) // context * context + 1])
    inputs, targets = rows[:-1].view(-1, context), rows[1:].view(-1, context)  # [row, pos]
    inputs, targets = inputs[:count], targets[:count]

    losses, hits = [], []
    for part, target in zip(inputs.split(8), targets.split(8)):
        logits = model(part).logits.float()  # [row, pos, vocabulary]
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
def continuation(model, tokenizer, prompt: str, seed: int, tokens: int = 70) -> str:
    """A sampled continuation (temperature 0.8, top 40)."""
    torch.manual_seed(seed)
    ids = tokenizer(prompt, return_tensors="pt")["input_ids"]
    ids = torch.cat([torch.tensor([[tokenizer.bos_token_id]]), ids], dim=1)
    output = model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=tokens, do_sample=True,
                            temperature=0.8, top_k=40, pad_token_id=tokenizer.bos_token_id)
    return tokenizer.decode(output[0], skip_special_tokens=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--model", type=Path, default=Path("models/storyteller"))
    parser.add_argument("--rows", type=int, default=None, help="measure only the first so many, for a quick look")
    parser.add_argument("--threads", type=int, default=None)
    parser.add_argument("prompts", nargs="*", help="texts to continue")
    arguments = parser.parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)

    tokenizer = AutoTokenizer.from_pretrained(arguments.model)
    model = AutoModelForCausalLM.from_pretrained(arguments.model, dtype=torch.float32).eval()
    documents = held_out_documents(arguments.corpora)
    print(json.dumps(measure(model, tokenizer, documents, model.config.n_positions, arguments.rows), indent=2))
    for seed, prompt in enumerate(arguments.prompts, start=1):
        print(f"\n{continuation(model, tokenizer, prompt, seed)}")


if __name__ == "__main__":
    main()
