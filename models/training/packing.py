"""Several short inputs in one row, each blind to the others: rows of one shape and hardly any padding."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

OPEN_ROWS = 64


def pack(sizes: np.ndarray, capacity: np.ndarray) -> list[list[int]]:
    """Which examples go into which row: into the first open row with room on every side, in the order given.

    sizes: [example, side]; capacity: [side]. Beyond OPEN_ROWS, the row that was opened first is closed.
    """
    rows, open_rows = [], []
    room = np.zeros((0, sizes.shape[1]), dtype=int)
    for index, size in enumerate(sizes):
        fitting = np.flatnonzero((room >= size).all(1))
        if len(fitting):
            slot = fitting[0]
        else:
            if len(open_rows) == OPEN_ROWS:
                rows.append(open_rows.pop(0))
                room = room[1:]
            open_rows.append([])
            room = np.vstack([room, capacity])
            slot = len(open_rows) - 1
        open_rows[slot].append(index)
        room[slot] -= size
    return rows + open_rows


def lay_out(pieces: list[np.ndarray], packed: list[list[int]], length: int, padding: int):
    """Rows of ids, of segments (1, 2, … and 0 for padding) and of positions within a segment: [row, length] each."""
    ids = np.full((len(packed), length), padding, dtype=np.int32)
    segments = np.zeros((len(packed), length), dtype=np.int32)
    positions = np.zeros((len(packed), length), dtype=np.int32)
    for row, members in enumerate(packed):
        start = 0
        for segment, index in enumerate(members, start=1):
            end = start + len(pieces[index])
            ids[row, start:end] = pieces[index]
            segments[row, start:end] = segment
            positions[row, start:end] = np.arange(end - start)
            start = end
    return ids, segments, positions


def same_segment(queries: torch.Tensor, keys: torch.Tensor) -> torch.Tensor:
    """Which positions may attend to which: those of their own segment. [row, q], [row, k] → [row, 1, q, k]."""
    return (queries[:, :, None] == keys[:, None, :])[:, None]


def sinusoids(length: int, width: int) -> torch.Tensor:
    """Positions as sines in the first half of the width and cosines in the second, as Marian has them. [pos, width]"""
    angles = torch.arange(length)[:, None] / 10000 ** (torch.arange(0, width, 2) / width)
    return torch.cat([angles.sin(), angles.cos()], dim=1)


class Attention(nn.Module):
    """Attention with a projection each for queries, keys, values and the output."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.q_proj = nn.Linear(width, width)
        self.k_proj = nn.Linear(width, width)
        self.v_proj = nn.Linear(width, width)
        self.out_proj = nn.Linear(width, width)

    def forward(self, x, source, mask):
        """x: [row, q, width], source: [row, k, width], mask: [row, 1, q, k], true where a query may look."""
        q, k, v = (part.view(part.shape[0], part.shape[1], self.heads, -1).transpose(1, 2)  # [row, head, pos, d_head]
                   for part in (self.q_proj(x), self.k_proj(source), self.v_proj(source)))
        with torch.autocast("cpu", enabled=False):  # on a CPU the backward pass in bf16 takes twice as long
            z = F.scaled_dot_product_attention(q.float(), k.float(), v.float(), attn_mask=mask)
        return self.out_proj(z.transpose(1, 2).reshape(x.shape))
