"""Train reader's tokenizer: lower-casing word pieces, as BERT's."""

import argparse
import json
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from corpus import reader_texts

PADDING, UNKNOWN, START, END, MASK = "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"
POSITIONS = 256


def train(texts, vocabulary: int) -> Tokenizer:
    """A tokenizer that does what bert-base-uncased's does, with pieces of these texts."""
    tokenizer = Tokenizer(models.WordPiece(unk_token=UNKNOWN, max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    trainer = trainers.WordPieceTrainer(vocab_size=vocabulary, special_tokens=[PADDING, UNKNOWN, START, END, MASK],
                                        limit_alphabet=100, show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{START} $A {END}", pair=f"{START} $A {END} $B:1 {END}:1",
        special_tokens=[(token, tokenizer.token_to_id(token)) for token in (START, END)])
    return tokenizer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--vocabulary", type=int, default=4096)
    parser.add_argument("--output", type=Path, default=Path("models/reader"))
    arguments = parser.parse_args()

    texts, sentences, _ = reader_texts(arguments.corpora)
    tokenizer = train([*texts, *sentences], arguments.vocabulary)
    arguments.output.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(arguments.output / "tokenizer.json"))
    settings = {
        "clean_up_tokenization_spaces": True,
        "cls_token": START,
        "do_lower_case": True,
        "mask_token": MASK,
        "model_max_length": POSITIONS,
        "pad_token": PADDING,
        "sep_token": END,
        "tokenizer_class": "PreTrainedTokenizerFast",
        "unk_token": UNKNOWN,
    }
    (arguments.output / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n")
    print(f"{tokenizer.get_vocab_size()} tokens in {arguments.output}")
    print(tokenizer.encode("The little fox was [MASK], so she unwrapped an encyclopædia.").tokens)


if __name__ == "__main__":
    main()
