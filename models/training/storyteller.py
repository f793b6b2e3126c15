"""Train storyteller, a GPT-2 shaped language model small enough for two CPU cores."""

import math

import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import nn

from causal import CONTEXT, VOCABULARY, encoded_documents, held_out_loss, held_out_rows, loss_of, rows_of, tokens_of, with_repeats
from run import arguments_of, optimizers_of, train

LAYERS, HEADS, WIDTH = 6, 8, 256


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


def main() -> None:
    arguments = arguments_of(__doc__, "storyteller", minutes=110, micro_batch=8)
    tokenizer = Tokenizer.from_file(str(arguments.tokenizer))
    documents = encoded_documents(tokenizer, arguments.corpora, arguments.packages)
    held_out = held_out_rows(tokenizer, arguments.corpora)

    model = Storyteller()
    matrices = {p: 3 if p.shape[0] == 3 * WIDTH else 1 for p in model.h.parameters() if p.dim() == 2}  # 3: q, k, v
    optimizers = optimizers_of(model, matrices, arguments.matrix_lr, arguments.vector_lr)
    train(model, optimizers, lambda epoch: with_repeats(rows_of(documents, epoch), epoch), loss_of, tokens_of,
          lambda: held_out_loss(model, held_out), arguments,
          accumulate=lambda share: 1 if share < 0.85 else 2)  # small batches early: more steps


if __name__ == "__main__":
    main()
