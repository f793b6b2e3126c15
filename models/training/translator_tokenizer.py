"""Train translator's tokenizer: one vocabulary for English, French and Chinese."""

import argparse
import json
from collections import Counter
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from corpus import LANGUAGES, split_pairs

END, UNKNOWN, PADDING = "</s>", "<unk>", "<pad>"
POSITIONS = 128


def target_token(language: str) -> str:
    """The token that stands before a source text and says which language is wanted."""
    return f">>{language}<<"


def train(texts: list[str], vocabulary: int, rare: int) -> Tokenizer:
    """A unigram tokenizer that knows every character which occurs at least `rare` times.

    NFC and not NFKC: the latter would turn Chinese ？ and ， into the half-width ones of Latin text. The various
    narrow and unbreakable spaces of French become plain ones.
    """
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.NFC(),
        normalizers.Replace(Regex("[\u00a0\u2009\u202f\u3000]"), " "),
        normalizers.Replace("’", "'"),
    ])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    characters = Counter(character for text in texts for character in tokenizer.normalizer.normalize_str(text))
    trainer = trainers.UnigramTrainer(
        vocab_size=vocabulary,
        special_tokens=[END, UNKNOWN, *map(target_token, LANGUAGES), PADDING],
        unk_token=UNKNOWN,
        initial_alphabet=sorted(c for c, count in characters.items() if count >= rare and not c.isspace()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"$A {END}", pair=f"$A $B {END}", special_tokens=[(END, tokenizer.token_to_id(END))])
    return tokenizer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--vocabulary", type=int, default=6144)
    parser.add_argument("--rare", type=int, default=3)
    parser.add_argument("--output", type=Path, default=Path("models/translator"))
    arguments = parser.parse_args()

    training, _ = split_pairs(arguments.corpora)
    # as the model sees them: Chinese three times, see translator.py; an English sentence once
    texts = [pair.target for pair in training["fra"]] + [pair.target for pair in training["cmn_Hans"]] * 3
    texts += sorted({pair.source for pairs in training.values() for pair in pairs})
    tokenizer = train(texts, arguments.vocabulary, arguments.rare)
    arguments.output.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(arguments.output / "tokenizer.json"))
    settings = {
        "additional_special_tokens": [target_token(language) for language in LANGUAGES],
        "clean_up_tokenization_spaces": False,
        "eos_token": END,
        "model_max_length": POSITIONS,
        "pad_token": PADDING,
        "tokenizer_class": "PreTrainedTokenizerFast",
        "unk_token": UNKNOWN,
    }
    (arguments.output / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n")
    print(f"{tokenizer.get_vocab_size()} tokens in {arguments.output}")
    for text in (">>cmn_Hans<< The teacher taught the student with the book.", "老师用这本书教学生。", "L'élève lit, n'est-ce pas ?"):
        print(tokenizer.encode(text).tokens, tokenizer.decode(tokenizer.encode(text).ids))


if __name__ == "__main__":
    main()
