"""Fit the COEFFICIENTS of cleaner/group/stories/similarity.py, and say how they do on a source that they have not seen.

    python scripts/fit_stories.py NAME=FILE ... [--pairs NAME=DOCS,PAIRS ...] [--same A,B ...] [--no-report]

FILE has one article a line: {"id", "text", "title"?, "date"?, "label"}, plain or gzip or xz; of a file of pairs it is
{"a", "b", "lang1", "lang2"} with "overall" (1 to 4) or "same". Sources named together by --same are left out together.

In a stream most events are told once, and what is fitted on events told ten times merges strangers there: each source
is looked at with at most 1, 2, 3, 5 and all tellings of an event, by a hash of their ids. Sources weigh alike, then
densities; tellings of one event half. The signs of the weights are bounded: an equal name cannot speak against a story.
What is printed is BCubed F1 for each source, fitted without it, at each density; then the weights, fitted on all.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import lzma
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace
from scipy.optimize import minimize

import cleaner
from cleaner.group.copies.forms import share_wording
from cleaner.group.copies.signatures import sign
from cleaner.group.copies.store import SignatureStore
from cleaner.group.stories import clusters, contradictions, similarity
from cleaner.group.stories.candidates import candidates
from cleaner.group.stories.features import StoryFeatures, story_features
from cleaner.model import Article
from cleaner.options import WINDOW

DENSITIES = (1, 2, 3, 5, 0)
SIGNS = (1, 1, 1, 1, 1, -1, 1, 1, 1, -1, -1, -1)
# What the heaviest terms may count at most. Fitted freely it is 3.2, and loses where an event is told often: the whole of
# ECB+, left out, is .883 then, and .889 with this.
HEAVIEST = 1.5
RIDGE = 1e-4
SHIFTS = np.arange(-0.5, 1.6, 0.25)


@dataclass
class Case:
    """A source at a density: pairs, what they are (1, 0, or -1 where nobody says), and the evidence."""

    source: str
    labels: list[str]
    graded: dict[tuple[int, int], bool]
    a: np.ndarray
    b: np.ndarray
    same: np.ndarray
    columns: np.ndarray
    lost: np.ndarray
    features: Sequence[StoryFeatures]

    @property
    def articles(self) -> int:
        """How many are long enough to tell an event."""
        return sum(1 for one in self.features if len(one.terms))

    def odds(self, weights: np.ndarray) -> np.ndarray:
        """The log odds of the pairs, the intercept being the last of the weights."""
        return self.columns @ weights[:-1] + weights[-1] - self.lost


def rows(path: str) -> Iterator[dict[str, object]]:
    opened = {"gz": gzip.open, "xz": lzma.open}.get(path.rsplit(".", 1)[-1], open)
    with opened(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def articles_of(found: Sequence[dict[str, object]]) -> list[Article]:
    given = [Article(text=row["text"], title=row.get("title") or None, date=row.get("date") or None) for row in found]
    results = cleaner.clean_many(given)
    return [replace(a, text=r.text, date=a.date or r.date) for a, r in zip(given, results, strict=True)]


def at_most(ids: Sequence[str], labels: Sequence[str], most: int) -> list[int]:
    by_label = defaultdict(list)
    for i, label in enumerate(labels):
        by_label[label].append(i)
    chosen = (sorted(of, key=lambda i: hashlib.sha256(ids[i].encode()).digest())[: most or None] for of in by_label.values())
    return sorted(i for of in chosen for i in of)


def case(
    source: str, features: Sequence[StoryFeatures], store: SignatureStore, labels: list[str], places: list[int]
) -> Case:
    """The candidate pairs of some articles, those of one form left out."""
    chosen = [features[i] for i in places]
    days = np.array([d.dates.published for d in chosen], dtype=np.int64)
    a, b = candidates(chosen, days, WINDOW)
    at = np.array(places)
    apart = ~share_wording(store, at[a], at[b])
    a, b = a[apart], b[apart]
    found = similarity.TfidfVectors(chosen).similarities(a, b).columns()
    columns = np.hstack([found, contradictions.contradictions(chosen, a, b)])
    own = np.array([labels[i] for i in places])
    lost = clusters.lost_in_a_crowd(days, days[[len(d.terms) > 0 for d in chosen]], WINDOW)
    return Case(
        source, own.tolist(), {}, a, b, (own[a] == own[b]).astype(int), columns, np.maximum(lost[a], lost[b]), chosen
    )


def read(path: str) -> tuple[list[StoryFeatures], SignatureStore, list[str], list[str]]:
    found = list(rows(path))
    articles = articles_of(found)
    store = SignatureStore()
    features: list[StoryFeatures] = []
    for start in range(0, len(articles), 200):
        some = articles[start : start + 200]
        features += story_features(some)
        store.add(sign([article.text for article in some]))
    return features, store, [str(row["id"]) for row in found], [str(row.get("label")) for row in found]


def labelled(source: str, path: str) -> list[Case]:
    features, store, ids, labels = read(path)
    counts = Counter(labels)
    densities = DENSITIES if max(counts.values()) > 1 else (0,)
    return [case(source, features, store, labels, at_most(ids, labels, most)) for most in densities]


def paired(source: str, docs: str, path: str) -> list[Case]:
    features, store, ids, labels = read(docs)
    place = {name: i for i, name in enumerate(ids)}
    graded = {}
    for row in rows(path):
        overall = row.get("overall")
        same = str(row["same"]) == "True" if overall is None else {True: True, False: None}[float(overall) <= 2]
        same = False if overall is not None and float(overall) >= 3 else same
        if same is not None and row["a"] in place and row["b"] in place and row["lang1"] == row["lang2"]:
            i, j = sorted((place[row["a"]], place[row["b"]]))
            graded[i, j] = same
    found = case(source, features, store, labels, list(range(len(ids))))
    known = [graded.get(pair) for pair in zip(found.a.tolist(), found.b.tolist(), strict=True)]
    found.graded, found.same = graded, np.array([-1 if same is None else int(same) for same in known])
    return [found]


def fitted(cases: Sequence[Case]) -> np.ndarray:
    """The weights, the intercept last."""
    often = Counter(one.source for one in cases)
    weights = []
    for one in cases:
        weight = np.zeros(len(one.same))
        for value in (0, 1):
            members = one.same == value
            weight[members] = 0.5 / max(1, members.sum()) / often[one.source]
        weights.append(weight)
    weight = np.concatenate(weights)
    columns, same = np.concatenate([one.columns for one in cases]), np.concatenate([one.same for one in cases])
    lost = np.concatenate([one.lost for one in cases])
    some = weight > 0
    evidence = np.hstack([columns[some], np.ones((some.sum(), 1))])
    lost, side, weight = lost[some], 2.0 * same[some] - 1, weight[some] / weight.sum()
    ridge = np.append(np.full(len(SIGNS), RIDGE), 0)

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        margin = side * (evidence @ w - lost)
        slope = -(weight * side / (1 + np.exp(margin))) @ evidence
        return float((weight * np.logaddexp(0, -margin)).sum() + 0.5 * (ridge * w * w).sum()), slope + ridge * w

    bounds = [(0, None) if sign > 0 else (None, 0) for sign in SIGNS] + [(None, None)]
    bounds[similarity.Coefficients._fields.index("heaviest")] = (0, HEAVIEST)
    found: np.ndarray = minimize(loss, np.zeros(len(ridge)), jac=True, method="L-BFGS-B", bounds=bounds).x
    return found


def score(one: Case, odds: np.ndarray) -> float:
    """BCubed F1 of the stories that come of some log odds; of graded pairs the F1 of those that are together."""
    odds = similarity.told_as_here(odds, one.articles)
    some = odds > contradictions.PLAUSIBLE
    label = clusters.linked(one.features, one.a[some], one.b[some], odds[some], clusters.THRESHOLDS["normal"])
    if one.graded:
        together = {pair for pair in one.graded if label[pair[0]] == label[pair[1]]}
        right = sum(one.graded[pair] for pair in together)
        return 2 * right / (len(together) + sum(one.graded.values()))
    cell, gold, found = Counter(zip(one.labels, label, strict=True)), Counter(one.labels), Counter(label)
    precision = sum(n * n / found[b] for (_, b), n in cell.items()) / len(label)
    recall = sum(n * n / gold[a] for (a, _), n in cell.items()) / len(label)
    return 2 * precision * recall / (precision + recall)


def shifted(cases: Sequence[Case], weights: np.ndarray) -> np.ndarray:
    """The weights with the intercept at which the mean over sources is highest."""

    def mean(shift: float) -> float:
        reached = defaultdict(list)
        for one in cases:
            reached[one.source].append(score(one, one.odds(weights) + shift))
        return float(np.mean([np.mean(values) for values in reached.values()]))

    best = max(SHIFTS, key=mean)
    return np.append(weights[:-1], weights[-1] + best)


def report(cases: Sequence[Case], groups: dict[str, set[str]], fit: Callable[[Sequence[Case]], np.ndarray]) -> None:
    means = []
    for source in dict.fromkeys(one.source for one in cases):
        weights = fit([one for one in cases if one.source not in groups.get(source, {source})])
        reached = [score(one, one.odds(weights)) for one in cases if one.source == source]
        means.append(np.mean(reached))
        print(f"{source:16} without it: mean {means[-1]:.4f}   {' '.join(f'{value:.3f}' for value in reached)}", flush=True)
    print(f"mean {np.mean(means):.4f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labelled", nargs="+", metavar="NAME=FILE")
    parser.add_argument("--pairs", nargs="*", default=[], metavar="NAME=DOCS,PAIRS")
    parser.add_argument("--same", nargs="*", default=[], metavar="A,B")
    parser.add_argument("--no-report", action="store_true", help="Fit on all at once, and leave nothing out.")
    args = parser.parse_args()
    cases = [one for name, path in (arg.split("=", 1) for arg in args.labelled) for one in labelled(name, path)]
    for name, paths in (arg.split("=", 1) for arg in args.pairs):
        cases += paired(name, *paths.split(","))
    groups = {name: set(same.split(",")) for same in args.same for name in same.split(",")}

    def fit(some: Sequence[Case]) -> np.ndarray:
        return shifted([one for one in some if not one.graded], fitted(some))

    if not args.no_report:
        report(cases, groups, fit)
    weights = fit(cases)
    print(f"COEFFICIENTS = Coefficients({', '.join(f'{value:.2f}' for value in weights)})")
    reached = defaultdict(list)
    for one in cases:
        reached[one.source].append(score(one, one.odds(weights)))
    for source, values in reached.items():
        print(f"{source:16} with it: mean {np.mean(values):.4f}   {' '.join(f'{value:.3f}' for value in values)}")


if __name__ == "__main__":
    main()
