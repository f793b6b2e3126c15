"""Train translator, a Marian shaped encoder–decoder from English to Chinese and French, on one CPU core."""

import math
import random
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import nn

from classroom import classroom_pairs, sample
from corpus import Pair, split_pairs
from packing import Attention, lay_out, pack, same_segment, sinusoids
from run import arguments_of, optimizers_of, train
from translator_tokenizer import END, PADDING, POSITIONS, target_token

LAYERS, HEADS, WIDTH, FEED_FORWARD, VOCABULARY = 3, 8, 192, 512, 6144
DROPOUT, SMOOTHING = 0.1, 0.1
REPEATS = {"cmn_Hans": 3, "fra": 1}  # how often a pass goes over a language's pairs: there are far fewer Chinese ones
CLASSROOM = 2_000  # sentences of classroom.py in a pass, of each language
JOINED = 0.1  # share of the examples that are two to four sentences behind one another


# --- the model, under the names of its Hugging Face checkpoint ---------------------------------------------------

class FeedForward(nn.Module):
    """What encoder and decoder layers end with: swish between two matrices, added, then a layer norm."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(WIDTH, FEED_FORWARD)
        self.fc2 = nn.Linear(FEED_FORWARD, WIDTH)
        self.final_layer_norm = nn.LayerNorm(WIDTH)

    def feed_forward(self, x):
        return self.final_layer_norm(x + dropped(self.fc2(F.silu(self.fc1(x))), self.training))


class EncoderLayer(FeedForward):
    def __init__(self):
        super().__init__()
        self.self_attn = Attention(WIDTH, HEADS)
        self.self_attn_layer_norm = nn.LayerNorm(WIDTH)

    def forward(self, x, mask):
        x = self.self_attn_layer_norm(x + dropped(self.self_attn(x, x, mask), self.training))
        return self.feed_forward(x)


class DecoderLayer(EncoderLayer):
    def __init__(self):
        super().__init__()
        self.encoder_attn = Attention(WIDTH, HEADS)
        self.encoder_attn_layer_norm = nn.LayerNorm(WIDTH)

    def forward(self, x, mask, source, cross_mask):
        x = self.self_attn_layer_norm(x + dropped(self.self_attn(x, x, mask), self.training))
        x = self.encoder_attn_layer_norm(x + dropped(self.encoder_attn(x, source, cross_mask), self.training))
        return self.feed_forward(x)


def dropped(x, training: bool):
    return F.dropout(x, DROPOUT, training)


class Layers(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.layers = nn.ModuleList(kind() for _ in range(LAYERS))


class Translator(nn.Module):
    """Marian: norms behind the residual sums, one embedding for source, target and output."""

    def __init__(self):
        super().__init__()
        self.shared = nn.Embedding(VOCABULARY, WIDTH)
        self.encoder = Layers(EncoderLayer)
        self.decoder = Layers(DecoderLayer)
        self.final_logits_bias = nn.Parameter(torch.zeros(VOCABULARY))
        self.register_buffer("sinusoids", sinusoids(POSITIONS, WIDTH), persistent=False)
        for name, parameter in self.named_parameters():
            if name == "shared.weight":
                nn.init.normal_(parameter, std=WIDTH ** -0.5)
            elif parameter.dim() == 2:
                nn.init.xavier_uniform_(parameter)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)

    def embed(self, ids, positions):
        return dropped(self.shared(ids) * math.sqrt(WIDTH) + self.sinusoids[positions], self.training)

    def forward(self, batch):
        """Logits of each target position: [row, pos, vocabulary]."""
        source_segments, segments = batch["source_segments"], batch["target_segments"]
        x = self.embed(batch["source"], batch["source_positions"])
        mask = same_segment(source_segments, source_segments)
        for layer in self.encoder.layers:
            x = layer(x, mask)
        y = self.embed(batch["target"], batch["target_positions"])
        causal = same_segment(segments, segments).tril()
        # no query may be without a key, so padding looks everywhere
        cross = same_segment(segments, source_segments) | (segments == 0)[:, None, :, None]
        for layer in self.decoder.layers:
            y = layer(y, causal, x, cross)
        return F.linear(y, self.shared.weight, self.final_logits_bias)


def loss_of(model, batch, smoothing: float = SMOOTHING):
    """Mean cross-entropy of the next target tokens, with smoothed labels; padding does not count."""
    logits = model(batch)
    return F.cross_entropy(logits.view(-1, VOCABULARY).float(), batch["labels"].view(-1), ignore_index=-1,
                           label_smoothing=smoothing)


# --- the data --------------------------------------------------------------------------------------------------

def joined(pairs: list[Pair], language: str, rng: random.Random) -> list[Pair]:
    """The pairs in a new order, some of them joined to texts of several sentences."""
    pairs = rng.sample(pairs, len(pairs))
    result = []
    while pairs:
        count = rng.randint(2, 4) if rng.random() < JOINED else 1
        members = [pairs.pop() for _ in range(min(count, len(pairs)))]
        between = "" if language == "cmn_Hans" else " "
        result.append(Pair(" ".join(pair.source for pair in members), between.join(pair.target for pair in members)))
    return result


class Rows:
    """Packs pairs into rows of POSITIONS source and POSITIONS target tokens."""

    def __init__(self, tokenizer: Tokenizer):
        self.tokenizer = tokenizer
        self.start = tokenizer.token_to_id(PADDING)  # Marian's decoder begins with the padding token

    def encode(self, pairs: list[Pair], language: str) -> list[tuple[np.ndarray, np.ndarray]]:
        """Ids of source and target, each with its end; pairs too long for a row are left out."""
        wanted = target_token(language)
        sources = self.tokenizer.encode_batch([f"{wanted} {pair.source}" for pair in pairs])
        targets = self.tokenizer.encode_batch([pair.target for pair in pairs])
        return [(np.array(s.ids, dtype=np.int32), np.array(t.ids, dtype=np.int32)) for s, t in zip(sources, targets)
                if len(s.ids) <= POSITIONS and len(t.ids) <= POSITIONS]

    def pack(self, examples: list[tuple[np.ndarray, np.ndarray]]) -> dict[str, np.ndarray]:
        """Rows for Translator.forward, [row, POSITIONS] each; labels are -1 at padding."""
        sizes = np.array([[len(source), len(target)] for source, target in examples])
        packed = pack(sizes, np.array([POSITIONS, POSITIONS]))
        source, source_segments, source_positions = lay_out([s for s, _ in examples], packed, POSITIONS, self.start)
        shifted = [np.concatenate([[self.start], target[:-1]]) for _, target in examples]
        target, target_segments, target_positions = lay_out(shifted, packed, POSITIONS, self.start)
        labels, _, _ = lay_out([target for _, target in examples], packed, POSITIONS, -1)
        return dict(source=source, source_segments=source_segments, source_positions=source_positions, target=target,
                    target_segments=target_segments, target_positions=target_positions, labels=labels)

    def of_epoch(self, training: dict[str, list[Pair]], epoch: int) -> dict[str, np.ndarray]:
        """One pass over the training pairs."""
        rng = random.Random(epoch)
        examples = [example for language, pairs in training.items() for _ in range(REPEATS[language])
                    for example in self.encode(joined(pairs, language, rng), language)]
        for language, pairs in classroom_pairs().items():
            examples += self.encode(sample(pairs, CLASSROOM, rng), language)
        rng.shuffle(examples)
        rows = self.pack(examples)
        order = np.random.default_rng(epoch).permutation(len(rows["labels"]))
        return {name: part[order] for name, part in rows.items()}


def held_out_loss(model, rows: dict[str, np.ndarray]) -> float:
    """Mean loss per held-out target token in float32, without smoothing, given the true translation so far."""
    total = count = 0
    for start in range(0, len(rows["labels"]), 16):
        batch = {name: torch.from_numpy(part[start:start + 16]).long() for name, part in rows.items()}
        tokens = int((batch["labels"] >= 0).sum())
        total += loss_of(model, batch, smoothing=0.0).item() * tokens
        count += tokens
    return total / count


def main() -> None:
    arguments = arguments_of(__doc__, "translator", minutes=115, micro_batch=32)
    rows = Rows(Tokenizer.from_file(str(arguments.tokenizer)))
    training, held_out = split_pairs(Path(arguments.corpora))
    held_out_rows = rows.pack([example for language, pairs in held_out.items()
                               for example in rows.encode(pairs, language)])

    model = Translator()
    matrices = {p: 1 for p in (*model.encoder.parameters(), *model.decoder.parameters()) if p.dim() == 2}
    optimizers = optimizers_of(model, matrices, arguments.matrix_lr, arguments.vector_lr)
    train(model, optimizers, lambda epoch: rows.of_epoch(training, epoch), loss_of,
          lambda batch: int((batch["labels"] >= 0).sum()), lambda: held_out_loss(model, held_out_rows), arguments)


if __name__ == "__main__":
    main()
