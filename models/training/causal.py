"""What models that guess the next token share: rows of text, their loss, and the held-out rows."""

import random
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from corpus import SEPARATOR, held_out_documents, training_documents, with_blank_lines

CONTEXT, VOCABULARY = 512, 8192


def loss_of(model, batch) -> torch.Tensor:
    """Mean cross-entropy of each next token; batch["ids"]: [row, CONTEXT + 1]."""
    logits = model(batch["ids"][:, :-1])
    return F.cross_entropy(logits.view(-1, VOCABULARY).float(), batch["ids"][:, 1:].reshape(-1))


def tokens_of(batch) -> int:
    """How many tokens of a batch are guessed."""
    return batch["ids"][:, 1:].numel()


def encoded_documents(tokenizer: Tokenizer, corpora: Path, packages: Path) -> list[np.ndarray]:
    """Each training document's ids, behind the separator where the document really begins."""
    sources = training_documents(corpora, packages)
    sources["tinystories"] = with_blank_lines(sources["tinystories"])
    separator = tokenizer.token_to_id(SEPARATOR)
    documents = [document for group in sources.values() for document in group]
    encodings = tokenizer.encode_batch([document.text for document in documents])
    ids = [np.array([separator] * document.starts + encoding.ids, dtype=np.int32)
           for document, encoding in zip(documents, encodings)]
    print(f"{sum(map(len, ids)):,} tokens in {len(ids):,} documents", flush=True)
    return ids


def rows_of(documents: list[np.ndarray], epoch: int) -> dict[str, np.ndarray]:
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
    return dict(ids=np.stack(rows)[order])  # [row, CONTEXT + 1]


def with_repeats(rows: dict[str, np.ndarray], epoch: int, share: float = 0.1) -> dict[str, np.ndarray]:
    """The same rows, a share of which say something twice: what to copy from is what makes heads look for it.

    Half of these are text in which spans of 16 to 128 tokens come back a while later; the other half are 8 to 160
    tokens drawn from the texts or from the vocabulary, again and again, where nothing but copying helps.
    """
    rng = np.random.default_rng((epoch, 7))
    ids = rows["ids"].copy()
    length = ids.shape[1]
    chosen = rng.permutation(len(ids))[:round(share * len(ids))]
    for row in chosen[::2]:
        span = rng.choice(VOCABULARY if rng.random() < 0.5 else rows["ids"].ravel(), rng.integers(8, 161))
        ids[row] = np.tile(span, length // len(span) + 1)[:length]
    for row in chosen[1::2]:
        text = ids[row]
        for start in (rng.integers(130, 220), rng.integers(350, 400)):  # where a span comes back
            size = rng.integers(16, 129)
            begin = rng.integers(0, start - size)
            text = np.concatenate([text[:start], text[begin:begin + size], text[start:]])
        ids[row] = text[:length]
    return dict(ids=ids)


def held_out_rows(tokenizer: Tokenizer, corpora: Path, count: int = 48) -> torch.Tensor:
    """The first rows of the held-out stories, each behind a separator."""
    ids = []
    for text in held_out_documents(corpora):
        ids += [tokenizer.token_to_id(SEPARATOR), *tokenizer.encode(text).ids]
    return torch.tensor(ids[:count * (CONTEXT + 1)]).view(count, CONTEXT + 1)


def held_out_loss(model, rows: torch.Tensor) -> float:
    """Mean loss on rows of ids, in float32."""
    return sum(loss_of(model, dict(ids=part)).item() * len(part) for part in rows.split(8)) / len(rows)
