"""Measure reader on held-out stories and on held-out single sentences, through `transformers`.

Of the words of each input 15 % are hidden behind [MASK], at least one, always the same ones.
"""

import argparse
import json
import math
import random
from pathlib import Path

import torch
from transformers import AutoModelForMaskedLM, AutoTokenizer

from corpus import held_out_documents, reader_texts
from reader import POSITIONS, SPECIAL, sentences_of

SHARE = 0.15


def story_inputs(tokenizer, documents: list[str]) -> list[list[int]]:
    """The stories in inputs as long as the model takes, each beginning with a sentence."""
    inputs, current = [], []
    for document in documents:
        for sentence in tokenizer(sentences_of(document), add_special_tokens=False)["input_ids"]:
            sentence = sentence[:POSITIONS - 2]
            if len(current) + len(sentence) > POSITIONS - 2:
                inputs.append(current)
                current = []
            current = current + sentence
    return [[tokenizer.cls_token_id, *ids, tokenizer.sep_token_id] for ids in inputs]


@torch.no_grad()
def measure(model, tokenizer, inputs: list[list[int]], seed: int = 1) -> dict:
    """Loss, perplexity, top-1 and top-5 at the hidden words."""
    rng = random.Random(seed)
    losses, ranks = [], []
    inputs = sorted(inputs, key=len)
    for start in range(0, len(inputs), 32):
        part = inputs[start:start + 32]
        longest = max(map(len, part))
        ids = torch.tensor([row + [tokenizer.pad_token_id] * (longest - len(row)) for row in part])
        hidden = torch.zeros_like(ids, dtype=torch.bool)
        for index, row in enumerate(part):
            words = [position for position, token in enumerate(row) if token >= SPECIAL]
            if words:
                hidden[index, rng.sample(words, max(1, round(SHARE * len(words))))] = True
        logits = model(ids.masked_fill(hidden, tokenizer.mask_token_id),
                       attention_mask=(ids != tokenizer.pad_token_id).long()).logits[hidden]  # [hidden, vocabulary]
        targets = ids[hidden]
        losses.append(torch.nn.functional.cross_entropy(logits, targets, reduction="none"))
        ranks.append((logits > logits.gather(1, targets[:, None])).sum(1))
    loss, rank = torch.cat(losses), torch.cat(ranks)
    return {
        "inputs": len(inputs),
        "hidden": len(loss),
        "loss": round(loss.mean().item(), 4),
        "perplexity": round(math.exp(loss.mean().item()), 2),
        "top_1": round((rank == 0).float().mean().item(), 4),
        "top_5": round((rank < 5).float().mean().item(), 4),
    }


@torch.no_grad()
def guesses(model, tokenizer, text: str, count: int = 5) -> list[list]:
    """The likeliest tokens of each [MASK] with their probabilities."""
    encoded = tokenizer(text, return_tensors="pt")
    logits = model(**encoded).logits[encoded["input_ids"] == tokenizer.mask_token_id]
    return [[(tokenizer.decode([token]), round(p, 3)) for p, token in zip(*map(torch.Tensor.tolist, row.topk(count)))]
            for row in logits.softmax(-1)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--model", type=Path, default=Path("models/reader"))
    parser.add_argument("texts", nargs="*", help="texts with [MASK] to fill")
    arguments = parser.parse_args()

    tokenizer = AutoTokenizer.from_pretrained(arguments.model)
    model = AutoModelForMaskedLM.from_pretrained(arguments.model, dtype=torch.float32).eval()
    stories = story_inputs(tokenizer, held_out_documents(arguments.corpora))
    sentences = [tokenizer(text)["input_ids"][:POSITIONS] for text in reader_texts(arguments.corpora)[2]]
    print(json.dumps({"stories": measure(model, tokenizer, stories),
                      "sentences": measure(model, tokenizer, sentences)}, indent=2))
    for text in arguments.texts:
        print(f"\n{text}")
        for row in guesses(model, tokenizer, text):
            print(f"  {row}")


if __name__ == "__main__":
    main()
