"""chrF, by which translations are compared with a reference character by character.

Maja Popović (2015), "chrF: character n-gram F-score for automatic MT evaluation", WMT 15, pages 392–395:

    chrFβ = (1 + β²) · chrP · chrR / (β² · chrP + chrR)

where chrP and chrR are the precision and the recall of character n-grams, averaged over n = 1 … 6, without spaces.
Counts are summed over all sentences before they are divided; β = 2 weighs recall twice as much as precision.
"""

from collections import Counter

LONGEST, BETA = 6, 2


def ngrams(text: str, n: int) -> Counter:
    """How often each run of n characters occurs, spaces left out."""
    text = "".join(text.split())
    return Counter(text[start:start + n] for start in range(len(text) - n + 1))


def chrf(translations: list[str], references: list[str]) -> float:
    """chrF of all translations together, from 0 to 100."""
    precisions, recalls = [], []
    for n in range(1, LONGEST + 1):
        matching = given = wanted = 0
        for translation, reference in zip(translations, references, strict=True):
            ours, theirs = ngrams(translation, n), ngrams(reference, n)
            matching += (ours & theirs).total()
            given += ours.total()
            wanted += theirs.total()
        if given and wanted:
            precisions.append(matching / given)
            recalls.append(matching / wanted)
    if not any(precisions):
        return 0.0
    precision, recall = sum(precisions) / len(precisions), sum(recalls) / len(recalls)
    return 100 * (1 + BETA**2) * precision * recall / (BETA**2 * precision + recall)
