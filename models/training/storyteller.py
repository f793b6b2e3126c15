"""Train storyteller, a GPT-2 shaped language model small enough for two CPU cores.

The learning rate follows the share of the time budget that is used: warm-up, constant, then linearly to zero.
A run that was stopped goes on from its last checkpoint when the same command is given again.
"""

import argparse
import math
import os
import random
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import nn

from corpus import SEPARATOR, held_out_documents, training_documents, with_blank_lines

LAYERS, HEADS, WIDTH, CONTEXT, VOCABULARY = 6, 8, 256, 512, 8192


# --- the model -------------------------------------------------------------------------------------------------

class Attention(nn.Module):
    """Causal self-attention with all heads in one projection."""

    def __init__(self):
        super().__init__()
        self.c_attn = nn.Linear(WIDTH, 3 * WIDTH)
        self.c_proj = nn.Linear(WIDTH, WIDTH)

    def forward(self, x):  # [batch, pos, d_model]
        batch, length, _ = x.shape
        q, k, v = (part.view(batch, length, HEADS, WIDTH // HEADS).transpose(1, 2)  # [batch, head, pos, d_head]
                   for part in self.c_attn(x).split(WIDTH, dim=2))
        z = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.c_proj(z.transpose(1, 2).reshape(batch, length, WIDTH))


class MLP(nn.Module):
    """The feed-forward network: four times as wide inside."""

    def __init__(self):
        super().__init__()
        self.c_fc = nn.Linear(WIDTH, 4 * WIDTH)
        self.c_proj = nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x):
        return self.c_proj(F.gelu(self.c_fc(x), approximate="tanh"))


class Block(nn.Module):
    """Attention and feed-forward, each added to the residual stream after a layer norm."""

    def __init__(self):
        super().__init__()
        self.ln_1 = nn.LayerNorm(WIDTH, eps=1e-5)
        self.attn = Attention()
        self.ln_2 = nn.LayerNorm(WIDTH, eps=1e-5)
        self.mlp = MLP()

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class Storyteller(nn.Module):
    """GPT-2 with the names of its Hugging Face checkpoint; the output matrix is the token embedding."""

    def __init__(self):
        super().__init__()
        self.wte = nn.Embedding(VOCABULARY, WIDTH)
        self.wpe = nn.Embedding(CONTEXT, WIDTH)
        self.h = nn.ModuleList(Block() for _ in range(LAYERS))
        self.ln_f = nn.LayerNorm(WIDTH, eps=1e-5)
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                residual = name.endswith("c_proj.weight")
                nn.init.normal_(parameter, std=0.02 / math.sqrt(2 * LAYERS) if residual else 0.02)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)

    def forward(self, ids):  # [batch, pos] → [batch, pos, vocabulary]
        x = self.wte(ids) + self.wpe.weight[:ids.shape[1]]
        for block in self.h:
            x = block(x)
        return F.linear(self.ln_f(x), self.wte.weight)


def loss_of(model, ids):
    """Mean cross-entropy of each next token; ids: [batch, pos + 1]."""
    logits = model(ids[:, :-1])
    return F.cross_entropy(logits.view(-1, VOCABULARY).float(), ids[:, 1:].reshape(-1))


# --- the optimizer ---------------------------------------------------------------------------------------------

def orthogonalize(g):
    """Five Newton–Schulz steps towards the nearest orthogonal matrix; g: [matrix, rows, columns], rows ≤ columns."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = g.bfloat16()
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(5):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.float()


class Muon(torch.optim.Optimizer):
    """Momentum whose matrix updates are orthogonalized (Jordan et al. 2024), for the matrices in the blocks."""

    def __init__(self, parameters, lr=0.02, momentum=0.95, weight_decay=0.01):
        super().__init__(list(parameters), dict(lr=lr, momentum=momentum, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            updates = []  # (parameter, its rows in the batch, scale, matrices [n, rows, columns])
            for p in group["params"]:
                buffer = self.state[p].setdefault("momentum", torch.zeros_like(p))
                buffer.lerp_(p.grad, 1 - group["momentum"])
                update = p.grad.lerp(buffer, group["momentum"])  # Nesterov
                # c_attn holds three matrices, for q, k and v
                parts = update.view(3, WIDTH, WIDTH) if p.shape[0] == 3 * WIDTH else update[None]
                updates.append((p, parts))
            by_shape = {}
            for p, parts in updates:
                wide = parts.shape[1] <= parts.shape[2]
                by_shape.setdefault((WIDTH, max(parts.shape[1:])), []).append((p, parts if wide else parts.mT, wide))
            for members in by_shape.values():
                directions = orthogonalize(torch.cat([parts for _, parts, _ in members]))
                start = 0
                for p, parts, wide in members:
                    direction = directions[start:start + len(parts)]
                    start += len(parts)
                    direction = direction if wide else direction.mT
                    scale = max(1, direction.shape[1] / direction.shape[2]) ** 0.5
                    p.mul_(1 - group["lr"] * group["weight_decay"])
                    p.add_(direction.reshape(p.shape), alpha=-group["lr"] * scale)


def optimizers_of(model, matrix_lr: float, vector_lr: float):
    """Muon for the matrices in the blocks, AdamW for embeddings, biases and norms."""
    matrices = [p for p in model.h.parameters() if p.dim() == 2]
    vectors = [p for p in model.parameters() if p.dim() == 1]
    embeddings = [model.wte.weight, model.wpe.weight]
    muon = Muon(matrices, lr=matrix_lr)
    adam = torch.optim.AdamW([dict(params=embeddings, weight_decay=0.01), dict(params=vectors, weight_decay=0.0)],
                             lr=vector_lr, betas=(0.9, 0.95), eps=1e-10, fused=True)
    for optimizer in (muon, adam):
        for group in optimizer.param_groups:
            group["peak"] = group["lr"]
    return [muon, adam]


def learning_rate(share: float, warm_up: float = 0.015, decay: float = 0.4) -> float:
    """The share of the peak rate to use when `share` of the time is used."""
    if share < warm_up:
        return max(share / warm_up, 0.02)
    return min(1.0, max(0.0, (1 - share) / decay))


# --- the data --------------------------------------------------------------------------------------------------

def encode(tokenizer: Tokenizer, sources) -> list[np.ndarray]:
    """Each document's ids, behind the separator where the document really begins."""
    separator = tokenizer.token_to_id(SEPARATOR)
    documents = [document for group in sources.values() for document in group]
    encodings = tokenizer.encode_batch([document.text for document in documents])
    return [np.array([separator] * document.starts + encoding.ids, dtype=np.int32)
            for document, encoding in zip(documents, encodings)]


def rows_of(documents: list[np.ndarray], epoch: int) -> np.ndarray:
    """One pass over the documents as rows of CONTEXT + 1 ids.

    A row is filled with documents until one does not fit; its rest is kept and begins, or continues, a later
    row. So half of the rows begin with a beginning and half in the middle of a text.
    """
    rng = random.Random(epoch)
    fresh = documents.copy()
    rng.shuffle(fresh)
    rests, rows, length = [], [], CONTEXT + 1
    while fresh or rests:
        row, size = [], 0
        while size < length and (fresh or rests):
            take_rest = rests and (not fresh or (not row and rng.random() < 0.5) or len(rests) > 512)
            piece = rests.pop(rng.randrange(len(rests))) if take_rest else fresh.pop()
            row.append(piece[:length - size])
            size += len(row[-1])
            rest = piece[len(row[-1]):]
            if len(rest) > 16:
                rests.append(rest)
        if size == length:
            rows.append(np.concatenate(row))
    order = np.random.default_rng(epoch).permutation(len(rows))
    return np.stack(rows)[order]  # [row, CONTEXT + 1]


def held_out_rows(tokenizer: Tokenizer, corpora: Path, count: int = 48) -> torch.Tensor:
    """The first rows of the held-out stories, each behind a separator."""
    ids = []
    for text in held_out_documents(corpora):
        ids += [tokenizer.token_to_id(SEPARATOR), *tokenizer.encode(text).ids]
    return torch.tensor(ids[:count * (CONTEXT + 1)]).view(count, CONTEXT + 1)


# --- the run ---------------------------------------------------------------------------------------------------

def save(path: Path, value) -> None:
    """Write a checkpoint so that a stop in the middle leaves the previous one whole."""
    part = path.with_suffix(".part")
    torch.save(value, part)
    os.replace(part, path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--packages", type=Path, default=Path(".cache/training/npm"))
    parser.add_argument("--tokenizer", type=Path, default=Path("models/storyteller/tokenizer.json"))
    parser.add_argument("--output", type=Path, default=Path(".cache/training/storyteller"))
    parser.add_argument("--minutes", type=float, default=110, help="time to train for, over all resumed runs")
    parser.add_argument("--micro-batch", type=int, default=8, help="rows in one forward pass")
    parser.add_argument("--matrix-lr", type=float, default=0.02)
    parser.add_argument("--vector-lr", type=float, default=3e-3)
    parser.add_argument("--save-every", type=float, default=180, help="seconds")
    parser.add_argument("--no-compile", action="store_true")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    checkpoint_path = arguments.output / "checkpoint.pt"

    torch.manual_seed(1)
    tokenizer = Tokenizer.from_file(str(arguments.tokenizer))
    sources = training_documents(arguments.corpora, arguments.packages)
    sources["tinystories"] = with_blank_lines(sources["tinystories"])
    documents = encode(tokenizer, sources)
    held_out = held_out_rows(tokenizer, arguments.corpora)
    print(f"{sum(map(len, documents)):,} tokens in {len(documents):,} documents", flush=True)

    model = Storyteller()
    print(f"{sum(p.numel() for p in model.parameters()):,} parameters", flush=True)
    optimizers = optimizers_of(model, arguments.matrix_lr, arguments.vector_lr)
    state = dict(step=0, tokens=0, seconds=0.0, epoch=0, row=0)
    if checkpoint_path.exists():
        checkpoint = torch.load(checkpoint_path)
        model.load_state_dict(checkpoint["model"])
        for optimizer, saved in zip(optimizers, checkpoint["optimizers"]):
            optimizer.load_state_dict(saved)
        state = checkpoint["state"]
        print(f"resumed at {state}", flush=True)

    compiled_loss = loss_of if arguments.no_compile else torch.compile(loss_of, dynamic=False)
    rows = rows_of(documents, state["epoch"])
    earlier, started, saved = state["seconds"], time.monotonic(), time.monotonic()
    budget = arguments.minutes * 60
    recent = []

    def checkpoint():
        save(checkpoint_path, dict(model=model.state_dict(), state=state,
                                   optimizers=[optimizer.state_dict() for optimizer in optimizers]))

    while True:
        state["seconds"] = earlier + time.monotonic() - started
        share = state["seconds"] / budget
        if share >= 1:
            break
        rate = learning_rate(share)
        for optimizer in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * rate
        accumulate = 1 if share < 0.65 else 2  # small batches early: more steps

        for _ in range(accumulate):
            if state["row"] + arguments.micro_batch > len(rows):
                state["epoch"] += 1
                state["row"] = 0
                rows = rows_of(documents, state["epoch"])
            batch = torch.from_numpy(rows[state["row"]:state["row"] + arguments.micro_batch]).long()
            state["row"] += arguments.micro_batch
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = compiled_loss(model, batch)
            (loss / accumulate).backward()
            state["tokens"] += batch[:, 1:].numel()
            recent.append(loss.item())
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in optimizers:
            optimizer.step()
            optimizer.zero_grad()
        state["step"] += 1

        if state["step"] % 20 == 0:
            print(f"step {state['step']:5} tokens {state['tokens']:11,} epoch {state['epoch']} share {share:.3f} "
                  f"rate {rate:.3f} loss {sum(recent) / len(recent):.3f} "
                  f"{state['tokens'] / state['seconds']:.0f} tokens/s", flush=True)
            recent = []
        if time.monotonic() - saved > arguments.save_every:
            checkpoint()
            saved = time.monotonic()
        if state["step"] % 250 == 0:
            print(f"step {state['step']:5} held-out {evaluate(model, held_out):.4f}", flush=True)
    checkpoint()
    print(f"done: {state}, held-out {evaluate(model, held_out):.4f}", flush=True)


@torch.no_grad()
def evaluate(model, rows) -> float:
    """Mean loss on rows of ids, in float32."""
    return sum(loss_of(model, part).item() * len(part) for part in rows.split(8)) / len(rows)


if __name__ == "__main__":
    main()
