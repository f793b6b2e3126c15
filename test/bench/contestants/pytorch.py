"""PyTorch (eager, one thread), every pattern taken out: the other ceiling. pytorch.py <checkpoint folder>"""
import json
import sys
import time

import torch
from transformers import GPT2LMHeadModel

torch.set_num_threads(1)
model = GPT2LMHeadModel.from_pretrained(sys.argv[1], attn_implementation="eager").eval()
latest = {}


def run(ids, past=None):
    with torch.inference_mode():
        out = model(torch.tensor([ids]), past_key_values=past, use_cache=True, output_attentions=True, logits_to_keep=1)
    latest["past"], latest["next"] = out.past_key_values, int(out.logits[0, -1].argmax())


print("ready", flush=True)
for line in sys.stdin:
    task = json.loads(line)
    began = time.perf_counter()
    if task["do"] == "prefill":
        run(task["ids"])
    else:
        for _ in range(task["tokens"]):
            run([latest["next"]], latest["past"])
    print(1000 * (time.perf_counter() - began), flush=True)
