"""Export tiny random models to ONNX in the ways people do, with what `transformers` computes with them.

Each folder test/fixtures/onnx/<name>/ holds the exported files, config.json where it matters, and
expected.safetensors: input_ids (and decoder_input_ids, and written_ids that it writes itself, 12 at most), patterns under TransformerLens's names, and logits.

    python test/goldens/make_onnx_goldens.py [fixture …]

It wants `onnx`, and `onnxscript` and `onnxruntime` for the fixtures that are exported by torch's newer exporter or
optimised.
"""

import argparse
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from safetensors.torch import save_file
from transformers import (AutoConfig, AutoModelForCausalLM, AutoModelForMaskedLM, AutoModelForSeq2SeqLM, AutoModelForSequenceClassification,
                          AutoTokenizer, DynamicCache)
from transformers.utils import logging

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "test" / "fixtures" / "onnx"
VOCABULARY, TOKENS, WRITTEN, LONGEST = 96, 17, 7, 12
HEADS = 4

GPT2 = dict(vocab_size=VOCABULARY, n_embd=16, n_layer=2, n_head=HEADS, n_positions=32, bos_token_id=0, eos_token_id=0)
BERT = dict(vocab_size=VOCABULARY, hidden_size=16, num_hidden_layers=2, num_attention_heads=HEADS, intermediate_size=24,
            max_position_embeddings=32, pad_token_id=0)
LLAMA = dict(vocab_size=VOCABULARY, hidden_size=16, num_hidden_layers=2, num_attention_heads=HEADS, num_key_value_heads=2,
             intermediate_size=24, max_position_embeddings=32, bos_token_id=0, eos_token_id=0)
BART = dict(vocab_size=VOCABULARY, d_model=16, encoder_layers=2, decoder_layers=3, encoder_attention_heads=2, decoder_attention_heads=HEADS,
            encoder_ffn_dim=24, decoder_ffn_dim=24, max_position_embeddings=32, bos_token_id=0, eos_token_id=2, pad_token_id=1,
            decoder_start_token_id=2, forced_eos_token_id=2)
T5 = dict(vocab_size=VOCABULARY, d_model=16, d_kv=4, num_layers=2, num_decoder_layers=2, num_heads=HEADS, d_ff=24, eos_token_id=1, pad_token_id=0,
          decoder_start_token_id=0, relative_attention_num_buckets=8, relative_attention_max_distance=12)


def sizes(names, batch=True) -> dict:
    return {name: {0: "batch", 1: f"{name}_length"} if batch else {1: f"{name}_length"} for name in names}


class Call(torch.nn.Module):
    """A model called with named inputs, giving one of its results."""

    def __init__(self, call, module):
        super().__init__()
        self.module = module
        self.call = call

    def forward(self, *inputs):
        return self.call(self.module, *inputs)


def export(call, model, inputs: dict, output: str, file: Path, opset: int, dynamo: bool) -> None:
    values = tuple(inputs.values())
    options = dict(input_names=list(inputs), output_names=[output])
    with torch.no_grad():
        if dynamo:
            lengths = [{1: torch.export.Dim(f"{name}_length", min=2)} for name in inputs]
            if "attention_mask" in inputs:
                lengths[list(inputs).index("attention_mask")] = lengths[0]
            program = torch.onnx.export(Call(call, model), values, dynamo=True, dynamic_shapes=(tuple(lengths),), opset_version=opset, verbose=False, **options)
            program.save(str(file), external_data=False)
        else:
            torch.onnx.export(Call(call, model), values, str(file), dynamo=False, opset_version=opset,
                              dynamic_axes=sizes(list(inputs) + [output]), **options)
    strip(file)


def strip(file: Path) -> None:
    """Without where in the source each node came from, which is most of a small file."""
    model = onnx.load(file)
    for node in model.graph.node:
        node.name = node.doc_string = ""
        del node.metadata_props[:]
    del model.graph.metadata_props[:]
    del model.metadata_props[:]
    del model.graph.value_info[:]
    onnx.save(model, file)


def built(auto, kind: str, config: dict, seed: int, attention: str):
    torch.manual_seed(seed)
    # A larger deviation than trained models begin with: patterns are to differ from uniform ones.
    model = auto.from_config(AutoConfig.for_model(kind, **config), attn_implementation="eager").eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.dim() > 1 and "relative" not in name:
                weight.normal_(0, 0.3)
            else:
                weight.add_(torch.randn_like(weight) * 0.1)
    return model


def tokens(seed: int, count: int) -> torch.Tensor:
    return torch.randint(3, VOCABULARY, (1, count), generator=torch.Generator().manual_seed(seed))


def one_sequence(model, ids: torch.Tensor) -> dict:
    with torch.no_grad():
        found = model(input_ids=ids, output_attentions=True)
    expected = {f"blocks.{layer}.attn.hook_pattern": pattern for layer, pattern in enumerate(found.attentions)}
    if found.logits.dim() == 3 and found.logits.shape[-1] == VOCABULARY:
        expected["logits"] = found.logits
    return {"input_ids": ids[0], **expected}


def two_sequences(model, ids: torch.Tensor, written: torch.Tensor) -> dict:
    with torch.no_grad():
        found = model(input_ids=ids, decoder_input_ids=written, output_attentions=True)
    expected = {f"encoder.{layer}.attn.hook_pattern": pattern for layer, pattern in enumerate(found.encoder_attentions)}
    expected |= {f"decoder.{layer}.attn.hook_pattern": pattern for layer, pattern in enumerate(found.decoder_attentions)}
    expected |= {f"decoder.{layer}.cross_attn.hook_pattern": pattern for layer, pattern in enumerate(found.cross_attentions)}
    with torch.no_grad():
        own = model.generate(input_ids=ids, num_beams=1, do_sample=False, max_length=LONGEST)
    return {"input_ids": ids[0], "decoder_input_ids": written[0], "written_ids": own[0], **expected, "logits": found.logits}


def save(folder: Path, model, expected: dict, config=True) -> None:
    save_file({name: (value.to(torch.int32) if value.dtype == torch.int64 else value).contiguous() for name, value in expected.items()}, folder / "expected.safetensors")
    if "written_ids" in expected:
        (folder / "generation_config.json").write_text(json.dumps(dict(max_length=LONGEST)) + "\n")
    if config:
        (folder / "config.json").write_text(json.dumps(model.config.to_diff_dict() | dict(vocab_size=VOCABULARY), indent=1) + "\n")


def masked(model, input_ids, attention_mask):
    return model(input_ids=input_ids, attention_mask=attention_mask).logits


def uncached(model, input_ids, attention_mask):
    return model(input_ids=input_ids, attention_mask=attention_mask, use_cache=False).logits


def plain(auto, kind, config, *, seed, call=uncached, attention="eager", opset=14, dynamo=False, types=False, keep_config=True):
    """A decoder or an encoder in one file."""

    def make(folder: Path) -> None:
        model = built(auto, kind, config, seed, attention)
        ids = tokens(seed, TOKENS)
        expected = one_sequence(model, ids)
        model.set_attn_implementation(attention)
        inputs = {"input_ids": ids[:, :9], "attention_mask": torch.ones_like(ids[:, :9])}
        if types:
            inputs["token_type_ids"] = torch.zeros_like(ids[:, :9])
        export(call, model, inputs, "logits", folder / "model.onnx", opset, dynamo)
        save(folder, model, expected, keep_config)

    return make


def typed(model, input_ids, attention_mask, token_type_ids):
    return model(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids).logits


def cached(folder: Path) -> None:
    """A decoder that asks for keys and values of earlier tokens, and for positions, as exports for generation do."""
    model = built(AutoModelForCausalLM, "llama", LLAMA, 21, "eager")
    ids = tokens(21, TOKENS)
    expected = one_sequence(model, ids)

    def call(module, input_ids, attention_mask, position_ids, *past):
        cache = DynamicCache(ddp_cache_data=[(past[2 * layer], past[2 * layer + 1]) for layer in range(2)])
        return module(input_ids=input_ids, attention_mask=attention_mask, position_ids=position_ids, past_key_values=cache, use_cache=True).logits

    past = {f"past_key_values.{layer}.{kind}": torch.randn(1, 2, 3, 4) for layer in range(2) for kind in ("key", "value")}
    inputs = {"input_ids": ids[:, :6], "attention_mask": torch.ones(1, 9, dtype=torch.int64), "position_ids": torch.arange(3, 9)[None], **past}
    axes = {**sizes(["input_ids", "attention_mask", "position_ids", "logits"]), **{name: {0: "batch", 2: "past"} for name in past}}
    with torch.no_grad():
        torch.onnx.export(Call(call, model), tuple(inputs.values()), str(folder / "model.onnx"), dynamo=False, opset_version=17,
                          input_names=list(inputs), output_names=["logits"], dynamic_axes=axes)
    strip(folder / "model.onnx")
    save(folder, model, expected)


def halves(auto, kind, config, *, seed, opset=14, dynamo=False, attention="eager", merged=False):
    """An encoder–decoder in two files, as optimum writes them."""

    def make(folder: Path) -> None:
        model = built(auto, kind, config, seed, attention)
        ids, written = tokens(seed, TOKENS), tokens(seed + 1, WRITTEN)
        expected = two_sequences(model, ids, written)
        model.set_attn_implementation(attention)
        (folder / "onnx").mkdir()
        mask = torch.ones(1, 9, dtype=torch.int64)
        encode = lambda module, input_ids, attention_mask: module.get_encoder()(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        export(encode, model, {"input_ids": ids[:, :9], "attention_mask": mask}, "last_hidden_state", folder / "onnx/encoder_model.onnx", opset, dynamo)
        decode = lambda module, encoder_attention_mask, input_ids, encoder_hidden_states: module(
            encoder_outputs=(encoder_hidden_states,), attention_mask=encoder_attention_mask, decoder_input_ids=input_ids, use_cache=False).logits
        inputs = {"encoder_attention_mask": mask, "input_ids": written[:, :4], "encoder_hidden_states": torch.randn(1, 9, 16)}
        decoder = folder / "onnx" / ("decoder_model_merged.onnx" if merged else "decoder_model.onnx")
        export(decode, model, inputs, "logits", decoder, opset, dynamo)
        if merged:
            merge(decoder)
        save(folder, model, expected)

    return make


def merge(file: Path) -> None:
    """As optimum merges decoders: the branch without past is the second of an If; here the first gives zeros."""
    model = onnx.load(file)
    graph = model.graph
    other = helper.make_graph([helper.make_node("ConstantOfShape", ["merge.shape"], ["other.logits"])], "with_past", [],
                              [helper.make_tensor_value_info("other.logits", TensorProto.FLOAT, None)])
    inner = helper.make_graph(list(graph.node), "without_past", [], [helper.make_tensor_value_info("logits", TensorProto.FLOAT, None)])
    for node in inner.node:
        node.output[:] = ["inner.logits" if name == "logits" else name for name in node.output]
    inner.output[0].name = "inner.logits"
    choice = helper.make_node("If", ["use_cache_branch"], ["logits"], then_branch=other, else_branch=inner)
    inputs = list(graph.input) + [helper.make_tensor_value_info("use_cache_branch", TensorProto.BOOL, [1])]
    inputs += [helper.make_tensor_value_info("past_key_values.0.decoder.key", TensorProto.FLOAT, ["batch", HEADS, "past", 4])]
    weights = list(graph.initializer) + [numpy_helper.from_array(np.array([1, 1, VOCABULARY], np.int64), "merge.shape")]
    whole = helper.make_graph([choice], "merged", inputs, list(graph.output), weights)
    onnx.save(helper.make_model(whole, opset_imports=model.opset_import, ir_version=model.ir_version), file)


def whole(auto, kind, config, *, seed, opset=14, dynamo=False):
    """An encoder–decoder in one file, without a configuration beyond what writing needs."""

    def make(folder: Path) -> None:
        model = built(auto, kind, config, seed, "eager")
        ids, written = tokens(seed, TOKENS), tokens(seed + 1, WRITTEN)
        expected = two_sequences(model, ids, written)
        call = lambda module, input_ids, attention_mask, decoder_input_ids: module(
            input_ids=input_ids, attention_mask=attention_mask, decoder_input_ids=decoder_input_ids, use_cache=False).logits
        inputs = {"input_ids": ids[:, :9], "attention_mask": torch.ones(1, 9, dtype=torch.int64), "decoder_input_ids": written[:, :4]}
        export(call, model, inputs, "logits", folder / "model.onnx", opset, dynamo)
        save(folder, model, expected)

    return make


def half_precision(folder: Path) -> None:
    """An export stored and computed in float16."""
    model = built(AutoModelForCausalLM, "gpt2", GPT2, 31, "eager")
    ids = tokens(31, TOKENS)
    expected = one_sequence(model.half().float(), ids)
    export(uncached, model.half(), {"input_ids": ids[:, :9], "attention_mask": torch.ones_like(ids[:, :9])}, "logits", folder / "model_fp16.onnx", 17, False)
    save(folder, model, expected)


def quantized(folder: Path) -> None:
    """Weights as 8-bit numbers, as ONNX Runtime's dynamic quantisation makes them; expected is what ONNX Runtime computes."""
    from onnxruntime.quantization import QuantType, quantize_dynamic
    plain(AutoModelForMaskedLM, "bert", BERT, seed=33, call=masked)(folder)
    quantize_dynamic(folder / "model.onnx", folder / "model_quantized.onnx", weight_type=QuantType.QInt8, extra_options=dict(MatMulConstBOnly=True))
    (folder / "model.onnx").unlink()
    ids = tokens(33, TOKENS)
    save(folder, built(AutoModelForMaskedLM, "bert", BERT, 33, "eager"),
         {"input_ids": ids[0], **reference(folder / "model_quantized.onnx", ids, ["blocks.0.attn.hook_pattern", "blocks.1.attn.hook_pattern"])})


def reference(file: Path, ids: torch.Tensor, patterns: list) -> dict:
    """Softmaxes and logits that ONNX Runtime computes with all of a file's softmaxes as outputs."""
    import onnxruntime
    model = onnx.load(file)
    softmaxes = [node.output[0] for node in model.graph.node if node.op_type == "Softmax"]
    model.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in softmaxes)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    given = {"input_ids": ids.numpy(), "attention_mask": np.ones_like(ids.numpy())}
    found = session.run(softmaxes + ["logits"], given)
    return dict(zip(patterns + ["logits"], map(torch.from_numpy, found)))


def external(folder: Path) -> None:
    """Weights in a file beside it."""
    plain(AutoModelForCausalLM, "gpt2", GPT2, seed=35)(folder)
    model = onnx.load(folder / "model.onnx")
    onnx.save(model, folder / "model.onnx", save_as_external_data=True, location="model.onnx_data", size_threshold=0)


def optimised(kind: str):
    """As ONNX Runtime's optimiser for transformers fuses a graph."""

    def make(folder: Path) -> None:
        from onnxruntime.transformers import optimizer
        from onnxruntime.transformers.fusion_options import FusionOptions
        if kind == "bert":
            plain(AutoModelForMaskedLM, "bert", BERT, seed=41, call=typed, types=True)(folder)
        else:
            plain(AutoModelForCausalLM, "gpt2", GPT2, seed=43, opset=17)(folder)
        options = FusionOptions(kind)
        options.enable_gelu_approximation = False
        fused = optimizer.optimize_model(str(folder / "model.onnx"), model_type=kind, num_heads=HEADS, hidden_size=16, optimization_options=options, opt_level=0)
        print(kind, fused.get_fused_operator_statistics())
        fused.save_model_to_file(str(folder / "model.onnx"))
        strip(folder / "model.onnx")

    return make


def fuse(op: str, **attributes):
    """A Llama whose attention is one operator, put together by hand around the weights of `transformers`."""

    def make(folder: Path) -> None:
        # Where it turns queries and keys by itself, ONNX Runtime wants heads whose width is a multiple of 16.
        config = LLAMA | (dict(hidden_size=64) if op == "GroupQueryAttention" else {}) | (dict(sliding_window=5) if attributes.get("local_window_size") else {})
        kind = "mistral" if "sliding_window" in config else "llama"
        model = built(AutoModelForCausalLM, kind, config, 51, "eager")
        ids = tokens(51, TOKENS)
        expected = one_sequence(model, ids)
        onnx.save(FusedLlama(model, op, attributes).model(), folder / "model.onnx")
        save(folder, model, expected)

    return make


class FusedLlama:
    """Writes the graph of a Llama with grouped keys around one operator for attention."""

    def __init__(self, model, op: str, attributes: dict):
        self.weights, self.config, self.op = model.state_dict(), model.config, op
        self.packed = attributes.get("packed", False)
        self.attributes = {name: value for name, value in attributes.items() if name != "packed"}
        self.nodes, self.initializers = [], []

    def constant(self, name: str, value) -> str:
        if all(known.name != name for known in self.initializers):
            self.initializers.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def matrix(self, name: str) -> str:
        return self.constant(name, self.weights[name].numpy().T.copy())

    def add(self, op: str, inputs: list, output: str, domain: str = "", **attributes) -> str:
        self.nodes.append(helper.make_node(op, inputs, [output], domain=domain, **attributes))
        return output

    def norm(self, x: str, name: str, output: str) -> str:
        square = self.add("Mul", [x, x], f"{output}.square")
        mean = self.add("ReduceMean", [square, self.constant("last", np.array([-1]))], f"{output}.mean")
        root = self.add("Sqrt", [self.add("Add", [mean, self.constant("epsilon", np.float32(self.config.rms_norm_eps))], f"{output}.shifted")], f"{output}.root")
        return self.add("Mul", [self.add("Div", [x, root], f"{output}.scaled"), self.constant(name, self.weights[name].numpy())], output)

    def angles(self) -> tuple:
        width = self.config.hidden_size // self.config.num_attention_heads
        theta = 10000.0 ** (-np.arange(0, width, 2) / width)
        turns = np.arange(self.config.max_position_embeddings)[:, None] * theta
        return self.constant("cos", np.cos(turns).astype(np.float32)), self.constant("sin", np.sin(turns).astype(np.float32))

    def rotated(self, x: str, heads: int, output: str) -> str:
        """com.microsoft.RotaryEmbedding outside of the operator."""
        cos, sin = self.angles()
        return self.add("RotaryEmbedding", [x, "position_ids", cos, sin], output, "com.microsoft", num_heads=heads)

    def attention(self, normed: str, layer: int) -> str:
        name, config = f"model.layers.{layer}.self_attn", self.config
        heads, keys = config.num_attention_heads, config.num_key_value_heads
        q, k, v = (self.add("MatMul", [normed, self.matrix(f"{name}.{part}_proj.weight")], f"{name}.{part}") for part in "qkv")
        output = f"{name}.z"
        if self.op == "GroupQueryAttention":
            cos, sin = self.angles()
            inputs = [q, k, v]
            if self.packed:
                inputs = [self.add("Concat", [q, k, v], f"{name}.qkv", axis=2), "", ""]
            past = [f"past_key_values.{layer}.key", f"past_key_values.{layer}.value"]
            return self.add(self.op, [*inputs, *past, "last_keys", "total", cos, sin], output, "com.microsoft", num_heads=heads, kv_num_heads=keys,
                            do_rotary=1, **self.attributes)
        q, k = self.rotated(q, heads, f"{name}.turned.q"), self.rotated(k, keys, f"{name}.turned.k")
        if self.op == "Attention":
            return self.add("Attention", [q, k, v], output, q_num_heads=heads, kv_num_heads=keys, is_causal=1)
        k, v = self.repeated(k, f"{name}.all.k"), self.repeated(v, f"{name}.all.v")
        return self.add(self.op, [q, k, v], output, "com.microsoft", num_heads=heads, unidirectional=1, **self.attributes)

    def repeated(self, x: str, output: str) -> str:
        """Shared heads once for each head of queries, `[batch, pos, width]`."""
        keys, width = self.config.num_key_value_heads, self.config.hidden_size // self.config.num_attention_heads
        times = self.config.num_attention_heads // keys
        apart = self.add("Reshape", [x, self.constant("apart", np.array([0, -1, keys, 1, width]))], f"{output}.apart")
        many = self.add("Tile", [apart, self.constant("times", np.array([1, 1, 1, times, 1]))], f"{output}.many")
        return self.add("Reshape", [many, self.constant("joined", np.array([0, -1, keys * times * width]))], output)

    def model(self):
        config = self.config
        ones = self.add("Cast", ["attention_mask"], "mask.int32", to=TensorProto.INT32)
        counted = self.add("ReduceSum", [ones, self.constant("axis", np.array([1]))], "counted", keepdims=0)
        self.add("Sub", [counted, self.constant("one", np.array([1], np.int32))], "last_keys")
        length = self.add("Gather", [self.add("Shape", ["attention_mask"], "mask.shape"), self.constant("second", np.int64(1))], "mask.length", axis=0)
        self.add("Cast", [length], "total", to=TensorProto.INT32)
        table = self.constant("embed", self.weights["model.embed_tokens.weight"].numpy())
        x = self.add("Gather", [table, "input_ids"], "embedded")
        for layer in range(config.num_hidden_layers):
            name = f"model.layers.{layer}"
            normed = self.norm(x, f"{name}.input_layernorm.weight", f"{name}.normed")
            out = self.add("MatMul", [self.attention(normed, layer), self.matrix(f"{name}.self_attn.o_proj.weight")], f"{name}.attn")
            x = self.add("Add", [x, out], f"{name}.middle")
            normed = self.norm(x, f"{name}.post_attention_layernorm.weight", f"{name}.normed2")
            gate = self.add("MatMul", [normed, self.matrix(f"{name}.mlp.gate_proj.weight")], f"{name}.gate")
            up = self.add("MatMul", [normed, self.matrix(f"{name}.mlp.up_proj.weight")], f"{name}.up")
            silu = self.add("Mul", [gate, self.add("Sigmoid", [gate], f"{name}.sigmoid")], f"{name}.silu")
            down = self.add("MatMul", [self.add("Mul", [silu, up], f"{name}.inner"), self.matrix(f"{name}.mlp.down_proj.weight")], f"{name}.down")
            x = self.add("Add", [x, down], f"{name}.out")
        self.add("MatMul", [self.norm(x, "model.norm.weight", "normed"), self.matrix("lm_head.weight")], "logits")
        ids = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", f"{name}_length"]) for name in ("input_ids", "attention_mask", "position_ids")]
        width = config.hidden_size // config.num_attention_heads
        past = [helper.make_tensor_value_info(f"past_key_values.{layer}.{kind}", TensorProto.FLOAT, ["batch", config.num_key_value_heads, "past", width])
                for layer in range(config.num_hidden_layers) for kind in ("key", "value")]
        used = {name for node in self.nodes for name in node.input}
        graph = helper.make_graph(self.nodes, "fused", [value for value in ids + past if value.name in used],
                                  [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", "length", VOCABULARY])], self.initializers)
        opset = 23 if self.op == "Attention" else 18
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset), helper.make_opsetid("com.microsoft", 1)], ir_version=10)


def labels(folder: Path) -> None:
    """A classifier: patterns, and nothing that is predicted of tokens; without a configuration."""
    plain(AutoModelForSequenceClassification, "distilbert", dict(vocab_size=VOCABULARY, dim=16, n_layers=2, n_heads=HEADS, hidden_dim=24, max_position_embeddings=32),
          seed=37, call=masked, keep_config=False)(folder)


FIXTURES_MADE = {
    "gpt2-eager": plain(AutoModelForCausalLM, "gpt2", GPT2, seed=1),
    "gpt2-sdpa": plain(AutoModelForCausalLM, "gpt2", GPT2, seed=3, attention="sdpa", opset=17),
    "gpt2-dynamo": plain(AutoModelForCausalLM, "gpt2", GPT2, seed=5, opset=20, dynamo=True),
    "gpt2-half": half_precision,
    "gpt2-external": external,
    "bert-eager": plain(AutoModelForMaskedLM, "bert", BERT, seed=7, call=typed, types=True, opset=12),
    "bert-dynamo": plain(AutoModelForMaskedLM, "bert", BERT, seed=9, call=masked, attention="sdpa", opset=21, dynamo=True),
    "bert-quantized": quantized,
    "distilbert-labels": labels,
    "llama-cached": cached,
    "llama-dynamo": plain(AutoModelForCausalLM, "llama", LLAMA, seed=11, attention="sdpa", opset=20, dynamo=True),
    "marian-halves": halves(AutoModelForSeq2SeqLM, "marian", BART | dict(decoder_start_token_id=1, eos_token_id=0, forced_eos_token_id=0), seed=13),
    "marian-merged": halves(AutoModelForSeq2SeqLM, "marian", BART | dict(decoder_start_token_id=1, eos_token_id=0, forced_eos_token_id=0), seed=15, opset=17, merged=True),
    "t5-halves": halves(AutoModelForSeq2SeqLM, "t5", T5, seed=17, opset=17),
    "bart-whole": whole(AutoModelForSeq2SeqLM, "bart", BART, seed=19, opset=16),
    "bert-fused": optimised("bert"),
    "gpt2-fused": optimised("gpt2"),
    "llama-grouped": fuse("GroupQueryAttention"),
    "llama-grouped-packed": fuse("GroupQueryAttention", packed=True),
    "mistral-grouped-window": fuse("GroupQueryAttention", local_window_size=5),
    "llama-multihead": fuse("MultiHeadAttention"),
    "llama-attention": fuse("Attention"),
}


def main() -> None:
    logging.set_verbosity_error()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("fixtures", nargs="*", choices=[[], *FIXTURES_MADE])
    for name in parser.parse_args().fixtures or FIXTURES_MADE:
        folder = FIXTURES / name
        with TemporaryDirectory() as temporary:
            made = Path(temporary) / folder.name
            made.mkdir()
            FIXTURES_MADE[name](made)
            if folder.exists():
                for old in sorted(folder.rglob("*"), reverse=True):
                    old.rmdir() if old.is_dir() else old.unlink()
            for new in sorted(made.rglob("*")):
                if new.is_file():
                    target = folder / new.relative_to(made)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(new.read_bytes())
        print(name, sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) // 1024, "KB")


if __name__ == "__main__":
    main()
