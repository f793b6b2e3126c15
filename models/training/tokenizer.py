"""Train the byte-level BPE tokenizer that storyteller and recaller share."""

import argparse
import json
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from corpus import SEPARATOR, training_documents

CONTEXT = 512


def train(texts, vocabulary: int) -> Tokenizer:
    """A GPT-2 style tokenizer: all 256 bytes, the separator as id 0, nothing added around the text."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=[SEPARATOR],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--packages", type=Path, default=Path(".cache/training/npm"))
    parser.add_argument("--vocabulary", type=int, default=8192)
    parser.add_argument("--output", type=Path, default=Path("models/storyteller"))
    arguments = parser.parse_args()

    sources = training_documents(arguments.corpora, arguments.packages)
    texts = (document.text for documents in sources.values() for document in documents)
    tokenizer = train(texts, arguments.vocabulary)
    arguments.output.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(arguments.output / "tokenizer.json"))
    settings = {
        "add_prefix_space": False,
        "bos_token": SEPARATOR,
        "clean_up_tokenization_spaces": False,
        "eos_token": SEPARATOR,
        "model_max_length": CONTEXT,
        "tokenizer_class": "PreTrainedTokenizerFast",
        "unk_token": SEPARATOR,
    }
    (arguments.output / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n")
    print(f"{tokenizer.get_vocab_size()} tokens in {arguments.output}")


if __name__ == "__main__":
    main()
