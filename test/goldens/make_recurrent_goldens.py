"""Make tiny random checkpoints of recurrent language models, and what torch computes with them.

Each folder test/fixtures/<gru or lstm>-<name>/ holds config.json, the weights under the names of torch.nn.GRU and
torch.nn.LSTM, and expected.safetensors: states of 17 tokens, computed in float32 from the stored (rounded) weights, the
gates written out beside them, and the logits of the last 7 with the states after 10 as past.

    python test/goldens/make_recurrent_goldens.py [fixture …]
"""

import argparse
import json
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import nn

VOCABULARY, TOKENS, PAST = 96, 17, 10
F16, BF16 = torch.float16, torch.bfloat16
BASE = dict(vocab_size=VOCABULARY, embedding_size=16, hidden_size=16, num_hidden_layers=2, tie_word_embeddings=True,
            max_position_embeddings=32, bos_token_id=0, eos_token_id=0)

# Family and name → what differs from BASE; the stored type; which biases there are and whether states are projected.
FIXTURES = {
    "gru-basic": dict(config={}),
    "gru-wide": dict(config=dict(hidden_size=24), decoder_bias=True),
    "gru-untied": dict(config=dict(tie_word_embeddings=False, num_hidden_layers=1), dtype=F16, decoder_bias=True),
    "gru-plain": dict(config=dict(num_hidden_layers=3, embedding_size=20, hidden_size=12), dtype=BF16, bias=False, projection_bias=False),
    "lstm-basic": dict(config={}),
    "lstm-wide": dict(config=dict(hidden_size=24, num_hidden_layers=3), dtype=BF16, decoder_bias=True),
    "lstm-untied": dict(config=dict(tie_word_embeddings=False, hidden_size=10), dtype=F16, bias=False),
    "lstm-plain": dict(config=dict(num_hidden_layers=1, embedding_size=9, hidden_size=9), projected=True, projection_bias=False),
}


class Recurrent(nn.Module):
    """A language model in the layout that the checkpoints have."""

    def __init__(self, family: str, config: dict, bias: bool, projected: bool, projection_bias: bool, decoder_bias: bool):
        super().__init__()
        embedding, hidden = config["embedding_size"], config["hidden_size"]
        self.embedding = nn.Embedding(config["vocab_size"], embedding)
        layers = config["num_hidden_layers"]
        self.rnn = {"gru": nn.GRU, "lstm": nn.LSTM}[family](embedding, hidden, layers, bias=bias, batch_first=True)
        if projected or embedding != hidden:
            self.projection = nn.Linear(hidden, embedding, bias=projection_bias)
        self.decoder = nn.Linear(embedding, config["vocab_size"], bias=decoder_bias)
        if config["tie_word_embeddings"]:
            self.decoder.weight = self.embedding.weight

    def logits(self, states: torch.Tensor) -> torch.Tensor:
        return self.decoder(self.projection(states) if hasattr(self, "projection") else states)


def randomize(model: nn.Module, seed: int) -> None:
    """Weights large enough for gates far from half open."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(0.45 * torch.randn(parameter.shape, generator=generator))


def layer_of(model: Recurrent, layer: int) -> nn.Module:
    """One layer as a module of its own."""
    rnn = model.rnn
    inputs = rnn.input_size if layer == 0 else rnn.hidden_size
    alone = type(rnn)(inputs, rnn.hidden_size, 1, bias=rnn.bias, batch_first=True)
    alone.load_state_dict({name[:-1] + "0": tensor for name, tensor in rnn.state_dict().items() if name.endswith(f"_l{layer}")})
    return alone


def gates_of(alone: nn.Module, x: torch.Tensor, before: torch.Tensor) -> dict[str, torch.Tensor]:
    """What torch does not give out, by torch's own formulas from the states before: [1, pos, hidden]."""
    bias_ih, bias_hh = (alone.bias_ih_l0, alone.bias_hh_l0) if alone.bias else (None, None)
    from_input, from_state = F.linear(x, alone.weight_ih_l0, bias_ih), F.linear(before, alone.weight_hh_l0, bias_hh)
    if isinstance(alone, nn.GRU):
        (xr, xz, xn), (hr, hz, hn) = from_input.chunk(3, -1), from_state.chunk(3, -1)
        reset = (xr + hr).sigmoid()
        return dict(reset=reset, update=(xz + hz).sigmoid(), candidate=(xn + reset * hn).tanh())
    i, f, g, o = (from_input + from_state).chunk(4, -1)
    return dict(input=i.sigmoid(), forget=f.sigmoid(), candidate=g.tanh(), output=o.sigmoid())


def capture(model: Recurrent, ids: torch.Tensor) -> dict[str, torch.Tensor]:
    """Every hook point; the cell of an LSTM after each token comes from running it token by token."""
    x = model.embedding(ids)
    tensors = {"hook_embed": x}
    whole, _ = model.rnn(x)
    for layer in range(model.rnn.num_layers):
        alone = layer_of(model, layer)
        states, carried, cells = [], None, []
        for position in range(ids.shape[1]):
            state, carried = alone(x[:, position:position + 1], carried)
            states.append(state)
            if isinstance(alone, nn.LSTM):
                cells.append(carried[1])
        states = torch.cat(states, 1)
        before = torch.cat([torch.zeros_like(states[:, :1]), states[:, :-1]], 1)
        named = dict(state=states, **gates_of(alone, x, before)) | (dict(cell=torch.cat(cells, 1)) if cells else {})
        tensors |= {f"rnn.{layer}.hook_{name}": tensor for name, tensor in named.items()}
        x = states
    torch.testing.assert_close(x, whole)
    return tensors | {"logits": model.logits(whole)}


def expect(folder: Path, model: Recurrent, seed: int) -> None:
    """Write expected.safetensors."""
    ids = torch.randint(VOCABULARY, (1, TOKENS), generator=torch.Generator().manual_seed(seed + 1000))
    with torch.no_grad():
        tensors = capture(model, ids)
        _, past = model.rnn(model.embedding(ids[:, :PAST]))
        later, _ = model.rnn(model.embedding(ids[:, PAST:]), past)
        tensors |= {"past.logits": model.logits(later), "input_ids": ids.int()}
    notes = {"input_ids": f"the {TOKENS} tokens; past.* is the run of the last {TOKENS - PAST} with the first {PAST} as past"}
    save_file({name: tensor.contiguous() for name, tensor in sorted(tensors.items())}, folder / "expected.safetensors", metadata=notes)


def make(folder: Path, family: str, seed: int, config: dict, dtype=torch.float32, bias=True, projected=False,
         projection_bias=True, decoder_bias=False) -> None:
    """Write config.json, the weights, and what is expected of them as they are stored."""
    config = BASE | config
    model = Recurrent(family, config, bias, projected, projection_bias, decoder_bias)
    randomize(model, seed)
    tensors = {name: tensor.to(dtype) for name, tensor in model.state_dict().items()}
    if config["tie_word_embeddings"]:
        del tensors["decoder.weight"]
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    written = {"architectures": [f"{family.capitalize()}ForCausalLM"], "model_type": family, "dtype": str(dtype).removeprefix("torch."), **config}
    (folder / "config.json").write_text(json.dumps(written, indent=2) + "\n")
    stored = {name: tensor.float() for name, tensor in load_file(folder / "model.safetensors").items()}
    model.load_state_dict(stored | ({"decoder.weight": stored["embedding.weight"]} if config["tie_word_embeddings"] else {}))
    expect(folder, model.eval(), seed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="*", help="fixtures to make; all without")
    parser.add_argument("--fixtures", type=Path, default=Path(__file__).parents[1] / "fixtures")
    arguments = parser.parse_args()
    torch.set_num_threads(1)

    for seed, (name, fixture) in enumerate(FIXTURES.items()):
        if arguments.only and name not in arguments.only:
            continue
        folder = arguments.fixtures / name
        folder.mkdir(parents=True, exist_ok=True)
        make(folder, name.partition("-")[0], seed, **fixture)
        for file in folder.iterdir():
            file.chmod(0o644)
        print(f"{name:24} {sum(file.stat().st_size for file in folder.iterdir()) / 1000:7.0f} KB")


if __name__ == "__main__":
    main()
