"""Sentences of our own about teachers, students and books, in the three languages of translator.

Collected sentences hardly ever say who did what to whom by means of what, which is what the lessons' running example
does. A small grammar says it with many people, deeds and things. What a teacher does to a student with something is
left out altogether, so that the running example is nothing that translator has seen.
"""

import random
from dataclasses import dataclass

from corpus import Pair


@dataclass(frozen=True)
class Noun:
    english: str
    french: str  # with its article
    chinese: str


@dataclass(frozen=True)
class Verb:
    english: str
    french: str  # of the past; "à" behind it where the object takes it
    chinese: str


PEOPLE = [Noun("teacher", "le professeur", "老师"), Noun("student", "l'étudiant", "学生"),
          Noun("boy", "le garçon", "男孩"), Noun("girl", "la fille", "女孩"), Noun("mother", "la mère", "妈妈"),
          Noun("father", "le père", "爸爸"), Noun("child", "l'enfant", "孩子"), Noun("doctor", "le médecin", "医生"),
          Noun("woman", "la femme", "女人"), Noun("man", "l'homme", "男人"), Noun("farmer", "le fermier", "农夫"),
          Noun("friend", "l'ami", "朋友"), Noun("king", "le roi", "国王"), Noun("queen", "la reine", "女王")]
THINGS = [Noun("book", "le livre", "书"), Noun("letter", "la lettre", "信"), Noun("picture", "l'image", "图片"),
          Noun("map", "la carte", "地图"), Noun("pencil", "le crayon", "铅笔"), Noun("pen", "le stylo", "钢笔"),
          Noun("computer", "l'ordinateur", "电脑")]
DEEDS = [Verb("taught", "a enseigné à", "教了"), Verb("helped", "a aidé", "帮助了")]  # by means of something
OTHER_DEEDS = [Verb("saw", "a vu", "看见了"), Verb("called", "a appelé", "叫了"), Verb("found", "a trouvé", "找到了"),
               Verb("thanked", "a remercié", "感谢了"), Verb("loved", "aimait", "爱"),
               Verb("followed", "a suivi", "跟着"), Verb("answered", "a répondu à", "回答了")]
HANDLED = [Verb("lost", "a perdu", "丢了"), Verb("found", "a trouvé", "找到了"), Verb("bought", "a acheté", "买了")]


def sentence(words: str, end: str) -> str:
    """The words with a capital letter, French contractions and an end."""
    words = words.replace(" à le ", " au ")
    return words[0].upper() + words[1:] + end


def classroom_pairs() -> dict[str, list[Pair]]:
    """Every sentence of the grammar, by language of the translation."""
    pairs = {"cmn_Hans": [], "fra": []}

    def add(english: str, french: str, chinese: str) -> None:
        pairs["fra"].append(Pair(sentence(english, "."), sentence(french, ".")))
        pairs["cmn_Hans"].append(Pair(sentence(english, "."), sentence(chinese, "。")))

    for who in PEOPLE:
        for verb in HANDLED:
            for thing in THINGS:
                add(f"the {who.english} {verb.english} the {thing.english}", f"{who.french} {verb.french} {thing.french}",
                    f"{who.chinese}{verb.chinese}{thing.chinese}")
        for whom in PEOPLE:
            if who == whom:
                continue
            for verb in DEEDS + OTHER_DEEDS:
                add(f"the {who.english} {verb.english} the {whom.english}", f"{who.french} {verb.french} {whom.french}",
                    f"{who.chinese}{verb.chinese}{whom.chinese}")
            for thing in THINGS:
                add(f"the {who.english} gave the {thing.english} to the {whom.english}",
                    f"{who.french} a donné {thing.french} à {whom.french}",
                    f"{who.chinese}把{thing.chinese}给了{whom.chinese}")
                if (who.english, whom.english) == ("teacher", "student"):
                    continue
                for verb in DEEDS:
                    add(f"the {who.english} {verb.english} the {whom.english} with the {thing.english}",
                        f"{who.french} {verb.french} {whom.french} avec {thing.french}",
                        f"{who.chinese}用{thing.chinese}{verb.chinese}{whom.chinese}")
    return pairs


def sample(pairs: list[Pair], count: int, rng: random.Random) -> list[Pair]:
    """Some of the sentences for one pass."""
    return rng.sample(pairs, min(count, len(pairs)))
