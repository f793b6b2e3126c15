"""Read the training corpora as a list of documents.

Stories and tales are documents of their own, books are cut into passages, sentences are gathered into
short lists, and the source files of a few npm packages stand for code.
"""

import gzip
import hashlib
import io
import random
import re
import tarfile
from dataclasses import dataclass
from pathlib import Path

SEPARATOR = "<|endoftext|>"
STORIES = ["tinystories", "fairytaleqa", "african-storybook", "aesop"]
BOOKS = ["grimm", "andersen", "wilde", "bryant-stories", "burgess-busterbrown", "carroll-alice",
         "little_women", "edgeworth-parents"]
SENTENCES = "tatoeba-sentences"
HELD_OUT = "tinystories-validation"

PASSAGE_CHARACTERS = 12_000  # a book is cut at the first paragraph that ends after so many characters
CODE_CHARACTERS = 12_000  # of a source file only so many characters are taken
CODE_BUDGET = 1_100_000  # characters of code in all
HELD_OUT_SENTENCES = 1_000  # of the single sentences and of each language of pairs


@dataclass
class Document:
    """A text to train on; `starts` says whether its first character is really a beginning."""

    text: str
    starts: bool = True


def read_gzip(path: Path) -> str:
    """The text of a gzipped file, with plain line ends and no byte-order mark."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return file.read().replace("\r\n", "\n").lstrip("\ufeff")


def split_documents(text: str) -> list[str]:
    """The documents between separators."""
    return [part.strip() for part in text.split(SEPARATOR) if part.strip()]


def unwrap(text: str) -> str:
    """Join lines that were broken at a fixed width; verse and headings, which are indented or short, stay."""
    paragraphs = []
    for paragraph in re.split(r"\n\s*\n", text):
        lines = [line.rstrip() for line in paragraph.split("\n") if line.strip()]
        verse = any(line.startswith("  ") for line in lines)
        broken = lines and all(len(line) > 45 for line in lines[:-1])
        paragraphs.append(" ".join(lines) if broken and not verse else "\n".join(lines))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def passages(text: str) -> list[Document]:
    """Cut a book into passages of about PASSAGE_CHARACTERS at ends of paragraphs."""
    documents, current, size = [], [], 0
    for paragraph in text.split("\n"):
        current.append(paragraph)
        size += len(paragraph) + 1
        if size >= PASSAGE_CHARACTERS:
            documents.append(Document("\n".join(current).strip(), starts=not documents))
            current, size = [], 0
    documents.append(Document("\n".join(current).strip(), starts=not documents))
    return [document for document in documents if document.text]


def sentence_lists(text: str, rng: random.Random, share: float = 0.5) -> list[Document]:
    """Gather a random share of the sentences into lists of one to eight, one sentence a line."""
    sentences = [line.strip() for line in text.split("\n") if line.strip() and line.strip() != SEPARATOR]
    sentences = rng.sample(sentences, int(len(sentences) * share))
    documents = []
    while sentences:
        count = rng.randint(1, 8)
        documents.append(Document("\n".join(sentences[:count])))
        sentences = sentences[count:]
    return documents


def with_blank_lines(documents: list[Document], seed: int = 2) -> list[Document]:
    """Half of the documents with a blank line between paragraphs, as people write both."""
    rng = random.Random(seed)
    return [Document(re.sub(r"\n+", "\n\n", document.text)) if rng.random() < 0.5 else document
            for document in documents]


def code(folder: Path, rng: random.Random) -> list[Document]:
    """Source files of the npm packages (`npm pack`ed archives) in a folder."""
    documents = []
    for archive in sorted(folder.glob("*.tgz")):
        with tarfile.open(archive) as package:
            for member in package.getmembers():
                name = member.name
                wanted = re.search(r"/src/.*\.(ts|tsx|js)$|/lib/lib\..*\.d\.ts$|/browser/dist/.*\.js$", name)
                if not wanted or re.search(r"tests?/|locales/|bench", name) or not member.isfile():
                    continue
                text = io.TextIOWrapper(package.extractfile(member), encoding="utf-8").read()
                text = text.replace("\r\n", "\n").strip()
                if 200 < len(text):
                    documents.append(Document(text[:CODE_CHARACTERS]))
    rng.shuffle(documents)
    chosen, size = [], 0
    for document in documents:
        if size + len(document.text) <= CODE_BUDGET:
            chosen.append(document)
            size += len(document.text)
    return chosen


def training_documents(corpora: Path, packages: Path | None, seed: int = 1) -> dict[str, list[Document]]:
    """Every document to train on, by source; no code without packages. The held-out file is never among them."""
    rng = random.Random(seed)
    english = corpora / "english"
    sources = {name: [Document(text) for text in split_documents(read_gzip(english / f"{name}.txt.gz"))]
               for name in STORIES}
    for name in BOOKS:
        book = read_gzip(english / f"{name}.txt.gz")
        sources[name] = [passage for part in split_documents(book) for passage in passages(unwrap(part))]
    sources[SENTENCES] = sentence_lists(read_gzip(english / f"{SENTENCES}.txt.gz"), rng)
    if packages:
        sources["code"] = code(packages, rng)
    return sources


def held_out_documents(corpora: Path) -> list[str]:
    """The documents of the held-out file, which has no separators: its stories follow one another."""
    return split_documents(read_gzip(corpora / "english" / f"{HELD_OUT}.txt.gz"))


def by_hash(texts) -> list[str]:
    """The different texts in an order that depends on nothing but themselves."""
    return sorted(set(texts), key=lambda text: hashlib.sha256(text.encode()).hexdigest())


def sentences(corpora: Path) -> list[str]:
    """Every English sentence of Tatoeba."""
    lines = read_gzip(corpora / "english" / f"{SENTENCES}.txt.gz").split("\n")
    return [line.strip() for line in lines if line.strip() and line.strip() != SEPARATOR]


def reader_texts(corpora: Path) -> tuple[list[str], list[str], list[str]]:
    """What reader is trained on: stories, tales and books; sentences; and sentences that are held out."""
    sources = training_documents(corpora, packages=None)
    del sources[SENTENCES]
    texts = [document.text for documents in sources.values() for document in documents]
    ordered = by_hash(sentences(corpora))
    held_out = ordered[:HELD_OUT_SENTENCES]
    near = {bare(sentence) for sentence in held_out}
    return texts, [sentence for sentence in ordered if bare(sentence) not in near], held_out


# --- pairs of sentences ----------------------------------------------------------------------------------------

LANGUAGES = {"cmn_Hans": "eng-cmn", "fra": "eng-fra"}


@dataclass
class Pair:
    """An English sentence and its translation."""

    source: str
    target: str


def bare(sentence: str) -> str:
    """A sentence without case, punctuation and spaces, by which near duplicates are found."""
    return re.sub(r"[\W_]+", "", sentence.lower()) or sentence


def pairs(corpora: Path, language: str) -> list[Pair]:
    """Every pair of a language, in the order of the file."""
    lines = read_gzip(corpora / "parallel" / f"{LANGUAGES[language]}.tsv.gz").split("\n")
    columns = [line.split("\t") for line in lines if line.strip()]
    return [Pair(source.strip(), target.strip()) for source, target, *_ in columns]


def split_pairs(corpora: Path) -> tuple[dict[str, list[Pair]], dict[str, list[Pair]]]:
    """Training and held-out pairs by language.

    A language's held-out part are the HELD_OUT_SENTENCES English sentences whose hash is smallest, each with the
    first of its translations. A pair is trained on only if neither its English sentence is held out for any
    language nor its translation is a translation of a held-out sentence, case and punctuation aside.
    """
    every = {language: pairs(corpora, language) for language in LANGUAGES}
    held_out, sources, targets = {}, set(), set()
    for language, members in every.items():
        chosen = set(by_hash(bare(pair.source) for pair in members)[:HELD_OUT_SENTENCES])
        first = {}
        for pair in members:
            if bare(pair.source) in chosen:
                first.setdefault(bare(pair.source), pair)
                targets.add((language, bare(pair.target)))
        held_out[language] = [first[key] for key in by_hash(first)]
        sources |= chosen
    # a sentence held out for one language is held out for the other too, and so are its translations there
    for language, members in every.items():
        targets |= {(language, bare(pair.target)) for pair in members if bare(pair.source) in sources}
    training = {language: [pair for pair in members if bare(pair.source) not in sources
                           and (language, bare(pair.target)) not in targets] for language, members in every.items()}
    return training, held_out


if __name__ == "__main__":
    import argparse

    parser = argparse.ArgumentParser(description="List what the corpora hold.")
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--packages", type=Path, default=Path(".cache/training/npm"))
    arguments = parser.parse_args()
    for source, documents in training_documents(arguments.corpora, arguments.packages).items():
        print(f"{source:22} {len(documents):7,} documents {sum(len(d.text) for d in documents):11,} characters")
    for language, members in split_pairs(arguments.corpora)[0].items():
        print(f"{language:22} {len(members):7,} pairs {sum(len(p.source) + len(p.target) for p in members):15,} characters")
