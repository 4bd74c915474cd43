"""What a learned model of lines would get, out of fold: a measurement for the scorer that the rules are to be joined by.

    pip install catboost
    python benchmarks/block_model.py DATA.jsonl.gz ... [--trees 300] [--depth 7]

Each DATA file has a page a line: {"id", "url", "dirty", "gold"}; sites that `--held` names (one a line) are left out.
Every line is labelled by whether the gold has it, described by block_features, and judged by a model that was trained on
other sites (five folds). The gold texts themselves are pages too, of which everything is to be kept.

Printed a threshold and a file: F1 of 4-grams, what doing nothing scores, the share of pages made worse; `keep` for
the gold texts. Measured on the training sites of window / full_page / residue_trafilatura / residue_newspaper, 300
trees of depth 7, lines under .3 removed: F1 .937 / .910 / .955 / .954, doing nothing .894 / .758 / .953 / .954, made
worse 4.5 / 2.4 / 5.7 / 5.1 %, keep .993. What helped: the columns about the whole article, its first and its last
lines (keep .991 -> .996 on two folds); what did not: a second model that sees its neighbours' verdicts, a linear
model over words.
"""

import argparse
import collections
import gzip
import hashlib
import json
import pathlib
import re
from difflib import SequenceMatcher
from urllib.parse import urlsplit

import numpy as np
from catboost import CatBoostClassifier, Pool

from cleaner import rules
from cleaner import text as texts
from cleaner.clean import features

FOLDS = 5
WORD = re.compile(r"\w+")


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


def f1(kept, gold):
    bags = []
    for text in (kept, gold):
        words = WORD.findall(text)
        bags.append(collections.Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3))) if words else {})
    shared = sum((collections.Counter(bags[0]) & collections.Counter(bags[1])).values())
    sizes = [sum(bag.values()) for bag in bags]
    return 2 * shared / sum(sizes) if sum(sizes) else 1.0, shared / sizes[1] if sizes[1] else 1.0


def pages(paths, held):
    seen = set()
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            for row in map(json.loads, stream):
                site = (row.get("site") or urlsplit(row.get("url") or "").netloc or row["id"]).lower().removeprefix("www.")
                if site in held:
                    continue
                for kind, text in ((path, row["dirty"]), ("gold", row["gold"])):
                    if kind == "gold" and row["id"] in seen:
                        continue
                    lines = lines_of(text)
                    if lines:
                        shares = [1.0] * len(lines) if kind == "gold" else label(lines, row["gold"])
                        fold = hashlib.sha1(b"f" + site.encode()).digest()[0] % FOLDS
                        yield {
                            **row,
                            "kind": kind,
                            "site": site,
                            "lines": lines,
                            "shares": shares,
                            "text": text,
                            "fold": fold,
                        }
                seen.add(row["id"])


def flags(line, ruleset):
    """Which kinds of rule match a line (see block_features.RULE_FLAGS)."""
    row = [0.0] * features.RULE_FLAGS
    for rule in ruleset.of(texts.fold(line)) if len(line) < 4 * rules.LONGEST_LINE else ():
        place = {"section": 0, "more": 1}.get(rule.kind, {"any": 2, "head": 3, "tail": 4}[rule.where])
        row[place] = 1.0
        row[5] = max(row[5], float(rule.beside))
    return row


def table(batches, without):
    """A features.Table of log odds, counted in sites, not lines, so that no large site decides; one fold is left out."""
    said = np.zeros(features.TABLES << features.TABLE_BITS, np.int8)
    tags = np.zeros(features.TABLES << features.TABLE_BITS, np.uint8)
    for kind in range(features.TABLES):
        found = []
        for batch in batches:
            lines = batch["batch"]
            for hashes, use, at in features.evidence(lines, kind):
                share = batch["shares"][at]
                page = lines.article[at]
                use = use & (batch["fold"][page] != without) & ((share >= 0.7) | (share <= 0.3))
                found.append((hashes[use], batch["site"][page][use], share[use] < 0.5))
        hashes, sites, gone = (np.concatenate(column) for column in zip(*found, strict=True))
        once = features.mix(hashes + features.mix(sites.astype(np.uint64) * np.uint64(2) + gone.astype(np.uint64)))
        _, first = np.unique(once, return_index=True)
        entries, inverse = np.unique(hashes[first], return_inverse=True)
        against = np.bincount(inverse, weights=gone[first])
        total = np.bincount(inverse)
        odds = np.clip(np.rint(16 * np.log((against + 0.5) / (total - against + 0.5))), -127, 127)
        use = (total >= 3) & (np.abs(odds) >= (4 if kind == 0 else 10))
        order = np.argsort(total[use], kind="stable")  # of two that share a place, the commoner stays
        at, tag = features.address(entries[use][order], kind)
        said[at], tags[at] = odds[use][order], tag
    return features.Table(said, tags)


def described(batch, words):
    """The matrix of a batch: a row a line."""
    own = features.own(batch["batch"], words, batch["flags"], batch["urls"])
    columns = own + features.context(batch["batch"], own, own[features.FIRST_SAID])
    return np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=1)


def weight(batch):
    """A page is one vote, and a long line more of it than a short one."""
    lines = batch["batch"]
    size = (np.minimum(lines.words, 150) + 3.0) ** 0.8
    return size / np.bincount(lines.article, weights=size)[lines.article] * np.where(batch["gold"], 60, 100)[lines.article]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="+")
    parser.add_argument("--held", help="a file of sites to leave out")
    parser.add_argument("--trees", type=int, default=300)
    parser.add_argument("--depth", type=int, default=7)
    args = parser.parse_args()
    held = set(pathlib.Path(args.held).read_text().split()) if args.held else set()
    everything = sorted(pages(args.data, held), key=lambda page: page["fold"])
    sites = {site: n for n, site in enumerate(sorted({page["site"] for page in everything}))}
    ruleset = rules.default()
    batches = []
    for fold in range(FOLDS):
        part = [page for page in everything if page["fold"] == fold]
        for some in (part[i : i + 200] for i in range(0, len(part), 200)):
            lines = [line for page in some for line in page["lines"]]
            batches.append(
                {
                    "pages": some,
                    "fold": np.full(len(some), fold),
                    "site": np.array([sites[page["site"]] for page in some]),
                    "gold": np.array([page["kind"] == "gold" for page in some]),
                    "urls": [page.get("url") or "" for page in some],
                    "batch": features.Batch(lines, [len(page["lines"]) for page in some]),
                    "shares": np.array([share for page in some for share in page["shares"]]),
                    "flags": np.array([flags(line, ruleset) for line in lines], dtype=np.float32),
                }
            )
    matrices = [described(batch, table(batches, batch["fold"][0])) for batch in batches]
    scores = collections.defaultdict(list)
    for fold in range(FOLDS):
        train = [i for i, batch in enumerate(batches) if batch["fold"][0] != fold]
        model = CatBoostClassifier(
            iterations=args.trees,
            depth=args.depth,
            learning_rate=max(0.03, 24 / args.trees),
            l2_leaf_reg=6,
            border_count=48,
            loss_function="CrossEntropy",
            bootstrap_type="Bernoulli",
            subsample=0.7,
            rsm=0.5,
            random_seed=1,
            verbose=0,
            allow_writing_files=False,
        )
        columns = ([matrices[i] for i in train], [batches[i]["shares"] for i in train], [weight(batches[i]) for i in train])
        matrix, shares, weights = (np.concatenate(column) for column in columns)
        model.fit(Pool(matrix, shares, weight=weights))
        for batch, matrix in zip(batches, matrices, strict=True):
            if batch["fold"][0] != fold:
                continue
            keep = model.predict_proba(matrix)[:, 1]
            lines = batch["batch"]
            for n, page in enumerate(batch["pages"]):
                mine = keep[lines.first[n] : lines.first[n] + lines.counts[n]]
                before = f1(page["text"], page["gold"])[0]
                for threshold in (0.2, 0.3, 0.4):
                    kept = "\n".join(line for line, p in zip(page["lines"], mine, strict=True) if p >= threshold)
                    scores[threshold, page["kind"]].append((*f1(kept, page["gold"]), before))
    for (threshold, kind), rows in sorted(scores.items()):
        after, recall, before = (sum(column) / len(rows) for column in zip(*rows, strict=True))
        if kind == "gold":
            print(f"{threshold}  keep {recall:.4f}")
        else:
            worse = sum(row[0] < row[2] - 0.005 for row in rows) / len(rows)
            print(f"{threshold}  {kind}  F1 {after:.4f}  before {before:.4f}  worse {worse:.3f}")


if __name__ == "__main__":
    main()
