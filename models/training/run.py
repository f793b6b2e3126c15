"""What every training run shares: the optimizers, the schedule by the clock, checkpoints and the loop.

The learning rate follows the share of the time budget that is used: warm-up, constant, then linearly to zero.
A run that was stopped goes on from its last checkpoint when the same command is given again.
"""

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import nn

Batch = dict[str, torch.Tensor]  # each [row, ...]


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
    """Momentum whose matrix updates are orthogonalized (Jordan et al. 2024), for the matrices in the blocks.

    `parts` says how many matrices a parameter holds, one above the other: three for q, k and v in one projection
    and for the gates of a GRU. Each is treated on its own.
    """

    def __init__(self, parameters: dict[nn.Parameter, int], lr=0.02, momentum=0.95, weight_decay=0.01):
        super().__init__(list(parameters), dict(lr=lr, momentum=momentum, weight_decay=weight_decay))
        self.parts = parameters

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            by_shape = {}  # shape → [(parameter, its matrices [part, rows, columns], whether rows ≤ columns)]
            for p in group["params"]:
                buffer = self.state[p].setdefault("momentum", torch.zeros_like(p))
                buffer.lerp_(p.grad, 1 - group["momentum"])
                update = p.grad.lerp(buffer, group["momentum"])  # Nesterov
                matrices = update.view(self.parts[p], -1, p.shape[1])
                wide = matrices.shape[1] <= matrices.shape[2]
                matrices = matrices if wide else matrices.mT
                by_shape.setdefault(matrices.shape[1:], []).append((p, matrices, wide))
            for members in by_shape.values():
                directions = orthogonalize(torch.cat([matrices for _, matrices, _ in members]))
                for (p, _, wide), direction in zip(members, directions.split([len(m) for _, m, _ in members])):
                    direction = direction if wide else direction.mT
                    scale = max(1, direction.shape[1] / direction.shape[2]) ** 0.5
                    p.mul_(1 - group["lr"] * group["weight_decay"])
                    p.add_(direction.reshape(p.shape), alpha=-group["lr"] * scale)


def optimizers_of(model: nn.Module, matrices: dict[nn.Parameter, int], matrix_lr: float, vector_lr: float):
    """Muon for `matrices` (parameter → how many it holds), AdamW for embeddings, biases and norms."""
    rest = [p for p in model.parameters() if p not in matrices]
    muon = Muon(matrices, lr=matrix_lr)
    adam = torch.optim.AdamW([dict(params=[p for p in rest if p.dim() > 1], weight_decay=0.01),
                              dict(params=[p for p in rest if p.dim() == 1], weight_decay=0.0)],
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


# --- the run ---------------------------------------------------------------------------------------------------

def arguments_of(description: str, name: str, minutes: float, micro_batch: int, tokenizer: str | None = None,
                 matrix_lr: float = 0.02, vector_lr: float = 3e-3) -> argparse.Namespace:
    """The command line of a training script."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--packages", type=Path, default=Path(".cache/training/npm"))
    parser.add_argument("--tokenizer", type=Path, default=Path(f"models/{tokenizer or name}/tokenizer.json"))
    parser.add_argument("--output", type=Path, default=Path(f".cache/training/{name}"))
    parser.add_argument("--minutes", type=float, default=minutes, help="time to train for, over all resumed runs")
    parser.add_argument("--micro-batch", type=int, default=micro_batch, help="rows in one forward pass")
    parser.add_argument("--matrix-lr", type=float, default=matrix_lr)
    parser.add_argument("--vector-lr", type=float, default=vector_lr)
    parser.add_argument("--save-every", type=float, default=180, help="seconds")
    parser.add_argument("--threads", type=int, default=None)
    parser.add_argument("--no-compile", action="store_true")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    return arguments


def save(path: Path, value) -> None:
    """Write a checkpoint so that a stop in the middle leaves the previous one whole."""
    part = path.with_suffix(".part")
    torch.save(value, part)
    os.replace(part, path)


def batch_of(rows: dict[str, np.ndarray], start: int, count: int) -> Batch:
    """Rows start … start + count as tensors; whole numbers as int64, which indices have to be."""
    return {name: torch.from_numpy(part[start:start + count].astype(np.int64)) for name, part in rows.items()}


def train(model: nn.Module, optimizers: list, rows_of: Callable[[int], dict[str, np.ndarray]],
          loss_of: Callable[[nn.Module, Batch], torch.Tensor], tokens_of: Callable[[Batch], int],
          held_out: Callable[[], float], arguments: argparse.Namespace,
          accumulate: Callable[[float], int] = lambda share: 1, evaluate_every: int = 250,
          compiled: bool = True) -> None:
    """Train until the time is used.

    rows_of(epoch) is one pass over the data, the same for the same epoch; loss_of gives the mean loss of a batch;
    tokens_of counts what a batch teaches; accumulate(share) is how many batches make a step. A model whose own loops
    the compiler would unroll is not `compiled`.
    """
    checkpoint_path = arguments.output / "checkpoint.pt"
    print(f"{sum(p.numel() for p in model.parameters()):,} parameters", flush=True)
    state = dict(step=0, tokens=0, seconds=0.0, epoch=0, row=0)
    if checkpoint_path.exists():
        checkpoint = torch.load(checkpoint_path)
        model.load_state_dict(checkpoint["model"])
        for optimizer, saved_state in zip(optimizers, checkpoint["optimizers"]):
            optimizer.load_state_dict(saved_state)
        state = checkpoint["state"]
        print(f"resumed at {state}", flush=True)

    fast_loss = torch.compile(loss_of, dynamic=False) if compiled and not arguments.no_compile else loss_of
    rows = rows_of(state["epoch"])
    count = len(next(iter(rows.values())))
    print(f"{count:,} rows in the first pass", flush=True)
    earlier, started, saved = state["seconds"], time.monotonic(), time.monotonic()
    budget = arguments.minutes * 60
    recent = []

    def checkpoint():
        save(checkpoint_path, dict(model=model.state_dict(), state=state,
                                   optimizers=[optimizer.state_dict() for optimizer in optimizers]))

    def measure() -> float:
        model.eval()
        with torch.no_grad():
            loss = held_out()
        model.train()
        return loss

    model.train()
    while True:
        state["seconds"] = earlier + time.monotonic() - started
        share = state["seconds"] / budget
        if share >= 1:
            break
        rate = learning_rate(share)
        for optimizer in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * rate

        batches = accumulate(share)
        for _ in range(batches):
            if state["row"] + arguments.micro_batch > count:
                state["epoch"] += 1
                state["row"] = 0
                rows = rows_of(state["epoch"])
                count = len(next(iter(rows.values())))
            batch = batch_of(rows, state["row"], arguments.micro_batch)
            state["row"] += arguments.micro_batch
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = fast_loss(model, batch)
            (loss / batches).backward()
            state["tokens"] += tokens_of(batch)
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
        if state["step"] % evaluate_every == 0:
            print(f"step {state['step']:5} held-out {measure():.4f}", flush=True)
    checkpoint()
    print(f"done: {state}, held-out {measure():.4f}", flush=True)
