"""Write test/fixtures/tokens-storyteller.json: what the Rust tokenizers library makes of about 200 texts.

Offsets are in Unicode code points, as that library gives them in Python, not in UTF-16 units.

    python test/goldens/make_tokens.py
"""

import argparse
import json
import unicodedata
from pathlib import Path

from tokenizers import Tokenizer

ROOT = Path(__file__).parents[2]

ASCII = [
    "", " ", "  ", "a", " a", "a ", "The", " the", "Once upon a time, there was a little girl named Lily.",
    "Hello, world!", "Don't you think it's they're, we've, I'll, he'd, I'm?", "DON'T SHOUT, IT'S LATE", "don''t 's 't",
    "one  two   three    four", "trailing space ", "trailing spaces   ", "   leading spaces", "0", "7 42 1999 2026",
    "3.14159", "1,000,000", "£5.50 + $3 = 100%", "a1b2c3", "x_1 = y_2", "...", "…", "?!?!", "--", "—", "()[]{}<>",
    "\"quoted\"", "'single'", "`code`", "e-mail@example.org", "https://example.org/a?b=c&d=%20#top", "C:\\temp\\file.txt",
    "The quick brown fox jumps over the lazy dog.", "MiXeD CaSe WoRdS", "UPPERCASE", "~!@#$%^&*()_+|", "a\"b'c",
    "\"I am hungry,\" said the bear. \"So am I,\" said the fox.",
]
WHITESPACE = [
    "\n", "\n\n", "\n\n\n", "\r\n", "\r", "\t", "\t\t", "a\nb", "a\n\nb", "a\r\nb", "a\r\n\r\nb", "line one\r\nline two\r\n",
    "a\tb", "  indented\n    more\n", "end \n", "end\n ", " \n ", "a\u00a0b", "a\u2003b", "a\u3000b", "a\u200bb", "\ufeffa",
    "a\u2028b\u2029c", "a\x0bb\x0cc", "a\x85b", "\u1680x", "a  \n  b",
]
CONTROL = ["\x00", "a\x00b", "\x01\x02\x03", "\x1b[31mred\x1b[0m", "\x7f", "a\x80b", "\u00ad", "soft\u00adhyphen", "\ufffd",
           "\ufffe", "\U0010ffff", "\ue000", "\ufffc"]
LATIN = ["café", "naïve façade", "Ångström", "Ærøskøbing", "straße", "ŁÓDŹ", "İstanbul ıssız", "Þórr", "señor ¿qué?",
         "crème brûlée à la carte", "œuvre", "ﬁne ﬂow", "Dvořák", "Việt Nam", "ǅ ǆ", "½ ² ³ ™ ©", "‘curly’ “quotes”", "don’t"]
NORMAL_FORMS = [form for text in ["café", "Việt", "Å", "ñandú", "한글", "が", "naïve"]
                for form in (unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text))]
NORMAL_FORMS += ["Å Å", "a\u0301\u0323", "e\u0301\u0301\u0301", "\u0301", " \u0301a", "Z͑ͫ̓a̴l͝g̷o"]
SCRIPTS = [
    "你好，世界", "从前有一只小狐狸。", "我是学生", "繁體中文", "日本語のテキスト", "カタカナ ひらがな", "한국어 문장입니다", "中a文b", "𠀀𠮷", "「引用」",
    "שלום עולם", "בְּרֵאשִׁית", "مرحبا بالعالم", "السَّلَامُ عَلَيْكُمْ", "abc שלום 123 مرحبا", "\u202bשלום\u202c", "فارسی\u200cنویسی",
    "नमस्ते दुनिया", "क्षत्रिय", "ภาษาไทย", "தமிழ்", "မြန်မာ", "ខ្មែរ", "Привет, мир", "Українська мова", "Ελληνικά", "ἀρχή",
    "ქართული", "Հայերեն", "አማርኛ", "ᏣᎳᎩ", "𝔣𝔯𝔞𝔨𝔱𝔲𝔯 𝕏", "𐍈", "१२३ ٤٥٦ ៧", "Ⅳ ⅷ ①", "∑∫√π≈∞", "→←↑↓", "█▓░",
]
EMOJI = [
    "😀", "a😀b", " 😀", "😀😀", "👍🏽", "👍🏻👍🏿", "👨‍👩‍👧‍👦", "family: 👨‍👩‍👧‍👦!", "👩🏾‍🚀", "🏳️‍🌈", "🏴‍☠️", "🇩🇪", "🇩🇪🇫🇷", "❤️", "❤", "☺️", "1️⃣", "#️⃣",
    "🧑‍💻 writes code", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👨‍", "\u200d", "\ufe0f", "🫠", "the fox 🦊 and the moon 🌙",
]
CODE = [
    "const x = 1;", "function add(a: number, b: number): number {\n  return a + b;\n}\n", "export default class Foo extends Bar {}",
    "if (a && b || !c) { return; }", "\tfor (let i = 0; i < n; i++) {\n\t\tsum += xs[i];\n\t}", "def f(x):\n    return x**2\n",
    "import { readFile } from 'node:fs/promises';", "// a comment\n/* another */", "`${name}: ${value}`", "a?.b ?? c", "x => x * 2",
    "<div class=\"row\">&amp;</div>", "{\"key\": [1, 2, null, true]}", "SELECT * FROM t WHERE id = 'x';", "#include <stdio.h>\r\n",
    "camelCaseIdentifierName snake_case_name SCREAMING_CASE", "0xDEADBEEF 0b1010 1e-9", "/^[a-z]+\\d*$/gi", "    \n        nested",
    "type Pair<A, B> = readonly [A, B];", "interface Options {\n  readonly name?: string;\n}",
]
LONG = [
    "a" * 300, "Donaudampfschifffahrtsgesellschaftskapitän", "pneumonoultramicroscopicsilicovolcanoconiosis", "ab" * 150, "1" * 200,
    " " * 130, "\n" * 40, "=" * 80, "-" * 33, "😀" * 20, "中" * 50, "é" * 60, "xX" * 40 + " end", "antidisestablishmentarianism " * 4,
]
SPECIAL = [
    "<|endoftext|>", "<|endoftext|>Once", "Once<|endoftext|>", "One.<|endoftext|>Two.", "One. <|endoftext|> Two.",
    "<|endoftext|><|endoftext|>", "<|endoftext|", "|endoftext|>", "< |endoftext| >", "<|ENDOFTEXT|>", "a\n<|endoftext|>\nb",
    "<|endoftext|>é", "😀<|endoftext|>😀", "<|startoftext|>",
]
GROUPS = dict(ascii=ASCII, whitespace=WHITESPACE, control=CONTROL, latin=LATIN, normal_forms=NORMAL_FORMS, scripts=SCRIPTS,
              emoji=EMOJI, code=CODE, long=LONG, special=SPECIAL)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tokenizer", type=Path, default=ROOT / "models/storyteller/tokenizer.json")
    parser.add_argument("--output", type=Path, default=ROOT / "test/fixtures/tokens-storyteller.json")
    arguments = parser.parse_args()

    tokenizer = Tokenizer.from_file(str(arguments.tokenizer))
    cases = []
    for group, texts in GROUPS.items():
        for text in texts:
            encoding = tokenizer.encode(text)
            assert tokenizer.decode(encoding.ids, skip_special_tokens=False) == text, text
            cases.append(dict(group=group, text=text, ids=encoding.ids, offsets=[list(pair) for pair in encoding.offsets]))
    lines = ",\n".join(json.dumps(case) for case in cases)
    arguments.output.write_text(f"[\n{lines}\n]\n")
    print(f"{len(cases)} texts in {arguments.output.name}")


if __name__ == "__main__":
    main()
