"""Make tiny tokenizers in the files that folders without tokenizer.json have, and what `transformers` says of them.

    pip install transformers tokenizers sentencepiece protobuf
    python test/goldens/make_tokenizer_folders.py [kind …]

Each folder test/fixtures/tokenizer-folders/<kind>/ holds such files and expected.json, which for each text of
test/fixtures/tokenizers/texts.json and of the kind's own `texts` has `ids`, `offsets` (start and end of each token, flat, in
UTF-16) and `decoded`, what the ids decode to; null where that is the text itself. Marian's tokenizer gives no offsets;
`outputs` are texts in its target language, with their ids and what these decode to. Training breaks ties at random: a rerun makes others of the same kinds.
"""

import json
import sys
import warnings
from pathlib import Path

import sentencepiece
from make_tokenizers import CORPUS, OUT, charsmap_rules, utf16_offsets
from transformers import AutoTokenizer

HERE = OUT.parent / "tokenizer-folders"
TEXTS = json.loads((OUT / "texts.json").read_text())
MASK = {"__type": "AddedToken", "content": "<mask>", "lstrip": True, "rstrip": False, "single_word": False, "normalized": False}
CODES = [">>fra<<", ">>cmn_Hans<<"]


def train(path, normalize=True, **options):
    rules = path.with_suffix(".tsv")
    if normalize:
        rules.write_text(charsmap_rules(), encoding="utf-8")
        options["normalization_rule_tsv"] = str(rules)
    sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(options.pop("corpus", CORPUS)), model_prefix=str(path.with_suffix("")), minloglevel=2,
                                             hard_vocab_limit=False, **options)
    Path(str(path.with_suffix("")) + ".model").rename(path)
    path.with_suffix(".vocab").unlink()
    rules.unlink(missing_ok=True)


def write(folder, **files):
    for name, value in files.items():
        (folder / f"{name}.json").write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def bpe_files(folder, kind):
    """vocab.json and merges.txt, as they were before tokenizer.json."""
    source = json.loads((OUT / f"{kind}.json").read_text())
    vocab = dict(source["model"]["vocab"])
    for token in source["added_tokens"]:
        vocab[token["content"]] = token["id"]
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in source["model"]["merges"]]
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n", encoding="utf-8")
    return vocab


def gpt2(folder):
    vocab = bpe_files(folder, "gpt2")
    listed = {token: vocab.pop(token) for token in ("  ", "keep", "Ctrl")}
    write(folder, vocab=vocab, config=dict(model_type="gpt2"), added_tokens=listed, special_tokens_map=dict(pad_token="<|pad|>", eos_token="<|endoftext|>"))


def qwen2(folder):
    vocab = bpe_files(folder, "llama3")
    decoder = {str(len(vocab) + i): dict(content=token, lstrip=False, rstrip=False, normalized=False, single_word=False, special=special)
               for i, (token, special) in enumerate([("<|im_start|>", True), ("<tool_call>", False)])}
    write(folder, vocab=vocab, config=dict(model_type="qwen2"), tokenizer_config=dict(tokenizer_class="Qwen2Tokenizer", added_tokens_decoder=decoder))
    return ["<|im_start|>user\nkeep", "x<tool_call> y"]


def roberta(folder):
    vocab = bpe_files(folder, "roberta")
    for token in ("<pad>", "<unk>"):
        vocab[token] = len(vocab)
    write(folder, vocab=vocab, config=dict(model_type="roberta"), tokenizer_config=dict(mask_token=MASK))
    return ["The <mask> is", "The  <mask>.", "<mask>"]


def bert(folder, cased):
    vocab = json.loads((OUT / f"bert-{'cased' if cased else 'uncased'}.json").read_text())["model"]["vocab"]
    (folder / "vocab.txt").write_text("".join(f"{piece}\n" for piece in sorted(vocab, key=vocab.get)), encoding="utf-8")
    write(folder, config=dict(model_type="bert" if cased else "distilbert"), **(dict(tokenizer_config=dict(do_lower_case=False)) if cased else {}))
    return ["The [MASK] is", "[mask] [MASK]."]


def t5(folder):
    train(folder / "spiece.model", vocab_size=400, pad_id=0, eos_id=1, unk_id=2, bos_id=-1, user_defined_symbols=["<sep>"])
    write(folder, config=dict(model_type="t5"))
    return ["The <extra_id_0> lit<extra_id_1> the lamp", "keeper <extra_id_99><sep>", "<extra_id_100>"]


def llama(folder):
    train(folder / "tokenizer.model", normalize=False, vocab_size=700, model_type="bpe", byte_fallback=True, normalization_rule_name="identity",
          remove_extra_whitespaces=False, split_digits=True, allow_whitespace_only_pieces=True, user_defined_symbols=["<sep>"])
    write(folder, config=dict(model_type="llama"), tokenizer_config=dict(tokenizer_class="LlamaTokenizer", add_bos_token=True, add_eos_token=False))
    return ["<s>the keeper</s>", "a<sep> b"]


def xlm_roberta(folder):
    train(folder / "sentencepiece.bpe.model", vocab_size=400)
    write(folder, config=dict(model_type="xlm-roberta"), tokenizer_config=dict(tokenizer_class="XLMRobertaTokenizer", mask_token=MASK))
    return ["The <mask> is"]


def camembert(folder):
    train(folder / "sentencepiece.bpe.model", vocab_size=400)
    write(folder, config=dict(model_type="camembert"), tokenizer_config=dict(mask_token=MASK))
    return ["Le <mask> est"]


def pieces_of(path):
    model = sentencepiece.SentencePieceProcessor(model_file=str(path))
    return [model.id_to_piece(id) for id in range(3, model.get_piece_size())]


def marian_vocab(complete, *, rest=()):
    """A table of ids, from which a few pieces of the rest are missing: those are unknown to the model."""
    pieces = ["</s>", "<unk>", *CODES, *complete, *(piece for number, piece in enumerate(rest) if number % 17)]
    return {piece: id for id, piece in enumerate([*dict.fromkeys(pieces), "<pad>"])}


def marian(folder):
    train(folder / "source.spm", vocab_size=400, user_defined_symbols=["<br>"])
    train(folder / "target.spm", vocab_size=300, corpus=CORPUS[8:])
    write(folder, vocab=marian_vocab(pieces_of(folder / "target.spm"), rest=pieces_of(folder / "source.spm")), config=dict(model_type="marian"),
          tokenizer_config=dict(source_lang="en", target_lang="mul"))
    return MARIAN_TEXTS


def marian_two(folder):
    """Two tables, and BPE: what some later checkpoints have."""
    train(folder / "source.spm", vocab_size=400, model_type="bpe")
    train(folder / "target.spm", vocab_size=600, model_type="bpe", corpus=CORPUS[8:], byte_fallback=True)
    write(folder, vocab=marian_vocab([], rest=pieces_of(folder / "source.spm")), target_vocab=marian_vocab(pieces_of(folder / "target.spm")),
          config=dict(model_type="marian"), tokenizer_config=dict(source_lang="en", target_lang="fr", separate_vocabs=True))
    return ["The keeper climbed the stairs."]


MARIAN_TEXTS = [">>fra<< The keeper lit the lamp.", ">>fra<<The", ">>cmn_Hans<<", ">>xyz<< The keeper", ">>not closed", "The >>fra<< keeper", " >>fra<< The", "a<br>b <br> c",
                "</s>>>fra<< x", "x ★★☆ y ★", "ﬁne ①", "  two  spaces  "]

KINDS = {"gpt2": gpt2, "qwen2": qwen2, "roberta": roberta, "bert-cased": lambda folder: bert(folder, True), "bert-uncased": lambda folder: bert(folder, False),
         "t5": t5, "llama": llama, "xlm-roberta": xlm_roberta, "camembert": camembert, "marian": marian, "marian-two": marian_two}  # fmt: skip


def expect(folder, own):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    texts = TEXTS + own
    expected = dict(texts=own)
    if tokenizer.is_fast:
        encodings = [tokenizer.backend_tokenizer.encode(text) for text in texts]
        decoded = [tokenizer.backend_tokenizer.decode(e.ids, skip_special_tokens=False) for e in encodings]
        expected |= dict(ids=[e.ids for e in encodings], offsets=[utf16_offsets(t, e.offsets) for t, e in zip(texts, encodings)],
                         decoded=[None if d == t else d for t, d in zip(texts, decoded)])
    else:
        outputs = [[text, tokenizer(text_target=text)["input_ids"]] for text in CORPUS[8:]]
        expected |= dict(ids=[tokenizer(text)["input_ids"] for text in texts], outputs=[[*output, tokenizer.decode(output[1])] for output in outputs])
    write(folder, expected=expected)


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    for kind, make in KINDS.items():
        if sys.argv[1:] and kind not in sys.argv[1:]:
            continue
        folder = HERE / kind
        folder.mkdir(parents=True, exist_ok=True)
        expect(folder, make(folder) or [])
        for file in folder.iterdir():
            file.chmod(0o644)
        print(f"{kind:14} {sum(file.stat().st_size for file in folder.iterdir()) / 1000:6.0f} KB")
