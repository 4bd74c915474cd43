"""Make cleaner/data/words.txt.gz: in what share of news articles a word occurs.

    python benchmarks/word_table.py ARTICLES.jsonl.xz cleaner/data/words.txt.gz

ARTICLES has one article a line with a field "text". The first line of the table is the number of articles; then one word
a line, the commonest first, with the number of articles that have it. Words are as group.features makes them, so the
table is made anew when those change.
"""

import collections
import gzip
import json
import lzma
import sys

from cleaner.group.features import stems

SIZE = 20_000  # did as well as 157,000 entries on ECB+
LEAST = 5  # articles: what fewer articles have is a name of one of them


def main(articles: str, table: str) -> None:
    count: collections.Counter[str] = collections.Counter()
    total = 0
    with lzma.open(articles, "rt", encoding="utf-8") as lines:
        for line in lines:
            total += 1
            count.update({stem for stem, _ in stems(json.loads(line)["text"])})
    rows = sorted((-n, word) for word, n in count.items() if n >= LEAST)[:SIZE]
    body = "".join(f"{word}\t{-n}\n" for n, word in rows)
    with open(table, "wb") as raw, gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as out:
        out.write(f"{total}\n{body}".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
