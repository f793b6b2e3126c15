"""Write models/translator/ATTRIBUTION.md: whose sentences translator was trained on, as far as the corpora say."""

import argparse
import re
from pathlib import Path

from corpus import LANGUAGES, read_gzip

HEAD = """# Attribution for translator

The weights in this folder were trained on pairs of sentences from **Tatoeba**, https://tatoeba.org, CC BY 2.0 FR \
(https://creativecommons.org/licenses/by/2.0/fr/), by the contributors of Tatoeba. None of them is distributed here.

- English and French: {french:,} pairs.
- English and Chinese: {chinese:,} pairs, with sentences by {count:,} contributors:

{names}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--output", type=Path, default=Path("models/translator/ATTRIBUTION.md"))
    arguments = parser.parse_args()

    lines = {language: read_gzip(arguments.corpora / "parallel" / f"{file}.tsv.gz").strip().split("\n")
             for language, file in LANGUAGES.items()}
    credits = [columns[2] for columns in (line.split("\t") for line in lines["cmn_Hans"]) if len(columns) > 2]
    names = sorted({name for credit in credits for name in re.findall(r"#\d+ \(([^)]*)\)", credit)}, key=str.lower)
    arguments.output.write_text(HEAD.format(french=len(lines["fra"]), chinese=len(lines["cmn_Hans"]),
                                            count=len(names), names=", ".join(names)))
    print(f"{len(names)} contributors")


if __name__ == "__main__":
    main()
