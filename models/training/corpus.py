"""Read the training corpora as a list of documents.

Stories and tales are documents of their own, books are cut into passages, sentences are gathered into
short lists, and the source files of a few npm packages stand for code.
"""

import gzip
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


def training_documents(corpora: Path, packages: Path, seed: int = 1) -> dict[str, list[Document]]:
    """Every document to train on, by source. The held-out file is never among them."""
    rng = random.Random(seed)
    english = corpora / "english"
    sources = {name: [Document(text) for text in split_documents(read_gzip(english / f"{name}.txt.gz"))]
               for name in STORIES}
    for name in BOOKS:
        book = read_gzip(english / f"{name}.txt.gz")
        sources[name] = [passage for part in split_documents(book) for passage in passages(unwrap(part))]
    sources[SENTENCES] = sentence_lists(read_gzip(english / f"{SENTENCES}.txt.gz"), rng)
    sources["code"] = code(packages, rng)
    return sources


def held_out_documents(corpora: Path) -> list[str]:
    """The documents of the held-out file, which has no separators: its stories follow one another."""
    return split_documents(read_gzip(corpora / "english" / f"{HELD_OUT}.txt.gz"))


if __name__ == "__main__":
    import argparse

    parser = argparse.ArgumentParser(description="List what the corpora hold.")
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--packages", type=Path, default=Path(".cache/training/npm"))
    arguments = parser.parse_args()
    for source, documents in training_documents(arguments.corpora, arguments.packages).items():
        print(f"{source:22} {len(documents):7,} documents {sum(len(d.text) for d in documents):11,} characters")
