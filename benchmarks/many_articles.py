"""Make a dated collection of any size out of a smaller one, to time grouping on.

    python benchmarks/many_articles.py ARTICLES.jsonl.xz COUNT OUT.jsonl [--days 41]

Of ARTICLES those that are dated are taken, in a shuffled order. Once they are used up they are taken again, each time a
number of days later and with their words permuted: every word but the COMMONEST becomes another one of about the same
frequency, the same in the whole round. (With names alone permuted the rounds were near-verbatim copies of each other.) So
each round has stories of its own, of the same sizes, among articles on the same days as those of the rounds before: the
collection grows denser and not only longer.
"""

import argparse
import collections
import datetime
import gzip
import json
import lzma
import random
import re

WORD = re.compile(r"[^\W\d_]+")
COMMONEST = 150
OFTEN = 3  # times a word occurs, at least, to be permuted
NEAR = 50  # places in the order of frequency within which names change places


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles")
    parser.add_argument("count", type=int)
    parser.add_argument("out")
    parser.add_argument("--days", type=int, default=41, help="between two rounds")
    args = parser.parse_args()
    opener = {"gz": gzip.open, "xz": lzma.open}.get(args.articles.rsplit(".", 1)[-1], open)
    with opener(args.articles, "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if day_of(row)]
    random.Random(0).shuffle(rows)
    words = words_of(rows)
    other: dict[str, str] = {}
    with open(args.out, "w", encoding="utf-8") as out:
        for i in range(args.count):
            turn, place = divmod(i, len(rows))
            if place == 0:
                other = permuted(words, turn)
            row, later = rows[place], day_of(rows[place]) + datetime.timedelta(days=turn * args.days)
            new = {field: renamed(row.get(field) or "", other) for field in ("title", "text")}
            out.write(json.dumps({"id": f"{turn}-{place}", "date": later.isoformat(), **new}, ensure_ascii=False) + "\n")


def renamed(text: str, other: dict[str, str]) -> str:
    def another(match: re.Match[str]) -> str:
        word = match.group()
        new = other.get(word.lower(), word)
        return new.capitalize() if word[0].isupper() and new != word else new

    return WORD.sub(another, text) if other else text


def day_of(row: dict) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat((row.get("date") or "")[:10])
    except ValueError:
        return None


def words_of(rows: list[dict]) -> list[str]:
    """The words that are permuted, the commonest first."""
    count = collections.Counter(word.lower() for row in rows for word in WORD.findall(row["text"]))
    return [word for word, n in sorted(count.items(), key=lambda item: (-item[1], item[0])) if n >= OFTEN][COMMONEST:]


def permuted(words: list[str], turn: int) -> dict[str, str]:
    """Another word for each word, in the first round its own."""
    if turn == 0:
        return {}
    draw = random.Random(turn)
    order = sorted(range(len(words)), key=lambda i: i + draw.uniform(0, NEAR))
    return {words[i]: words[j] for i, j in zip(order, order[1:] + order[:1], strict=True)}


if __name__ == "__main__":
    main()
