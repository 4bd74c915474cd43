"""Train the model of lines: make cleaner/data/model.npz, after measuring out of fold what it is worth.

    pip install catboost
    python -m scripts.train DATA.jsonl.gz ... --without HOSTS.txt -o cleaner/data/model.npz

Each DATA file has a page a line, {"id", "url", "dirty", "gold"} or {"id", "url", "html", "gold"}; pages of the hosts that
HOSTS.txt names, one a line, are left out. The gold texts are pages too, of which everything is to be kept.

A line is labelled by the share of it that the gold has, and described by cleaner.clean.model.features, as it is when the
rules have had their first turn. Five folds, a site in one of them only; the log odds of words are counted without the fold
of the lines that they describe. Then all is trained once more on all folds, with fixed seeds.

Printed, out of fold, for the whole of cleaning (clean_articles, as the product runs it): F1 of 4-grams, what doing nothing
scores, the share of pages made worse by more than .005; `keep` for the gold texts.

Training also on what a first model leaves of each page was tried: it takes more from articles that are clean already
(keep .992 to .989) for no gain.
"""

import argparse
import collections
import gzip
import hashlib
import json
import lzma
import pathlib
import re
import tempfile
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from urllib.parse import urlsplit

import numpy as np

from benchmarks.clean import score
from cleaner import text as texts
from cleaner.clean import clean_articles
from cleaner.clean.by_model import described
from cleaner.clean.by_rules import by_rules
from cleaner.clean.model import log_odds
from cleaner.clean.model.features import look_again
from cleaner.clean.model.tokens import TokenBatch, char_table, mix
from cleaner.clean.model.trees import SCALE, LineModel, Trees
from cleaner.clean.page import JudgedPage
from cleaner.model import Article
from cleaner.options import CleanOptions
from cleaner.pages import extract
from cleaner.rules import in_force

FOLDS = 5
# Trees, depth, learning rate, l2 of the first look at the lines, and of the second at what the first made of them.
FIRST, SECOND = (800, 6, 0.0625, 6), (250, 5, 0.08, 20)
BATCH = 200  # pages at a time
CHARS = char_table()
WORD = re.compile(r"\w+")


def rows(path):
    opener = {"gz": gzip.open, "xz": lzma.open}.get(path.rsplit(".", 1)[-1], open)
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def host_of(row):
    return (row.get("site") or urlsplit(row.get("url") or "").netloc or row["id"]).lower().removeprefix("www.")


def lines_of(text):
    return [text[block.start : block.end] for block in texts.lines(text)]


def label(lines, gold):
    """For each line the share of it that the gold has: equal lines are aligned first, then 4-grams are looked for."""
    ours, theirs = ([" ".join(WORD.findall(line)) for line in side] for side in (lines, lines_of(gold)))
    shares, used = [0.0] * len(ours), [False] * len(theirs)
    for a, b, size in SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks():
        for k in range(size):
            if ours[a + k]:
                shares[a + k], used[b + k] = 1.0, True
    rest = " ".join(line for line, taken in zip(theirs, used, strict=True) if not taken).split()
    left = collections.Counter(zip(*(rest[i:] for i in range(4)), strict=False))
    joined = f" {' '.join(rest)} "
    for i, line in enumerate(ours):
        words = line.split()
        if shares[i] or not words:
            continue
        if len(words) < 4:  # too short for a 4-gram of its own: with its neighbours' words
            before = ours[i - 1].split()[-3:] if i else []
            after = ours[i + 1].split()[:3] if i + 1 < len(ours) else []
            runs = [before + words, words + after]
            shares[i] = float(any(len(run) >= 4 and f" {' '.join(run)} " in joined for run in runs))
        else:
            grams = list(zip(*(words[k:] for k in range(4)), strict=False))
            shares[i] = sum(left[gram] > 0 for gram in grams) / len(grams)
            if shares[i] >= 0.5:
                left.subtract(grams)
    return shares


class Sample:
    """A page to train on: as an article, with the share of the gold in each of its lines, by where the line starts."""

    def __init__(self, kind, article, gold, host):
        self.kind, self.article, self.host = kind, article, host
        self.fold = hashlib.sha1(b"f" + host.encode()).digest()[0] % FOLDS
        self.gold = gold
        blocks = article.blocks or texts.lines(article.text)
        lines = [article.text[block.start : block.end] for block in blocks]
        shares = [1.0] * len(lines) if kind == "gold" else label(lines, gold)
        self.shares = {block.start: share for block, share in zip(blocks, shares, strict=True)}


def samples(paths, without):
    seen = set()
    for path in paths:
        kind = pathlib.Path(path).name.split(".")[0]
        for row in rows(path):
            if (host := host_of(row)) in without:
                continue
            page = Article(text=row.get("dirty") or "", html=row.get("html"), url=row.get("url"))
            texts_of = [(kind, extract(page, metadata=False))]
            if row["id"] not in seen:
                texts_of.append(("gold", Article(text=row["gold"], url=row.get("url"))))
            seen.add(row["id"])
            for name, article in texts_of:
                if article.text.strip():
                    yield Sample(name, article, row["gold"], host)


@dataclass(frozen=True)
class Lines:
    """Lines to learn from: their columns, as a matrix with a row a line and the names of its columns; how much each line
    counts, and the share of it that the gold has. `batch` has the lines themselves, `suspected` those that a rule would
    take."""

    names: tuple[str, ...]
    matrix: np.ndarray
    weights: np.ndarray
    shares: np.ndarray
    batch: TokenBatch
    suspected: np.ndarray


def first_look(some, table):
    """The Lines of some samples, as the model first sees them: when the rules have had their turn."""
    both = []
    for sample in some:
        page = JudgedPage(sample.article, in_force(), None, ())
        by_rules(page)
        if page.in_round:
            both.append((sample, page))
    batch, columns = described([page for _, page in both], CHARS, table)
    shares = np.array([sample.shares.get(line.block.start, 1.0) for sample, page in both for line in page.in_round])
    # A page is one vote, and a long line more of it than a short one.
    size = (np.minimum(batch.words, 150) + 3.0) ** 0.8
    weights = 100 * size / np.bincount(batch.article, weights=size)[batch.article]
    suspected = np.array([line.suspected_by is not None for _, page in both for line in page.in_round])
    return Lines(tuple(columns), stacked(columns), weights, shares, batch, suspected)


def second_look(lines, trees):
    """The same Lines by what the first look's trees, trained on others, make of them."""
    scores = trees.score(trees.bins(dict(zip(lines.names, lines.matrix.T, strict=True))))
    columns = look_again(lines.batch, scores, lines.suspected)
    return replace(lines, names=tuple(columns), matrix=stacked(columns))


def stacked(columns):
    return np.stack([np.asarray(column, dtype=np.float32) for column in columns.values()], axis=1)


def counted(everything, without):
    """A LogOddsTable, counted in sites, not lines, so that no large site decides; one fold is left out."""
    parts = [sample for sample in everything if sample.fold != without]
    hosts = {host: n for n, host in enumerate(sorted({sample.host for sample in parts}))}
    table, tags = np.zeros(log_odds.SIZE, np.int8), np.zeros(log_odds.SIZE, np.uint8)
    found = {part: [] for part in log_odds.PARTS}
    for some in batched(parts):
        blocks = [sample.article.blocks or texts.lines(sample.article.text) for sample in some]
        lines = [s.article.text[b.start : b.end] for s, of in zip(some, blocks, strict=True) for b in of]
        batch = TokenBatch(lines, [len(of) for of in blocks], CHARS)
        shares = np.array([share for sample in some for share in sample.shares.values()])
        site = np.array([hosts[sample.host] for sample in some])
        for part in log_odds.PARTS:
            for hashes, use, at in log_odds.counted_in(batch, part):
                use = use & ((shares[at] >= 0.7) | (shares[at] <= 0.3))
                found[part].append((hashes[use], site[batch.article[at]][use], shares[at][use] < 0.5))
    for part in log_odds.PARTS:
        hashes, sites, gone = (np.concatenate(column) for column in zip(*found[part], strict=True))
        once = mix(hashes + mix(sites.astype(np.uint64) * np.uint64(2) + gone.astype(np.uint64)))
        _, first = np.unique(once, return_index=True)
        entries, inverse = np.unique(hashes[first], return_inverse=True)
        against = np.bincount(inverse, weights=gone[first])
        total = np.bincount(inverse)
        odds = np.clip(np.rint(16 * np.log((against + 0.5) / (total - against + 0.5))), -127, 127)
        use = (total >= 3) & (np.abs(odds) >= (4 if part == log_odds.WORDS else 10))
        order = np.argsort(total[use], kind="stable")  # of two that share a place, the commoner stays
        at, tag = log_odds.slots(entries[use][order], part)
        table[at], tags[at] = odds[use][order], tag
    return log_odds.LogOddsTable(table, tags)


def trained(parts, trees, depth, rate, l2):
    """The arrays of Trees, of what several Lines teach."""
    from catboost import CatBoostClassifier, Pool

    matrix = np.concatenate([lines.matrix for lines in parts])
    shares, weights = (np.concatenate([getattr(lines, name) for lines in parts]) for name in ("shares", "weights"))
    model = CatBoostClassifier(
        iterations=trees,
        depth=depth,
        learning_rate=rate,
        l2_leaf_reg=l2,
        border_count=48,
        loss_function="CrossEntropy",
        bootstrap_type="Bernoulli",
        subsample=0.7,
        rsm=0.3,
        random_seed=1,
        verbose=0,
        allow_writing_files=False,
    )
    model.fit(Pool(matrix, shares, weight=weights))
    arrays = {"names": np.array(parts[0].names), **exported(model, depth)}
    some = matrix[:: max(1, len(matrix) // 5000)]
    theirs = model.predict(some, prediction_type="RawFormulaVal")
    ours = Trees(arrays)
    assert np.abs(ours.score(ours.bins(dict(zip(ours.names, some.T, strict=True)))) - theirs).max() < trees / SCALE
    return arrays


def exported(model, depth):
    """A trained model as the arrays of Trees, but for the names."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        model.save_model(file.name, format="json")
        found = json.loads(pathlib.Path(file.name).read_text())
    trees = found["oblivious_trees"]
    used = [set() for _ in found["features_info"]["float_features"]]
    for tree in trees:
        for split in tree["splits"]:
            used[split["float_feature_index"]].add(split["border"])
    borders = [np.array(sorted(values), dtype=np.float32) for values in used]
    columns = np.zeros((len(trees), depth), dtype=np.uint8)
    cuts = np.full((len(trees), depth), 255, dtype=np.uint8)  # never passed: of a tree that stopped early
    leaves = np.zeros((len(trees), 1 << depth), dtype=np.int16)
    for i, tree in enumerate(trees):
        for level, split in enumerate(tree["splits"]):
            columns[i, level] = split["float_feature_index"]
            cuts[i, level] = np.searchsorted(borders[columns[i, level]], np.float32(split["border"]))
        leaves[i, : len(tree["leaf_values"])] = np.rint(np.array(tree["leaf_values"]) * SCALE)
    scale, (bias,) = found["scale_and_bias"]
    assert scale == 1
    return {
        "borders": np.concatenate(borders),
        "borders_of": np.array([len(values) for values in borders], dtype=np.uint8),
        "columns": columns,
        "cuts": cuts,
        "leaves": leaves,
        "base": np.int64(round(bias * SCALE)),
    }


def together(table, first, second, parts):
    """The arrays of a LineModel."""
    matrix, shares = (np.concatenate([getattr(lines, name) for lines in parts]) for name in ("matrix", "shares"))
    ends = np.cumsum(first["borders_of"], dtype=np.int64)
    medians = np.median(matrix[shares >= 0.7], axis=0)
    borders = np.split(first["borders"], ends[:-1])
    return {
        "kinds": CHARS.kinds,
        "lower": CHARS.lower,
        "log_odds": table.log_odds,
        "tags": table.tags,
        **{f"first_{key}": value for key, value in first.items()},
        **{f"second_{key}": value for key, value in second.items()},
        "typical": np.array([np.searchsorted(of, m) for of, m in zip(borders, medians, strict=True)], dtype=np.uint8),
    }


def report(done):
    scores = collections.defaultdict(list)
    for sample, result in done:
        _, recall, after = score(result.text, sample.gold)
        scores[sample.kind].append((after, recall, score(result.source, sample.gold)[2]))
    for kind, found in sorted(scores.items()):
        after, recall, before = (sum(column) / len(found) for column in zip(*found, strict=True))
        if kind == "gold":
            print(f"keep {recall:.4f}")
        else:
            worse = sum(row[0] < row[2] - 0.005 for row in found) / len(found)
            print(f"{kind}  F1 {after:.4f}  before {before:.4f} {after - before:+.4f}  worse {worse:.3f}")


def batched(parts):
    return [parts[i : i + BATCH] for i in range(0, len(parts), BATCH)]


def others(data, fold=None):
    """The parts of all folds but one."""
    return [part for n, of in enumerate(data) if n != fold for part in of]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="+")
    parser.add_argument("--without", metavar="HOSTS")
    parser.add_argument("-o", "--output", metavar="MODEL.npz")
    args = parser.parse_args()
    without = set(pathlib.Path(args.without).read_text().split()) if args.without else set()
    everything = sorted(samples(args.data, without), key=lambda sample: sample.fold)
    folds = [[sample for sample in everything if sample.fold == fold] for fold in range(FOLDS)]
    tables = [counted(everything, fold) for fold in range(FOLDS)]

    looks = [[first_look(some, table) for some in batched(fold)] for fold, table in zip(folds, tables, strict=True)]
    firsts = [trained(others(looks, fold), *FIRST) for fold in range(FOLDS)]
    again = [[second_look(lines, Trees(first)) for lines in of] for of, first in zip(looks, firsts, strict=True)]
    seconds = [trained(others(again, fold), *SECOND) for fold in range(FOLDS)]
    done = []
    for fold, of in enumerate(folds):
        if not of:  # of a handful of sites
            continue
        model = LineModel(together(tables[fold], firsts[fold], seconds[fold], looks[fold]))
        for some in batched(of):
            done += zip(some, clean_articles([sample.article for sample in some], CleanOptions(), model), strict=True)
    report(done)
    if args.output:
        first, second = trained(others(looks), *FIRST), trained(others(again), *SECOND)
        np.savez_compressed(args.output, **together(counted(everything, None), first, second, others(looks)))
        print(f"{args.output}: {pathlib.Path(args.output).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
