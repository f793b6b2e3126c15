"""Measure translator on the held-out sentences, through `transformers`, with greedy decoding."""

import argparse
import json
from pathlib import Path

import torch
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

from chrf import chrf
from corpus import LANGUAGES, Pair, split_pairs
from translator_tokenizer import target_token

SAMPLES = 10
EXAMPLE = "The teacher taught the student with the book."


@torch.no_grad()
def translations(model, tokenizer, sources: list[str], language: str) -> list[str]:
    """Greedy translations, computed in groups of sentences of about the same length."""
    order = sorted(range(len(sources)), key=lambda index: len(sources[index]))
    result = [""] * len(sources)
    for start in range(0, len(order), 50):
        part = order[start:start + 50]
        texts = [f"{target_token(language)} {sources[index]}" for index in part]
        encoded = tokenizer(texts, return_tensors="pt", padding=True)
        output = model.generate(input_ids=encoded["input_ids"], attention_mask=encoded["attention_mask"])
        for index, ids in zip(part, output):
            result[index] = tokenizer.decode(ids, skip_special_tokens=True)
    return result


@torch.no_grad()
def teacher_forced(model, tokenizer, pairs: list[Pair], language: str) -> dict:
    """Loss per target token, and how often the likeliest token is right, given the reference so far."""
    losses, hits = [], []
    for start in range(0, len(pairs), 50):
        part = pairs[start:start + 50]
        source = tokenizer([f"{target_token(language)} {pair.source}" for pair in part], return_tensors="pt",
                           padding=True)
        target = tokenizer([pair.target for pair in part], return_tensors="pt", padding=True)
        labels = target["input_ids"].masked_fill(target["attention_mask"] == 0, -100)
        logits = model(input_ids=source["input_ids"], attention_mask=source["attention_mask"], labels=labels).logits
        counted = labels >= 0
        losses.append(torch.nn.functional.cross_entropy(logits[counted], labels[counted], reduction="none"))
        hits.append(logits[counted].argmax(-1) == labels[counted])
    loss, hit = torch.cat(losses), torch.cat(hits)
    return {"tokens": len(loss), "loss": round(loss.mean().item(), 4), "top_1": round(hit.float().mean().item(), 4)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--model", type=Path, default=Path("models/translator"))
    arguments = parser.parse_args()

    tokenizer = AutoTokenizer.from_pretrained(arguments.model)
    model = AutoModelForSeq2SeqLM.from_pretrained(arguments.model, dtype=torch.float32).eval()
    _, held_out = split_pairs(arguments.corpora)
    for language in LANGUAGES:
        pairs = held_out[language]
        ours = translations(model, tokenizer, [pair.source for pair in pairs], language)
        # as the model writes them: the same kinds of spaces and apostrophes
        references = [tokenizer.backend_tokenizer.normalizer.normalize_str(pair.target) for pair in pairs]
        exact = sum(a == b for a, b in zip(ours, references)) / len(pairs)
        figures = {"sentences": len(pairs), "chrF": round(chrf(ours, references), 2), "exact": round(exact, 4)}
        print(language, json.dumps(figures | teacher_forced(model, tokenizer, pairs, language)))
        print("| English | translation | reference |\n| --- | --- | --- |")
        for pair, translation in list(zip(pairs, ours))[:SAMPLES]:
            print(f"| {pair.source} | {translation} | {pair.target} |")
        print(f"{EXAMPLE} → {translations(model, tokenizer, [EXAMPLE], language)[0]}\n")


if __name__ == "__main__":
    main()
