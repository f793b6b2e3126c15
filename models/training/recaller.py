"""Train recaller, a recurrent language model (GRU) with storyteller's tokens and data, on one CPU core."""

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import nn

from causal import CONTEXT, VOCABULARY, encoded_documents, held_out_loss, held_out_rows, rows_of, tokens_of
from run import arguments_of, optimizers_of, train

LAYERS, EMBEDDING, HIDDEN = 2, 256, 672


class Recurrence(torch.autograd.Function):
    """The steps of a GRU layer, forwards and back through time, with bf16 products.

    What the input adds to the gates is given for all positions at once; only what the state adds has to be
    computed one position after another. The gradient of its matrix is one product in the end.
    """

    @staticmethod
    def forward(context, inputs, weight, bias):
        """inputs: [pos, row, 3 × hidden] for reset, update and candidate; weight: [3 × hidden, hidden]. States."""
        length, rows, _ = inputs.shape
        hidden = weight.shape[1]
        low, bias = weight.bfloat16().T, bias.float()
        state = inputs.new_zeros(rows, hidden)
        states = inputs.new_empty(length + 1, rows, hidden)  # [pos + 1, row, hidden], the state before first
        gates = inputs.new_empty(length, rows, 3 * hidden)  # reset, update, candidate
        recalled = inputs.new_empty(length, rows, hidden)  # what the state gives the candidate, before the reset
        states[0] = state
        with torch.autocast("cpu", enabled=False):
            for position in range(length):
                ours = (state.bfloat16() @ low).float().add_(bias)
                gate = gates[position]
                torch.add(inputs[position, :, :2 * hidden], ours[:, :2 * hidden], out=gate[:, :2 * hidden]).sigmoid_()
                reset, update, candidate = gate.split(hidden, dim=1)
                recalled[position] = ours[:, 2 * hidden:]
                torch.addcmul(inputs[position, :, 2 * hidden:], reset, recalled[position], out=candidate).tanh_()
                state = torch.lerp(candidate, state, update, out=states[position + 1])
        context.save_for_backward(states, gates, recalled, weight)
        return states[1:]

    @staticmethod
    def backward(context, gradient):
        states, gates, recalled, weight = context.saved_tensors
        hidden = weight.shape[1]
        low = weight.bfloat16().T.contiguous().T  # columns together, which the product below reads faster
        reset, update, candidate = gates.split(hidden, dim=2)
        # everything that does not depend on the gradient, for all positions at once
        of_update = (states[:-1] - candidate).mul_(update).mul_(1 - update)
        of_candidate = (1 - update).mul_(1 - candidate * candidate)
        of_reset = recalled * reset * (1 - reset)
        ours = torch.empty_like(gates)  # gradients of what the state adds to the gates
        carry = torch.zeros_like(gradient[0])
        with torch.autocast("cpu", enabled=False):
            for position in reversed(range(len(gradient))):
                total = carry.add_(gradient[position])
                mine = ours[position]
                raw = total * of_candidate[position]
                torch.mul(raw, of_reset[position], out=mine[:, :hidden])
                torch.mul(total, of_update[position], out=mine[:, hidden:2 * hidden])
                torch.mul(raw, reset[position], out=mine[:, 2 * hidden:])
                carry = torch.addcmul((mine.bfloat16() @ low).float(), total, update[position])
                of_candidate[position] = raw
            flat = ours.view(-1, 3 * hidden)
            of_weight = (flat.bfloat16().T @ states[:-1].reshape(-1, hidden).bfloat16()).float()
            of_bias = flat.sum(0)
        inputs = ours.clone()
        inputs[:, :, 2 * hidden:] = of_candidate
        return inputs, of_weight, of_bias


class Recaller(nn.Module):
    """Embedding, stacked GRU, a projection to the width of the embedding, which is the output matrix too."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, EMBEDDING)
        self.rnn = nn.GRU(EMBEDDING, HIDDEN, LAYERS, batch_first=True)
        self.projection = nn.Linear(HIDDEN, EMBEDDING)
        self.decoder_bias = nn.Parameter(torch.zeros(VOCABULARY))
        nn.init.normal_(self.embedding.weight, std=0.02)
        for name, parameter in self.rnn.named_parameters():
            if name.startswith("bias"):
                nn.init.zeros_(parameter)
                continue
            for gate in parameter.data.split(HIDDEN):
                nn.init.orthogonal_(gate) if name.startswith("weight_hh") else nn.init.xavier_uniform_(gate)

    def states(self, ids):
        """The last layer's state at each position: [row, pos, HIDDEN]."""
        x = self.embedding(ids)
        if not torch.is_grad_enabled():
            return self.rnn(x)[0]
        x = x.transpose(0, 1)  # [pos, row, width]
        for layer in range(LAYERS):
            weight_ih, weight_hh, bias_ih, bias_hh = self.rnn.all_weights[layer]
            x = Recurrence.apply(F.linear(x, weight_ih, bias_ih).float(), weight_hh, bias_hh)
        return x.transpose(0, 1)

    def logits(self, states):  # [row, pos, HIDDEN] → [row, pos, vocabulary]
        return F.linear(self.projection(states), self.embedding.weight, self.decoder_bias)

    def forward(self, ids):  # [row, pos] → [row, pos, vocabulary]
        return self.logits(self.states(ids))


def loss_of_states(model, states, targets):
    """Mean cross-entropy of the targets, [row, pos], given the last layer's states."""
    return F.cross_entropy(model.logits(states).view(-1, VOCABULARY).float(), targets.reshape(-1))


def from_folder(folder: Path) -> Recaller:
    """The model of a folder that export.py wrote, in float32."""
    weights = load_file(folder / "model.safetensors")
    model = Recaller()
    model.load_state_dict({name.replace("decoder.bias", "decoder_bias"): tensor.float()
                           for name, tensor in weights.items()})
    return model


def main() -> None:
    arguments = arguments_of(__doc__, "recaller", minutes=60, micro_batch=8, tokenizer="storyteller")
    tokenizer = Tokenizer.from_file(str(arguments.tokenizer))
    documents = encoded_documents(tokenizer, arguments.corpora, arguments.packages)
    held_out = held_out_rows(tokenizer, arguments.corpora)

    model = Recaller()
    matrices = {p: 3 for p in model.rnn.parameters() if p.dim() == 2} | {model.projection.weight: 1}
    optimizers = optimizers_of(model, matrices, arguments.matrix_lr, arguments.vector_lr)
    # the compiler would unroll the steps, so it gets what comes behind them
    after_steps = loss_of_states if arguments.no_compile else torch.compile(loss_of_states, dynamic=False)
    train(model, optimizers, lambda epoch: rows_of(documents, epoch),
          lambda model, batch: after_steps(model, model.states(batch["ids"][:, :-1]), batch["ids"][:, 1:]), tokens_of,
          lambda: held_out_loss(model, held_out), arguments, compiled=False)


if __name__ == "__main__":
    main()
