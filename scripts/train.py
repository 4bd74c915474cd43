"""Train the model of lines: make cleaner/data/model.npz, after measuring on sources left out what it is worth.

    pip install catboost
    python -m scripts.train DATA.jsonl.gz ... --without HOSTS.txt -o cleaner/data/model.npz

Each DATA file has a page a line, {"id", "url", "dirty", "gold"} or {"id", "url", "html", "gold"}; pages of the hosts that
HOSTS.txt names, one a line, are left out. The gold texts are pages too, of which everything is to be kept. A row may have a
`source`, a collection with its own idea of what belongs to an article, and `agree`, 0 to 1, how far an extractor
agrees with its gold text: a low one is often a bad gold text.

A line is labelled by the share of it that the gold has, and described by cleaner.clean.model.features, as it is when the
rules have had their first turn. Six folds: pages that name their source are in the fold of their source, the others in
that of their site. So what is printed is measured on sources, or at least sites, that have not trained it; the log odds of
words are counted without them too. One page in four teaches a second time, described without any log odds, as a page would
be in a language that no table knows. A few paragraphs of each article and gold text teach as short articles: without
them the trees are unsure of every line of an article of five, and a lone byline stays. Where a source contradicts all
others (a byline that its gold keeps and theirs do not), a draft trained on the others says so, and the line teaches
nothing, or little. The weights are trained on all folds and written; then each fold is measured by trees that the others
trained. Seeds are fixed.

Printed, out of fold, for the whole of cleaning (clean_articles, as the product runs it): F1 of 4-grams, what doing nothing
scores, the share of pages made worse by more than .005; `keep` for the gold texts.

Measured once on sites held out, against the model of two looks that the known sources alone had trained: windows of known
sources F1 .9416 to .9396, made worse .017 to .028; whole pages .9094 to .9244, .045 to .017; an extractor's leftovers .9583
to .9572, .017 to .023, and .9657 to .9662, .024 both; windows of the other sources .8963 to .9379, .053 to .037; `keep`
.9991 both and .9895 to .9910.

Tried and left out:
- Fewer trees: 500, on a quarter of the lines, are worth .0025 less on windows and whole pages of known sources, .007 and
  .019 less in waddle, left out.
- The known sources alone: on their own sites F1 of lines in windows .9386, whole pages .9032, against .9375 and .9045 with
  all; and the mean of two such models .9396 and .9058, against .9401 and .9070.
- Scores smoothed by those of the lines around; less asked outside the run of lines with the largest sum of scores: each is
  worth about what counting a page's furniture is (FURNITURE in cleaner/clean/by_model.py), and hardly anything beside it.
- Gold texts at 2.5 and what rules suspect at full weight: byline and "Share this" stay in short articles, for other sources'
  gold texts keep them.
- Training also on what a first model leaves of each page: it takes more from articles that are clean already (keep .992 to
  .989) for no gain.
- A second look, by trees that see what the first made of a line, of its neighbours and of the article: on sites of known
  sources it was worth .002, on sources left out it loses (F1 of lines in windows .949 to .941 in WCXB, .905 to .885 in
  waddle, .917 to .916 in dragnet): it learns how sure the first is, and that is what differs elsewhere.
"""

import argparse
import collections
import copy
import gzip
import hashlib
import json
import lzma
import pathlib
import random
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
from cleaner.clean.model.tokens import TokenBatch, char_table, mix
from cleaner.clean.model.trees import SCALE, LineModel, Trees
from cleaner.clean.page import JudgedPage
from cleaner.model import Article
from cleaner.options import CleanOptions
from cleaner.pages import extract
from cleaner.rules import in_force
from cleaner.text import as_meant

SITES, SOURCES = 3, {"dragnet": 3, "waddle_daniel": 4}  # folds of sites; and of sources, the others' the last
FOLDS = SITES + len(SOURCES) + 1
DRAFT, FINAL = (300, 6, 0.12, 6), (900, 6, 0.1, 6)  # trees, depth, learning rate, l2
ROWS = 0.34  # of the lines, to train on: half of all are in menus, and weigh next to nothing
OTHER_SOURCE = 0.19  # the weight of a page that names its source: at 1 they cost .003 of F1 at home (350 trees)
GOLD = 1.75  # of a gold text
SUSPECTED, SUSPECTED_GOLD = 0.25, 0.7  # of a line that a rule would take, in a page that names its source; in a gold text
SHORT = 0.3  # of an article cut short; and, on top, of a line of it that a rule would take and the gold keeps
PLAIN = 4  # every so many pages are described without log odds too
NO_TABLE = log_odds.LogOddsTable(np.zeros(log_odds.SIZE, np.int8), np.zeros(log_odds.SIZE, np.uint8))
BATCH = 200  # pages at a time
CHARS = char_table()
# A word; in scripts without spaces, a character.
UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0eff"
WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+")
IN_UNSPACED = re.compile(rf"[{UNSPACED}]").search
SENTENCE_END = re.compile(r"(?<=[.!?\u3002\uff01\uff1f\u2026\u00bb\u201d\"])\s+(?=\S)|(?<=[\u3002\uff01\uff1f])")


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

    def __init__(self, kind, article, row, host):
        self.kind, self.article, self.host = kind, article, host
        self.source = row.get("source")
        self.lang = row.get("lang") or "en"
        by_site = hashlib.sha1(b"f" + host.encode()).digest()[0] % SITES
        self.fold = SOURCES.get(self.source, FOLDS - 1) if self.source else by_site
        self.gold = row["gold"]
        self.weight = GOLD if kind == "gold" else 1.0
        if self.source:
            self.weight *= OTHER_SOURCE * min(1.0, max(0.15, (row.get("agree", 1.0) - 0.5) / 0.3))
        blocks = article.blocks or texts.lines(article.text)
        lines = [article.text[block.start : block.end] for block in blocks]
        shares = [1.0] * len(lines) if kind == "gold" else label(lines, self.gold)
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
                    yield Sample(name, article, row, host)


def judged(sample):
    """The sample's page when the rules have had their turn."""
    page = JudgedPage(sample.article, in_force(), None, ())
    by_rules(page)
    return page


def short_articles(everything):
    """Of each article with what is around it, and each gold text, a few paragraphs as an article of their own: as they are
    or with their furniture, and with a line or two of it anywhere."""
    pools = collections.defaultdict(set)  # by language, furniture that a rule would take
    for sample in everything:
        if sample.kind == "window":
            for line in judged(sample).in_round:
                text = sample.article.text[line.block.start : line.block.end]
                if line.suspected_by and sample.shares.get(line.block.start, 1.0) <= 0.3 and 3 < len(text) < 120:
                    pools[sample.lang].add(text)
    pools = {lang: sorted(pool) for lang, pool in pools.items()}
    rng = random.Random(7)
    for sample in everything:
        if sample.kind in ("window", "gold"):
            for lone in (False, True) if sample.source else (False, False, True, True):
                yield from shortened(sample, rng, pools.get(sample.lang, []), lone)


def shortened(sample, rng, pool, lone):
    """One short article of a sample, if it has paragraphs; if `lone`, with a line or two of furniture anywhere."""
    lines = [(sample.article.text[b.start : b.end], sample.shares[b.start]) for b in texts.lines(sample.article.text)]
    body = [i for i, (line, share) in enumerate(lines) if share >= 0.7 and len(line) >= (20 if IN_UNSPACED(line) else 50)]
    if not body:
        return
    gold = sample.kind == "gold"
    at = 0 if rng.random() < 0.6 else rng.randrange(len(body))
    taken = body[at : at + rng.choice((1, 2, 2, 3, 3, 4, 5, 6))]
    found = [line for line in lines[taken[0] : taken[-1] + 1] if line[1] >= 0.7]
    furniture = [line for line, share in lines if share <= 0.3 and 0 < len(line) < 150]
    if lone and (furniture or pool):
        for _ in range(rng.choice((1, 1, 2))):
            ours = furniture and (not pool or rng.random() < 0.7)
            found.insert(rng.randrange(len(found) + 1), (rng.choice(furniture if ours else pool), 0.0))
    elif not gold and rng.random() < 0.75:
        above = lines[max(0, body[0] - rng.randrange(5)) : body[0]]
        found = [*above, *found, *lines[body[-1] + 1 : body[-1] + 1 + rng.randrange(7)]]
    ends = rng.choice((1, 1, 2)) if rng.random() < 0.6 else None  # of longer paragraphs, the first sentences
    between, text, shares = rng.choice(("\n", "\n\n", "\n\n")), "", {}
    for line, share in found:
        text += between if text else ""
        shares[len(text)] = share
        text += " ".join(SENTENCE_END.split(line)[:ends]) if share >= 0.7 and len(line) > 60 else line
    short = copy.copy(sample)
    short.kind = "short gold" if gold and not lone else "short"
    short.weight *= SHORT / (GOLD if gold and lone else 1.0)
    short.article = Article(text=text + "\n", url=sample.article.url if rng.random() < 0.5 else None)
    short.shares = shares
    yield short


@dataclass(frozen=True)
class Lines:
    """Lines to learn from: their columns, as a matrix with a row a line and the names of its columns; how much each line
    counts, and the share of it that the gold has. `gold` are those of gold texts, `minor` those of sources in the last
    fold."""

    names: tuple[str, ...]
    matrix: np.ndarray
    weights: np.ndarray
    shares: np.ndarray
    gold: np.ndarray
    minor: np.ndarray


def look(some, table):
    """The Lines of some samples, as the model sees them: when the rules have had their turn. The second are those of a few
    of the samples, as it would see them without its table."""
    both = []
    for sample in some:
        page = judged(sample)
        if page.in_round:
            both.append((sample, page))
    return [described_lines(of, t) for of, t in ((both, table), (both[::PLAIN], NO_TABLE)) if of]


def described_lines(both, table):
    batch, columns = described([page for _, page in both], CHARS, table)
    shares = np.array([sample.shares.get(line.block.start, 1.0) for sample, page in both for line in page.in_round])
    # A page is one vote, and a long line more of it than a short one.
    size = (np.minimum(batch.words, 150) + 3.0) ** 0.8
    weights = 100 * size / np.bincount(batch.article, weights=size)[batch.article]
    weights *= np.array([sample.weight for sample, _ in both])[batch.article]
    gold = np.array([sample.kind.endswith("gold") for sample, _ in both])[batch.article]
    short = np.array([sample.kind.startswith("short") for sample, _ in both])[batch.article]
    suspected = np.array([bool(line.suspected_by or line.removed_by) for _, page in both for line in page.in_round])
    weights[suspected & ~short & np.array([bool(sample.source) for sample, _ in both])[batch.article]] *= SUSPECTED
    weights[suspected & short & (shares > 0.5)] *= SHORT
    weights[suspected & gold] *= SUSPECTED_GOLD
    minor = np.array([bool(sample.source) and sample.source not in SOURCES for sample, _ in both])[batch.article]
    return Lines(tuple(columns), stacked(columns), weights, shares, gold, minor)


def settled(lines, draft):
    """The same Lines, where a draft, trained on the others, contradicts what they say: nothing is learnt of what only the
    minor sources keep, and little of what gold texts keep and it is all but certain about."""
    scores = draft.score(draft.bins(dict(zip(lines.names, lines.matrix.T, strict=True))))
    weights = lines.weights.copy()
    weights[lines.minor & ~lines.gold & (lines.shares > 0.5) & (scores < -2)] = 0
    weights[lines.gold & (scores < -3.5)] *= 0.3
    return replace(lines, weights=weights)


def thinned(weights, number):
    """About so many lines or blocks, picked by the root of their weight, and what each weighs for those that were not."""
    chance, low, high = np.sqrt(weights), 0.0, 1e6
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if np.minimum(1, middle * chance).sum() < number else (low, middle)
    chance = np.minimum(1, high * chance)
    picked = np.flatnonzero((np.random.default_rng(1).random(len(weights)) < chance) & (weights > 0))
    return picked, weights[picked] / chance[picked]


def stacked(columns):
    return np.stack([np.asarray(column, dtype=np.float32) for column in columns.values()], axis=1)


def counted(everything, without):
    """A LogOddsTable, counted in sites, not lines, so that no large site decides; one fold is left out."""
    parts = [sample for sample in everything if sample.fold != without and not sample.kind.startswith("short")]
    hosts = {host: n for n, host in enumerate(sorted({sample.host for sample in parts}))}
    table, tags = np.zeros(log_odds.SIZE, np.int8), np.zeros(log_odds.SIZE, np.uint8)
    found = {part: [] for part in log_odds.PARTS}
    for some in batched(parts):
        blocks = [sample.article.blocks or texts.lines(sample.article.text) for sample in some]
        lines = [as_meant(s.article.text[b.start : b.end]) for s, of in zip(some, blocks, strict=True) for b in of]
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
    picked, weights = thinned(weights, int(ROWS * len(weights)))
    matrix, shares = matrix[picked], shares[picked]
    model = CatBoostClassifier(
        iterations=trees,
        depth=depth,
        learning_rate=rate,
        l2_leaf_reg=l2,
        border_count=48,
        loss_function="CrossEntropy",
        bootstrap_type="Bernoulli",
        subsample=0.6,
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


def together(table, trees, parts):
    """The arrays of a LineModel."""
    matrix, shares = (np.concatenate([getattr(lines, name) for lines in parts]) for name in ("matrix", "shares"))
    ends = np.cumsum(trees["borders_of"], dtype=np.int64)
    medians = np.median(matrix[shares >= 0.7], axis=0)
    borders = np.split(trees["borders"], ends[:-1])
    return {
        "kinds": CHARS.kinds,
        "lower": CHARS.lower,
        "log_odds": table.log_odds,
        "tags": table.tags,
        **trees,
        "typical": np.array([np.searchsorted(of, m) for of, m in zip(borders, medians, strict=True)], dtype=np.uint8),
    }


def report(done):
    scores = collections.defaultdict(list)
    for sample, result in done:
        _, recall, after = score(result.text, sample.gold)
        scores[sample.kind, sample.source or ""].append((after, recall, score(result.source, sample.gold)[2]))
    for (kind, source), found in sorted(scores.items()):
        after, recall, before = (sum(column) / len(found) for column in zip(*found, strict=True))
        if kind == "gold":
            print(f"keep {recall:.4f}  {source}")
        else:
            worse = sum(row[0] < row[2] - 0.005 for row in found) / len(found)
            print(f"{kind}  F1 {after:.4f}  before {before:.4f} {after - before:+.4f}  worse {worse:.3f}  {source}")


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
    everything = list(samples(args.data, without))
    everything = sorted([*everything, *short_articles(everything)], key=lambda sample: sample.fold)
    folds = [[sample for sample in everything if sample.fold == fold] for fold in range(FOLDS)]
    tables = [counted(everything, fold) for fold in range(FOLDS)]

    looks = [
        [lines for some in batched(fold) for lines in look(some, table)] for fold, table in zip(folds, tables, strict=True)
    ]
    drafts = [Trees(trained(others(looks, fold), *DRAFT)) for fold in range(FOLDS)]
    looks = [[settled(lines, draft) for lines in of] for of, draft in zip(looks, drafts, strict=True)]
    if args.output:
        arrays = together(counted(everything, None), trained(others(looks), *FINAL), others(looks))
        np.savez_compressed(args.output, **arrays)
        print(f"{args.output}: {pathlib.Path(args.output).stat().st_size:,} bytes", flush=True)
    done = []
    for fold, of in enumerate(folds):
        if not of:  # of a handful of sites
            continue
        model = LineModel(together(tables[fold], trained(others(looks, fold), *FINAL), looks[fold]))
        for some in batched([sample for sample in of if not sample.kind.startswith("short")]):
            done += zip(some, clean_articles([sample.article for sample in some], CleanOptions(), model), strict=True)
    report(done)


if __name__ == "__main__":
    main()
