"""Makes the tiny tokenizers of test/fixtures/tokenizers and what the Rust library says of them.

    pip install tokenizers sentencepiece
    python test/goldens/make_tokenizers.py

For each kind: <kind>.json is the tokenizer, <kind>.expected.json holds for each text of texts.json
  ids      the ids, with those the tokenizer adds
  offsets  start and end of each in the text, flat, as UTF-16 offsets
  decoded  the ids decoded with special tokens kept; null where that is the text itself
The tokenizers are trained on the few lines below, so that everything here can be made again. Training breaks
ties at random, so a new run makes other tokenizers of the same kinds; each fits its own expected file.
"""

import base64
import json
import random
import tempfile
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

OUT = Path(__file__).parent.parent / "fixtures" / "tokenizers"

CORPUS = """
The lighthouse keeper climbed the stairs every evening and lit the lamp before the ships came home.
She wasn't sure what they'd see from the water, but she knew it'd be enough; it's always been enough.
"Who goes there?" asked the keeper. "Only the wind," said the wind, and it laughed. 12 boats, 345 lamps, 1999 nights.
function attend(query, key) { return softmax(query.map((q) => dot(q, key)) / Math.sqrt(64)); }
const headlight = new Headlight({ layers: 6, heads: 8, width: 256 }); // every head has a view
def lighten(lamp): return [ray for ray in lamp.rays if ray.strength > 0.5]
Le gardien du phare monte l'escalier chaque soir; la mer était calme, l'été déjà fini, où êtes-vous?
Der Wärter steigt jeden Abend die Treppe hinauf. Größe, Straße, Öl und Übermut.
El niño encendió la lámpara. ¿Qué verán los barcos? ¡Mañana será otro día!
灯塔的守护人每天晚上都会点亮灯火。船只在黑夜中回家。今天天气很好，我们去海边看灯塔。
灯台守は毎晩ランプに火をつけます。船は海から帰ってきます。
등대지기는 매일 저녁 등불을 켭니다. 배들이 집으로 돌아옵니다.
Смотритель маяка поднимается по лестнице каждый вечер и зажигает лампу.
Ο φύλακας του φάρου ανεβαίνει τη σκάλα κάθε βράδυ. ΟΔΥΣΣΕΑΣ
שומר המגדלור מדליק את האור בכל ערב. حارس المنارة يشعل المصباح كل مساء.
दीपघर का रखवाला हर शाम दीप जलाता है। ไฟประภาคารส่องสว่างทุกคืน
The lamp 🔦 shines 🚢🌊 and the family 👨‍👩‍👧 waves 👋🏽 at it ❤️ 🇫🇷.
""".strip().splitlines()

TEXTS = [
    "a", " ", "\n", "Hello", " Hello", "Hello ", "  Hello", "Hello  world", "hello world", "HELLO WORLD", "Hello, world!",
    "The lighthouse keeper climbed the stairs.", "She wasn't sure what they'd see, and it's fine: I'll go, we've been, you're here, I'm not.",
    "don't DON'T Don’t", "line one\nline two\n\nline four", "CRLF one\r\nCRLF two\r\n\r\nend", "lone\rreturn", "tab\tand\ttab\t\ttwo", "trailing   ", "   leading",
    "a  b   c    d     e", " a b ", "NUL\x00inside", "\x00", "bell\x07 and escape\x1b[0m", "del\x7f next\x85line", "no\u00a0break\u2003em\u3000ideographic", "zero\u200bwidth\u200cjoin\u200der\u2060word", "\ufeffbyte order mark", "mid\ufeffdle",
    "soft\u00adhyphen", "left\u200eto\u200fright", "replacement \ufffd char", "private \ue000 use", "non-character \ufdd0 here", "unassigned \u0378 here", "été", "e\u0301te\u0301", "E\u0301COLE École", "naïve café", "\u0301starts with an accent",
    "a\u0301\u0323\u0302b", "a\u0323\u0301 \u1e69 \u1e9b\u0323", "Ångström Å\u212b", "ﬁne ﬂow oﬃce", "①②③ ½ ² ³", "ＦＵＬＬ　ｗｉｄｔｈ", "ｶﾞｷﾞｸﾞ", "가각\u1100\u1161\u11a8", "\u1112\u1161\u11ab한국", "Straße STRASSE ẞ", "İstanbul ISTANBUL ı", "ΟΔΥΣΣΕΑΣ Σίσυφος ς", "ǅ ǆ Ǆ",
    "你好，世界！", "今天天气很好。", "灯塔的守护人", "中文 and English 混合", "漢字かな交じり文", "ランプ", "㐀㐁 \U00020000\U0002a6d6 豈", "\U0002b740 \U0002b820 \U00030000", "등대지기는 매일", "안녕하세요 세계", "שלום עולם", "שָׁלוֹם", "مرحبا بالعالم", "مُحَمَّد", "दीपघर का रखवाला", "ไฟประภาคาร",
    "Смотритель МАЯКА ёж йод", "Việt Nam thật đẹp", "Ελλάδα ή ᾳ", "🔦", "🚢🌊", "👨‍👩‍👧", "👨‍👩‍👧‍👦 family", "👋🏽", "❤️ ❤", "🇫🇷🇩🇪", "a🔦b", "☃ ☂", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "1️⃣ #️⃣", "𝕳𝖊𝖑𝖑𝖔", "𐐀𐐨 deseret", "ℵ ∑ ∫ ≠", "→ ← ⇒",
    "0", "12", "345", "1234567890", "3.14159", "1,000,000.50", "0x1F", "٣٤٥", "Ⅷ ⅷ", "x2 y3z 4a5", "snake_case_name", "camelCaseName", "kebab-case-name", "SCREAMING_CASE", "a.b.c", "...", "!!!", "?!?!", "--", "——", "“quoted” ‘text’", "`code` ``x''y", "$5 €6 ^~|<=>+",
    "function attend(query, key) { return 0; }", "const x = { a: 1, 'b': [2, 3] };", "if (a && b || !c) {\n  return a ?? b;\n}\n", "\tdef f(x):\n\t\treturn x**2  # square\n", "<div class=\"x\">text</div>", "https://example.org/a?b=c&d=e#f", "C:\\path\\to\\file.txt", "name@example.org", "#include <stdio.h>\r\nint main(void) { return 0; }\r\n", "# Title\n\n- item *one*\n- item **two**\n\n```ts\nlet x;\n```\n",
    "▁", "▁▁Hello▁world", "a▁b", " ▁ ", "Ġ Ċ Ġhello", "##ing ##", "[CLS] [SEP]", "[MASK] here", "hello[MASK]world", "<s>", "</s>", "<s>Hello</s>", "Hello</s> world", " <s> Hello", "<unk>", "[UNK] x", "<0x41> <0xE4>", "<|endoftext|>", "one<|endoftext|>two", "one <|endoftext|> two", "<|endoftext|><|endoftext|>", "<|endoftext", "<|pad|> x", "x  <mask>  y", "a<mask>b", "keep KEEP keeper keep", "keep", "keep-it", "<Tag> <tag> tag", "Ctrl ctrl CTRL+C", "extra  spaces   token",
    "supercalifragilisticexpialidocious", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "a" * 120, "é" * 40, "好" * 30, "ab " * 30, "the the the the", "ththththe", "\n\n\n\n", " \n \n ", "\u2028line\u2029separators", "x\u0300\u0301\u0302\u0303\u0304y", "\u0640\u0640", "\u1e9e\u0130\u0149", "ŉ ǰ ΐ", "\u03d2\u0301", "\u0344", "\u2126 \u212a", "～ 〜 ~", "‥ … ．．．", "㍿ ㌔ ㎏", "ﷺ", "゛ ゜ か\u3099", "\u0f77 \u0f73", "\U0001d15e", "q\u0307\u0323", "\u200d", "\ufe0f", "",
]

FRAGMENTS = [
    "the", " keeper", " lamp", "Light", " HOUSE", "n't", "'s", " ", "  ", "\n", "\r\n", "\t", ".", ",", "!", "?", " (", ") ", "é", "e\u0301", "ß", "Ö", "12", " 7", "你", "好", "灯塔", "。", "ラ", "등", "ש", "م", "दी", "🔦", "👨‍👩‍👧", "👋🏽", "\u200b", "\u00a0", "\x00", "_", "=>", "{", "}", "<s>", "<|endoftext|>", "[MASK]", "▁", "ﬁ", "①", "keep", "\ufffd", "Σ", "İ",
]


def all_texts():
    chance = random.Random(7)
    mixed = ["".join(chance.choice(FRAGMENTS) for _ in range(chance.randint(2, 14))) for _ in range(70)]
    return TEXTS + mixed


def utf16_offsets(text, offsets):
    at = [0]
    for character in text:
        at.append(at[-1] + (2 if ord(character) > 0xFFFF else 1))
    return [at[edge] for pair in offsets for edge in pair]


def save(kind, tokenizer, texts):
    path = OUT / f"{kind}.json"
    tokenizer.save(str(path), pretty=False)
    tokenizer = Tokenizer.from_file(str(path))
    encodings = [tokenizer.encode(text) for text in texts]
    decoded = [tokenizer.decode(e.ids, skip_special_tokens=False) for e in encodings]
    expected = {
        "ids": [e.ids for e in encodings],
        "offsets": [utf16_offsets(t, e.offsets) for t, e in zip(texts, encodings)],
        "decoded": [None if d == t else d for t, d in zip(texts, decoded)],
    }
    (OUT / f"{kind}.expected.json").write_text(json.dumps(expected, separators=(",", ":"), ensure_ascii=False), encoding="utf-8")


def train(tokenizer, trainer):
    tokenizer.train_from_iterator(CORPUS, trainer)
    return tokenizer


def bpe_trainer(size, special=(), **options):
    return trainers.BpeTrainer(vocab_size=size, special_tokens=list(special), show_progress=False, **options)


def byte_level(prefix_space):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix_space, trim_offsets=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    return train(tokenizer, bpe_trainer(600, ["<|endoftext|>"], initial_alphabet=alphabet))


def gpt2():
    tokenizer = byte_level(False)
    tokenizer.add_special_tokens(["<|pad|>"])
    tokenizer.add_tokens([AddedToken("  ", normalized=False), AddedToken("keep", single_word=True), "Ctrl"])
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return tokenizer


def roberta():
    tokenizer = byte_level(True)
    tokenizer.add_special_tokens(["<s>", "</s>", AddedToken("<mask>", lstrip=True, rstrip=True)])
    ids = tokenizer.token_to_id
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", ids("</s>")), ("<s>", ids("<s>")), trim_offsets=False, add_prefix_space=True)
    return tokenizer


def llama3():
    pattern = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    tokenizer = Tokenizer(models.BPE(ignore_merges=True))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(pattern), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=False, use_regex=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    train(tokenizer, bpe_trainer(600, ["<|endoftext|>", "<s>"], initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet())))
    template = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", tokenizer.token_to_id("<s>"))])
    tokenizer.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False), template])
    return tokenizer


def clip():
    tokenizer = Tokenizer(models.BPE(unk_token="<|endoftext|>", end_of_word_suffix="</w>"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()])
    pattern = r"<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(pattern), "removed", invert=True), pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    train(tokenizer, bpe_trainer(600, ["<s>", "<|endoftext|>"], initial_alphabet=alphabet, end_of_word_suffix="</w>"))
    ids = tokenizer.token_to_id
    tokenizer.post_processor = processors.RobertaProcessing(("<|endoftext|>", ids("<|endoftext|>")), ("<s>", ids("<s>")), trim_offsets=False, add_prefix_space=False)
    return tokenizer


def bert(lowercase):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    train(tokenizer, trainers.WordPieceTrainer(vocab_size=700, special_tokens=special, show_progress=False))
    ids = tokenizer.token_to_id
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", ids("[CLS]")), ("[SEP]", ids("[SEP]"))]
    )
    return tokenizer


BYTES = [f"<0x{byte:02X}>" for byte in range(256)]


def llama2():
    """As Llama 2's: the normaliser prepends and marks, no pre-tokenizer, bytes for what is unknown."""
    trained = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True))
    trained.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    trained.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="never")
    train(trained, bpe_trainer(800, ["<unk>", "<s>", "</s>", *BYTES], limit_alphabet=90))
    state = json.loads(trained.to_str())
    state["pre_tokenizer"] = None
    state["model"]["byte_fallback"] = True
    state["added_tokens"] = [token for token in state["added_tokens"] if not token["content"].startswith("<0x")]
    tokenizer = Tokenizer.from_str(json.dumps(state))
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", tokenizer.token_to_id("<s>"))])
    return tokenizer


def metaspace():
    """As newer Llama-like files: Metaspace before the first section only; unknown characters are one <unk> each run."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=True)
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="first")
    return train(tokenizer, bpe_trainer(700, ["<unk>", "<s>", "</s>"], limit_alphabet=90))


def charsmap_rules():
    """A few rules as SentencePiece's trainer takes them."""
    rules = {"ﬁ": "fi", "①": "1", "½": "1⁄2", "\t": " ", "\n": " ", "\r": " ", "\u00a0": " ", "\u3000": " ", "\u200b": "", "\ufeff": "", "e\u0301": "é", "か\u3099": "が", "Ａ": "A", "Ｆ": "F", "Ｕ": "U", "Ｌ": "L", "ﷺ": "صلى الله عليه وسلم", "👨‍👩‍👧": "family", "\r\n": " ", "…": "..."}
    code = lambda text: " ".join(f"{ord(character):X}" for character in text)
    return "".join(f"{code(was)}\t{code(becomes)}\n" for was, becomes in rules.items())


def charsmap():
    """SentencePiece's compiled form of a few rules, small enough to keep."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "rules.tsv"
        table.write_text(charsmap_rules(), encoding="utf-8")
        prefix = str(Path(folder) / "model")
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(CORPUS), model_prefix=prefix, vocab_size=300, normalization_rule_tsv=str(table), minloglevel=2, hard_vocab_limit=False
        )
        model = sentencepiece_model_pb2.ModelProto()
        model.ParseFromString(Path(prefix + ".model").read_bytes())
    return model.normalizer_spec.precompiled_charsmap


def unigram(size=500):
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    return tokenizer, trainers.UnigramTrainer(vocab_size=size, special_tokens=["<pad>", "</s>", "<unk>"], unk_token="<unk>", show_progress=False)


def end_with_eos(tokenizer):
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", tokenizer.token_to_id("</s>"))])
    return tokenizer


def t5():
    """As T5's: a precompiled character map, then Metaspace."""
    tokenizer, trainer = unigram()
    train(tokenizer, trainer)
    state = json.loads(tokenizer.to_str())
    compiled = {"type": "Precompiled", "precompiled_charsmap": base64.b64encode(charsmap()).decode()}
    state["normalizer"] = {"type": "Sequence", "normalizers": [compiled, {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]}
    return end_with_eos(Tokenizer.from_str(json.dumps(state)))


def albert():
    """As ALBERT's: quotes, NFKD, accents, case."""
    tokenizer, trainer = unigram()
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Replace("``", '"'), normalizers.Replace("''", '"'), normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase(), normalizers.Strip()]
    )
    return end_with_eos(train(tokenizer, trainer))


def word_level():
    """The pre-tokenizers that the others leave out."""
    tokenizer = Tokenizer(models.WordLevel(unk_token="<unk>"))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.CharDelimiterSplit("#"),
            pre_tokenizers.Whitespace(),
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.Punctuation("contiguous"),
            pre_tokenizers.Split("e", "merged_with_previous"),
            pre_tokenizers.Split(Regex("[aou]"), "merged_with_next"),
        ]
    )
    return train(tokenizer, trainers.WordLevelTrainer(vocab_size=400, special_tokens=["<unk>"], show_progress=False))


KINDS = {
    "gpt2": gpt2, "roberta": roberta, "llama3": llama3, "clip": clip, "bert-uncased": lambda: bert(True), "bert-cased": lambda: bert(False),
    "llama2": llama2, "metaspace": metaspace, "t5": t5, "albert": albert, "word-level": word_level,
}  # fmt: skip

if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    texts = all_texts()
    (OUT / "texts.json").write_text(json.dumps(texts, separators=(",", ":")), encoding="utf-8")
    for kind, make in KINDS.items():
        save(kind, make(), texts)
        print(kind, *(f"{(OUT / f'{kind}{end}').stat().st_size // 1000} kB" for end in (".json", ".expected.json")))
