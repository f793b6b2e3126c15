"""Probabilities that transformers' logits warpers leave, for random logits: writes test/fixtures/sampling.json."""

import json
from pathlib import Path

import torch
from transformers import LogitsProcessorList, MinPLogitsWarper, TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

SETTINGS = [
    {"temperature": 1.0, "topK": 0, "topP": 1.0, "minP": 0.0},
    {"temperature": 0.1, "topK": 0, "topP": 0.95, "minP": 0.0},
    {"temperature": 0.7, "topK": 12, "topP": 0.9, "minP": 0.0},
    {"temperature": 2.0, "topK": 0, "topP": 0.5, "minP": 0.1},
    {"temperature": 1.3, "topK": 30, "topP": 1.0, "minP": 0.3},
    {"temperature": 1.0, "topK": 1, "topP": 0.9, "minP": 0.05},
    {"temperature": 0.9, "topK": 5, "topP": 0.01, "minP": 1.0},
]


def warpers(setting: dict) -> LogitsProcessorList:
    """In the order in which generate() applies them."""
    chosen = LogitsProcessorList()
    if setting["temperature"] != 1.0:
        chosen.append(TemperatureLogitsWarper(setting["temperature"]))
    if setting["topK"]:
        chosen.append(TopKLogitsWarper(setting["topK"]))
    if setting["topP"] < 1.0:
        chosen.append(TopPLogitsWarper(setting["topP"]))
    if setting["minP"]:
        chosen.append(MinPLogitsWarper(setting["minP"]))
    return chosen


def main() -> None:
    torch.manual_seed(0)
    cases = []
    for spread in (1.0, 4.0):
        logits = torch.randn(1, 60) * spread
        for setting in SETTINGS:
            probabilities = warpers(setting)(torch.zeros(1, 1, dtype=torch.long), logits.clone()).softmax(-1)
            cases.append({"logits": logits[0].tolist(), "sampling": setting, "probabilities": [round(p, 7) for p in probabilities[0].tolist()], "kept": int((probabilities > 0).sum())})
    target = Path(__file__).parent.parent / "fixtures" / "sampling.json"
    target.write_text(json.dumps(cases) + "\n")


if __name__ == "__main__":
    main()
