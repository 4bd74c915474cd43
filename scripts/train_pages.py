"""Train the model of pages: make cleaner/data/page_model.npz, after measuring on sources left out what it is worth.

    pip install catboost
    python -m scripts.train_pages DATA.jsonl.gz ... --without HOSTS.txt -o cleaner/data/page_model.npz

Each DATA file has a page a line, {"id", "url", "html", "gold"}; pages of the hosts that HOSTS.txt names, one a line, are
left out. A page may name its `source`, a collection with its own idea of what belongs to an article, and say with `agree`,
0 to 1, how far an extractor agrees with its gold text: a low one is often a bad gold text, and such a page counts less. A
page of which most of the gold text cannot be found teaches nothing.

A block of a page is labelled by the share of it that the gold has, and described as lines are and by its place in the
page's tree. Three folds: a page that names its source is in the fold of its source, the others in that of their site; what
words say, and what the names of elements do, is counted without the fold that they describe. So what is printed is measured
on sources, or at least sites, that have not trained it. Then all is trained once more on all folds, with fixed seeds.

Printed, out of fold, for the blocks of a page that are its article's, before any rule: F1 of 4-grams without a witness, with
trafilatura as the witness of the pages that the model is unsure of, and with it always; the share of pages on which it is
asked; the F1 of trafilatura's default mode; and the pages that lose over half of what that keeps rightly.

Chosen out of fold by the words of blocks (260 trees, 110,000 blocks; mean F1 of five groups of sources): other sources at
weight .6 (.9296) or 1 (.9295); the witness in recall mode at 1.5 with a word where half would go (.9489), by default
(.9461), in the fast mode (.9462), none (.9296); asked on 27 % of pages (.9446 before that word) or on all (.9443). A second
look at what the first made of the neighbours (.9149) and the model of lines after this one (no gain on two sources) were
left out. Three log odds against what the markup calls comments, where 60 words stay without them: dragnet, left out, .9209
to .9436, waddle .9537 to .9553, the others within .0003 (wherever the words are, magic loses .037).
"""

import argparse
import collections
import hashlib
import pathlib
from dataclasses import dataclass

import numpy as np

from benchmarks.clean import score
from cleaner.clean.model import log_odds
from cleaner.clean.model.tokens import TokenBatch, mix
from cleaner.clean.model.trees import SCALE, Trees, shipped
from cleaner.extract import ExtractionError, ParsedPage, parsed, witness
from cleaner.model import Article
from cleaner.pages import page_model, surroundings
from cleaner.pages.lines import share_in
from cleaner.text import as_meant
from scripts.train import exported, host_of, label, rows, thinned

FOLDS = 3
FOLD_OF_SOURCE = {"dragnet": 0, "waddle_daniel": 1}  # the two largest; the others are all in the last
TREES = (500, 6, 0.09, 6)  # trees, depth, learning rate, l2
BLOCKS = 180_000  # to train on, of 517,000: most are in menus, and weigh next to nothing
OTHER_SOURCE = 0.6  # the weight of a page that names its source
FOUND = 0.5  # of a gold text, less of which in the page makes it no lesson
FEWEST_SITES = 3  # that a word must be on
CHARS = shipped().chars
BATCH = 32  # pages at a time


@dataclass(frozen=True)
class Sample:
    """A page to train on: its blocks in their tree, the share of the gold in each, what trafilatura says of it as a witness
    (in recall mode, by default), and by itself."""

    walker: object
    url: str
    gold: str
    host: str
    source: str
    fold: int
    weight: float
    shares: np.ndarray
    witness: dict[bool, str]
    theirs: str


def samples(paths, without):
    import trafilatura

    for path in paths:
        for row in rows(path):
            host, url = host_of(row), row.get("url") or ""
            if host in without:
                continue
            try:
                page = parsed(Article(html=row["html"], url=url), metadata=False)
            except ExtractionError:
                continue
            if not isinstance(page, ParsedPage) or not page.walker.blocks:
                continue
            source = row.get("source") or ""
            by_site = hashlib.sha1(b"f" + host.encode()).digest()[0] % FOLDS
            fold = FOLD_OF_SOURCE.get(source, FOLDS - 1) if source else by_site
            texts = [block.text for block in page.walker.blocks]
            shares = np.array(label(texts, row["gold"]))
            found = sum(len(text) * share for text, share in zip(texts, shares, strict=True)) >= FOUND * len(row["gold"])
            weight = OTHER_SOURCE * min(1.0, max(0.15, (row.get("agree", 1.0) - 0.5) / 0.3)) if source else 1.0
            said = {recall: witness(page, recall) for recall in (True, False)}
            theirs = trafilatura.extract(row["html"], include_comments=False) or ""
            yield Sample(page.walker, url, row["gold"], host, source, fold, weight * found, shares, said, theirs)


def counted_words(parts):
    """A LogOddsTable, counted in sites, not blocks, so that no large site decides."""
    hosts = {host: n for n, host in enumerate(sorted({sample.host for sample in parts}))}
    table, tags = np.zeros(log_odds.SIZE, np.int8), np.zeros(log_odds.SIZE, np.uint8)
    found = {part: [] for part in log_odds.PARTS}
    for some in batched(parts):
        lines = [as_meant(block.text) for sample in some for block in sample.walker.blocks]
        batch = TokenBatch(lines, [len(sample.walker.blocks) for sample in some], CHARS)
        shares = np.concatenate([sample.shares for sample in some])
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
        use = (total >= FEWEST_SITES) & (np.abs(odds) >= (4 if part == log_odds.WORDS else 10))
        order = np.argsort(total[use], kind="stable")  # of two that share a place, the commoner stays
        at, tag = log_odds.slots(entries[use][order], part)
        table[at], tags[at] = odds[use][order], tag
    return log_odds.LogOddsTable(table, tags)


def counted_names(parts):
    """A NameTable: of the sites that have a word in the names of their elements, how much of the text there is their
    articles'."""
    sites = collections.defaultdict(lambda: collections.defaultdict(lambda: np.zeros(2)))
    for sample in parts:
        elements = sample.walker.elements
        words = np.array([block.text.count(" ") + 1 for block in sample.walker.blocks], dtype=float)
        total = np.concatenate(([0.0], np.cumsum(words)))
        kept = np.concatenate(([0.0], np.cumsum(words * (sample.shares >= 0.5))))
        for names, first, last in zip(elements.names, elements.first, elements.last, strict=True):
            inside = total[last] - total[first]
            if not names or not 0 < inside <= 0.9 * total[-1]:  # what holds nearly all says nothing
                continue
            for at in surroundings.name_hashes(names):
                sites[at][sample.host] += (kept[last] - kept[first], inside)
    table = np.zeros(1 << surroundings.NAME_BITS, np.int8)
    for at, of in sites.items():
        if len(of) >= FEWEST_SITES:
            belongs = sum(kept / inside for kept, inside in of.values())
            table[at] = np.clip(round(16 * np.log((belongs + 0.5) / (len(of) - belongs + 0.5))), -127, 127)
    return surroundings.NameTable(table)


@dataclass(frozen=True)
class Blocks:
    """Blocks to learn from: their columns, as a matrix with a row a block and the names of its columns; how much each
    counts, the share of it that the gold has, its words, and how many each page has."""

    names: tuple[str, ...]
    matrix: np.ndarray
    weights: np.ndarray
    shares: np.ndarray
    words: np.ndarray
    counts: tuple[int, ...]


def look(some, words, names):
    """The Blocks of some samples."""
    columns, tree = page_model.described([s.walker for s in some], [s.url for s in some], CHARS, words, names)
    # A page is one vote, and a long block more of it than a short one.
    size = (np.minimum(tree.words, 150) + 3.0) ** 0.8
    weights = 100 * size / np.bincount(tree.page, weights=size)[tree.page]
    weights *= np.array([sample.weight for sample in some])[tree.page]
    matrix = np.stack([np.asarray(column, dtype=np.float32) for column in columns.values()], axis=1)
    shares = np.concatenate([sample.shares for sample in some])
    return Blocks(tuple(columns), matrix, weights, shares, tree.words, tuple(len(s.walker.blocks) for s in some))


def trained(parts, trees, depth, rate, l2):
    """The arrays of a PageModel, but for its tables, of what Blocks teach."""
    from catboost import CatBoostClassifier, Pool

    picked, weights = thinned(np.concatenate([blocks.weights for blocks in parts]), BLOCKS)
    shares = np.concatenate([blocks.shares for blocks in parts])[picked]
    matrix = np.concatenate([blocks.matrix for blocks in parts])[picked]
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
    ours, theirs = Trees(arrays), model.predict(some, prediction_type="RawFormulaVal")
    assert np.abs(ours.score(ours.bins(dict(zip(ours.names, some.T, strict=True)))) - theirs).max() < trees / SCALE
    borders = np.split(arrays["borders"], np.cumsum(arrays["borders_of"], dtype=np.int64)[:-1])
    medians = np.median(matrix[shares >= 0.7], axis=0)
    typical = [np.searchsorted(of, median) for of, median in zip(borders, medians, strict=True)]
    return {**arrays, "typical": np.array(typical, dtype=np.uint8)}


def report(done):
    found = collections.defaultdict(list)
    for sample, odds, words in done:
        found[sample.source].append(measured(sample, odds, words))
    for source, values in sorted(found.items()):
        alone, sometimes, always, asked, theirs, lost = np.mean(values, axis=0)
        print(
            f"pages {len(values)}  F1 {alone:.4f}  witness {sometimes:.4f} (asked {asked:.2f})  always {always:.4f}"
            f"  trafilatura {theirs:.4f}  lost {lost * len(values):.0f}  {source}"
        )


def measured(sample, odds, words):
    """The figures of a page: see the top of this file."""
    blocks = sample.walker.blocks

    def of(chosen):
        chosen = chosen.copy()
        page_model.doubt_comments(blocks, chosen, words)
        return score("\n".join(block.text for block, odds in zip(blocks, chosen, strict=True) if odds > 0), sample.gold)

    heard, _ = page_model.heard(odds, words, lambda recall: share_in(blocks, sample.witness[recall]))
    asked = page_model.unsure(odds, words)
    alone, always, theirs = of(odds), of(heard), score(sample.theirs, sample.gold)
    sometimes = always if asked else alone
    return alone[2], sometimes[2], always[2], asked, theirs[2], sometimes[1] < 0.5 * theirs[1]


def batched(parts):
    return [parts[i : i + BATCH] for i in range(0, len(parts), BATCH)]


def looked_at(everything, tables):
    """The Blocks of each fold's samples, by the tables that were counted without it."""
    return [
        [look(some, *of) for some in batched([sample for sample in everything if sample.fold == fold])]
        for fold, of in enumerate(tables)
    ]


def main(everything, output):
    tables = []
    for fold in range(FOLDS):
        others = [sample for sample in everything if sample.fold != fold]
        tables.append((counted_words(others), counted_names(others)))
    looks = looked_at(everything, tables)
    done = []
    for fold in range(FOLDS):
        trees = Trees(trained([part for n, of in enumerate(looks) if n != fold for part in of], *TREES))
        mine = iter([sample for sample in everything if sample.fold == fold])
        for blocks in looks[fold]:
            odds = trees.score(trees.bins(dict(zip(blocks.names, blocks.matrix.T, strict=True))))
            ends = np.cumsum(blocks.counts)[:-1]
            done += zip(mine_next(mine, blocks), np.split(odds, ends), np.split(blocks.words, ends), strict=True)
    report(done)
    if output:
        words, names = counted_words(everything), counted_names(everything)
        arrays = trained([part for of in looks for part in of], *TREES)
        of_tables = {"log_odds": words.log_odds, "tags": words.tags, "element_names": names.log_odds}
        np.savez_compressed(output, **arrays, **of_tables)
        print(f"{output}: {pathlib.Path(output).stat().st_size:,} bytes")


def mine_next(samples_of_fold, blocks):
    return [next(samples_of_fold) for _ in blocks.counts]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="+")
    parser.add_argument("--without", metavar="HOSTS")
    parser.add_argument("-o", "--output", metavar="MODEL.npz")
    args = parser.parse_args()
    hosts = set(pathlib.Path(args.without).read_text().split()) if args.without else set()
    main(list(samples(args.data, hosts)), args.output)
