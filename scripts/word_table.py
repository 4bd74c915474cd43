"""Make cleaner/data/words.txt.gz and grams.bin.gz: in what share of news articles a word, or four characters, occur.

    python scripts/word_table.py cleaner/data ARTICLES.jsonl.xz [MORE.jsonl.gz ...]

ARTICLES, in English, has one article a line with a field "text". words.txt.gz: the first line is the number of articles;
then one word a line, the commonest first, with the number of articles that have it; of a word that is commoner in another
language, the number that as many articles in that language would have. Words are as group/stories/tokens.py makes them, so
the table is made anew when those change. grams.bin.gz: one byte of idf (see group/stories/idf.py) for each hash of four
characters, that of the language in which it is commonest; MORE are articles in other languages, with fields "text" and
"lang".
"""

import collections
import gzip
import json
import lzma
import sys
from pathlib import Path

import numpy as np

from cleaner.group.stories.features import OPENING, READ
from cleaner.group.stories.idf import quantised_idf
from cleaner.group.stories.tokens import CHAR_NGRAM_BUCKETS, char_ngrams, stems

SIZE = 40_000
LEAST = 5  # articles: what fewer articles have is a name of one of them
FREQUENT = 0.03  # the share of a language's articles, where they are few, that a word must occur in to be counted
LANGUAGE = 20  # articles: of a language with fewer nothing is counted


def rows(path: str):
    opener = {"gz": gzip.open, "xz": lzma.open}[path.rsplit(".", 1)[-1]]
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def main(folder: str, articles: str, *more: str) -> None:
    words: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    total: collections.Counter[str] = collections.Counter()
    document_frequency: dict[str, np.ndarray] = collections.defaultdict(lambda: np.zeros(CHAR_NGRAM_BUCKETS))
    for path in (articles, *more):
        for row in rows(path):
            lang = row.get("lang", "en")
            if path != articles and lang == "en":
                continue
            total[lang] += 1
            document_frequency[lang][np.unique(char_ngrams(row["text"][:OPENING]))] += 1
            words[lang].update(set(stems(row["text"][:READ])))
    counts: collections.Counter[str] = collections.Counter()
    for lang in total:
        for word, n in words[lang].items() if total[lang] >= LANGUAGE else ():
            if n >= LEAST and (lang == "en" or n >= FREQUENT * total[lang]):
                counts[word] = max(counts[word], round(n * total["en"] / total[lang]))
    table = sorted((-n, word) for word, n in counts.items())[:SIZE]
    body = "".join(f"{word}\t{-n}\n" for n, word in table)
    write(Path(folder, "words.txt.gz"), f"{total['en']}\n{body}".encode())
    shares = [
        np.where(document_frequency[lang] > 1, document_frequency[lang], 0.5) / total[lang]
        for lang in document_frequency
        if total[lang] >= LANGUAGE
    ]
    write(Path(folder, "grams.bin.gz"), bytes(quantised_idf(share) for share in np.max(shares, axis=0).tolist()))


def write(path: Path, body: bytes) -> None:
    with open(path, "wb") as raw, gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as out:
        out.write(body)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
