"""Train reader, a BERT shaped masked language model, on one CPU core."""

import random
import re

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import nn

from corpus import held_out_documents, reader_texts
from packing import Attention, lay_out, pack, same_segment, sinusoids
from reader_tokenizer import END, MASK, PADDING, POSITIONS, START
from run import arguments_of, optimizers_of, train

LAYERS, HEADS, WIDTH, FEED_FORWARD, VOCABULARY = 4, 8, 192, 512, 4096
SPECIAL = 5  # the first ids are those of [PAD], [UNK], [CLS], [SEP] and [MASK]
MASKED = [80, 40]  # of the 256 positions of a row: 31 % in the first pass, which teaches more, then 15.6 % as it is used


# --- the model -------------------------------------------------------------------------------------------------

class Layer(nn.Module):
    """Attention and feed-forward, each added and then normed."""

    def __init__(self):
        super().__init__()
        self.attention = Attention(WIDTH, HEADS)
        self.attention_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.intermediate = nn.Linear(WIDTH, FEED_FORWARD)
        self.output = nn.Linear(FEED_FORWARD, WIDTH)
        self.output_norm = nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, x, mask):
        x = self.attention_norm(x + self.attention(x, x, mask))
        return self.output_norm(x + self.output(F.gelu(self.intermediate(x))))


class Reader(nn.Module):
    """BERT without its pooler; the output matrix is the token embedding."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, WIDTH)
        # Only how loud the positions are is learned. Free ones are learned one by one, and after a short run the late
        # ones, which fewer inputs reach, are noise: neighbours are not found there.
        self.register_buffer("sinusoids", sinusoids(POSITIONS, WIDTH), persistent=False)
        self.position_scale = nn.Parameter(torch.tensor([0.1]))
        self.types = nn.Embedding(2, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.transform = nn.Linear(WIDTH, WIDTH)
        self.transform_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.bias = nn.Parameter(torch.zeros(VOCABULARY))
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                nn.init.normal_(parameter, std=0.05)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)

    def positions(self):  # [pos, width]
        return self.position_scale * self.sinusoids

    def forward(self, batch):
        """Logits at the chosen positions only: [row, chosen, vocabulary]."""
        x = self.words(batch["ids"]) + self.types(batch["types"]) + self.positions()[batch["positions"]]
        x = self.norm(x)
        mask = same_segment(batch["segments"], batch["segments"])
        for layer in self.layers:
            x = layer(x, mask)
        x = x.gather(1, batch["chosen"][:, :, None].expand(-1, -1, WIDTH))
        x = self.transform_norm(F.gelu(self.transform(x)))
        return F.linear(x, self.words.weight, self.bias)


def loss_of(model, batch):
    """Mean cross-entropy of the tokens that were chosen to be guessed."""
    logits = model(batch)
    return F.cross_entropy(logits.view(-1, VOCABULARY).float(), batch["labels"].view(-1), ignore_index=-1)


# --- the data --------------------------------------------------------------------------------------------------

def sentences_of(text: str) -> list[str]:
    """A text's sentences, by the stop that ends them."""
    return [part for part in re.split(r"(?<=[.!?])\s+|(?<=[.!?][\"'”’])\s+|\n+", text) if part.strip()]


class Rows:
    """Cuts texts into inputs of many lengths and packs them into rows of POSITIONS tokens, some of them hidden."""

    def __init__(self, tokenizer: Tokenizer):
        self.tokenizer = tokenizer
        self.padding, self.start, self.end, self.mask = map(tokenizer.token_to_id, (PADDING, START, END, MASK))

    def encode(self, text: str) -> list[list[int]]:
        """The ids of each sentence."""
        encodings = self.tokenizer.encode_batch(sentences_of(text), add_special_tokens=False)
        return [encoding.ids for encoding in encodings if encoding.ids]

    def input(self, sentences: list[list[int]], rng: random.Random) -> tuple[np.ndarray, np.ndarray]:
        """[CLS] sentences [SEP], now and then in two parts with [SEP] between, and the types of the tokens."""
        parts = [sentences]
        if len(sentences) > 1 and rng.random() < 0.15:
            middle = rng.randrange(1, len(sentences))
            parts = [sentences[:middle], sentences[middle:]]
        ids, types = [self.start], [0]
        for kind, part in enumerate(parts):
            part = [token for sentence in part for token in sentence] + [self.end]
            ids += part
            types += [kind] * len(part)
        # a text that is too long for its end loses it, and no more
        return np.array(ids[:POSITIONS - 1] + ids[-1:] if len(ids) > POSITIONS else ids, dtype=np.int32), \
            np.array(types[:POSITIONS], dtype=np.int32)

    def inputs(self, sentences: list[list[int]], rng: random.Random, full: float = 0.5, one: float = 0.2):
        """Inputs from the sentences of a text: `full` of them as long as can be, `one` a single sentence each."""
        rest = sentences
        while rest:
            draw = rng.random()
            room = POSITIONS - 2 if draw < full else 1 if draw < full + one else rng.randint(16, POSITIONS - 2)
            taken, size = [], 0
            while rest and size < room:
                left = POSITIONS - 2 - size
                sentence, rest = rest[0], rest[1:]
                if len(sentence) > left:
                    rest = [sentence[left:], *rest]
                taken.append(sentence[:left])
                size += len(taken[-1])
            yield self.input(taken, rng)

    def pack(self, examples: list[tuple[np.ndarray, np.ndarray]], masked: int, seed: int) -> dict[str, np.ndarray]:
        """Rows for Reader.forward; [row, POSITIONS] each, `chosen` and `labels` [row, masked]."""
        packed = pack(np.array([[len(ids)] for ids, _ in examples]), np.array([POSITIONS]))
        ids, segments, positions = lay_out([ids for ids, _ in examples], packed, POSITIONS, self.padding)
        types, _, _ = lay_out([types for _, types in examples], packed, POSITIONS, 0)
        rng = np.random.default_rng(seed)
        score = rng.random(ids.shape, dtype=np.float32)
        score[ids < SPECIAL] = 2
        chosen = np.argsort(score, axis=1)[:, :masked].astype(np.int32)
        chosen.sort(axis=1)
        labels = np.take_along_axis(ids, chosen, 1)
        labels[labels < SPECIAL] = -1  # a row with too few words
        # 80 % are hidden behind [MASK], 10 % behind another token, 10 % not at all
        draw = rng.random(chosen.shape)
        shown = np.where(draw < 0.8, self.mask, np.where(
            draw < 0.9, rng.integers(SPECIAL, VOCABULARY, chosen.shape), labels)).astype(np.int32)
        shown[labels < 0] = self.padding
        hidden = ids.copy()
        np.put_along_axis(hidden, chosen, np.where(labels < 0, np.take_along_axis(ids, chosen, 1), shown), 1)
        order = rng.permutation(len(ids))
        return {name: part[order] for name, part in
                dict(ids=hidden, segments=segments, positions=positions, types=types, chosen=chosen,
                     labels=labels).items()}

    def of_epoch(self, texts: list[list[list[int]]], sentences: list[list[int]], epoch: int) -> dict[str, np.ndarray]:
        """One pass over the texts and half of the single sentences."""
        rng = random.Random(epoch)
        examples = [example for text in texts for example in self.inputs(text, rng)]
        examples += [self.input([sentence], rng) for sentence in sentences[epoch % 2::2]]
        rng.shuffle(examples)
        return self.pack(examples, MASKED[min(epoch, 1)], epoch)


def main() -> None:
    arguments = arguments_of(__doc__, "reader", minutes=50, micro_batch=16)
    rows = Rows(Tokenizer.from_file(str(arguments.tokenizer)))
    texts, sentences, _ = reader_texts(arguments.corpora)
    texts = [rows.encode(text) for text in texts]
    sentences = [[token for sentence in rows.encode(text) for token in sentence] for text in sentences]
    held_out = [example for document in held_out_documents(arguments.corpora)
                for example in rows.inputs(rows.encode(document[:60_000]), random.Random(0))]
    held_out_rows = rows.pack(held_out, MASKED[-1], seed=0)
    print(f"{sum(len(s) for text in texts for s in text):,} tokens of texts, {sum(map(len, sentences)):,} of sentences",
          flush=True)

    def held_out_loss() -> float:
        parts = [{name: torch.from_numpy(part[start:start + 16]).long() for name, part in held_out_rows.items()}
                 for start in range(0, len(held_out_rows["ids"]), 16)]
        return sum(loss_of(model, part).item() for part in parts) / len(parts)

    model = Reader()
    matrices = {p: 1 for p in (*model.layers.parameters(), *model.transform.parameters()) if p.dim() == 2}
    optimizers = optimizers_of(model, matrices, arguments.matrix_lr, arguments.vector_lr)
    train(model, optimizers, lambda epoch: rows.of_epoch(texts, sentences, epoch), loss_of,
          lambda batch: int((batch["segments"] > 0).sum()), held_out_loss, arguments)


if __name__ == "__main__":
    main()
