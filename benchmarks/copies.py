"""Rerun the comparison of tools that find near-verbatim copies, on a corpus with known ones.

    pip install . rensa gaoya daft text-dedup     # those that are not installed are left out
    python benchmarks/copies.py CORPUS.jsonl [--limit N]

CORPUS.jsonl has {"id", "text"} a line; beside it CORPUS.truth.tsv has the id and the true cluster of each, tab between.
Every tool runs in a process of its own, one after the other, on the same articles. Printed is a Markdown table:

  P, R          precision and recall of the pairs of articles that are put in one group
  found         the share of articles with a copy that are grouped with a true one
  signatures    articles a CPU-second, for 128 values of word 5-grams, from texts in memory; all threads count
  whole         articles a CPU-second of the whole process, from the file to the groups

The scores are the same every time; the rates are the machine's, and mean something only beside each other. The tools, each
used as its documentation does, for pairs that share half their shingles:

  datasketch    MinHash.update_batch, MinHashLSH(threshold=.5), and the transitive closure of what the index returns
  rensa         RMinHash, RMinHashLSH(threshold=.5), and the closure
  gaoya         MinHashStringIndex (word 5-grams, 42 bands of 3, .5), which verifies by signatures, and the closure
  daft          its minhash expression; it has no grouping of its own
  text-dedup    `python -m text_dedup.minhash`, whole; its clusters are not verified
  cleaner       `cleaner group --json --no-clean --copies-only`
"""

import argparse
import collections
import importlib.util
import json
import os
import pathlib
import pickle
import re
import resource
import subprocess
import sys
import tempfile
import time

WORD = re.compile(r"\w+")
PERMUTATIONS, NGRAM, THRESHOLD, BANDS, ROWS = 128, 5, 0.5, 42, 3


def corpus(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def grams(text):
    words = WORD.findall(text.lower())
    return [" ".join(words[i : i + NGRAM]) for i in range(len(words) - NGRAM + 1)]


def closure(size, neighbours):
    """A label for each of the articles, the same for those that pairs connect."""
    label = list(range(size))

    def root(i):
        while label[i] != i:
            label[i] = label[label[i]]
            i = label[i]
        return i

    for i, others in enumerate(neighbours):
        for other in others:
            a, b = sorted((root(i), root(int(other))))
            label[b] = a
    return [root(i) for i in range(size)]


def datasketch(texts):
    from datasketch import MinHash, MinHashLSH

    yield

    def sign(text):
        found = MinHash(num_perm=PERMUTATIONS)
        found.update_batch([gram.encode() for gram in grams(text)])
        return found

    signed = yield [sign(text) for text in texts]
    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    for i, one in enumerate(signed):
        index.insert(i, one)
    yield closure(len(texts), (index.query(one) for one in signed))


def rensa(texts):
    from rensa import RMinHash, RMinHashLSH

    yield

    def sign(text):
        found = RMinHash(num_perm=PERMUTATIONS, seed=1)
        found.update(grams(text))
        return found

    signed = yield [sign(text) for text in texts]
    index = RMinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, num_bands=PERMUTATIONS // 4)
    for i, one in enumerate(signed):
        index.insert(i, one)
    yield closure(len(texts), ([j for j in index.query(one) if signed[j].jaccard(one) >= THRESHOLD] for one in signed))


def gaoya(texts):
    from gaoya.minhash import MinHashStringIndex

    yield
    index = MinHashStringIndex(
        hash_size=32, jaccard_threshold=THRESHOLD, num_bands=BANDS, band_size=ROWS, analyzer="word", lowercase=True,
        ngram_range=(NGRAM, NGRAM),
    )  # fmt: skip
    index.par_bulk_insert_docs(list(range(len(texts))), texts)
    yield None
    yield closure(len(texts), index.par_bulk_query(texts))


def daft(texts):
    import daft as library

    yield
    library.from_pydict({"text": texts}).select(
        library.col("text").minhash(num_hashes=PERMUTATIONS, ngram_size=NGRAM, seed=1)
    ).collect()
    yield None


def cleaner(texts):
    import numpy  # noqa: F401

    from cleaner.fingerprint import shingles, signatures

    yield
    for start in range(0, len(texts), 128):
        signatures.minhash(*shingles.of_texts(texts[start : start + 128]))
    yield None


LIBRARIES = {one.__name__: one for one in (datasketch, rensa, gaoya, daft, cleaner)}


def library(name, path, out):
    """Run a library in this process: signatures, then groups; what was found goes to `out`, as JSON."""
    texts = [record["text"] for record in corpus(path)]
    steps = LIBRARIES[name](texts)
    next(steps)  # imports are not counted
    begin = time.process_time()
    signed = next(steps)
    seconds = time.process_time() - begin
    groups = None
    if name not in ("daft", "cleaner"):
        groups = steps.send(signed)
    pathlib.Path(out).write_text(json.dumps({"signing": seconds, "groups": groups}))


def run(command, **options):
    """CPU-seconds of a command and all below it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, **options)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measured(name, path, folder):
    """(signing seconds or None, whole seconds, groups or None) of a tool."""
    out = folder / f"{name}.json"
    if name == "text-dedup":
        seconds = run(
            [sys.executable, "-m", "text_dedup.minhash", "--path", "json", "--data_files", path, "--split", "train",
             "--cache_dir", folder / "cache", "--output", folder / "dedup", "--column", "text", "--batch_size", "1000",
             "--num_perm", str(PERMUTATIONS), "--ngram", str(NGRAM), "--threshold", str(THRESHOLD), "--debug"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "HF_HUB_OFFLINE": "1"},
        )  # fmt: skip
        with open(folder / "dedup" / "uf.pkl", "rb") as file:
            found = pickle.load(file)
        return None, seconds, [found.find(i) for i in range(len(corpus(path)))]
    whole = run([sys.executable, __file__, path, "--library", name, "--out", out])
    found = json.loads(out.read_text())
    if name == "cleaner":
        with open(out, "wb") as file:
            whole = run(
                [sys.executable, "-m", "cleaner", "group", "--json", "--no-clean", "--copies-only", path], stdout=file
            )
        found["groups"] = [record["copy"] for record in corpus(out)]
    return found["signing"], whole if found["groups"] else None, found["groups"]


def pairs(counts):
    return sum(n * (n - 1) // 2 for n in counts.values())


def scores(gold, groups):
    """Pair precision and recall, and the share of articles with a copy that are grouped with a true one."""
    sizes, cells = collections.Counter(gold), collections.Counter(zip(gold, groups, strict=True))
    right, made, true = pairs(cells), pairs(collections.Counter(groups)), pairs(sizes)
    copied = [cell for cell in zip(gold, groups, strict=True) if sizes[cell[0]] > 1]
    return (
        right / made if made else 1.0,
        right / true if true else 1.0,
        sum(cells[c] > 1 for c in copied) / max(1, len(copied)),
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--library", help=argparse.SUPPRESS)
    parser.add_argument("--out", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.library:
        library(args.library, args.corpus, args.out)
        return
    records = corpus(args.corpus)[: args.limit]
    with open(args.corpus.rsplit(".jsonl", 1)[0] + ".truth.tsv", encoding="utf-8") as lines:
        truth = dict(line.rstrip("\n").split("\t")[:2] for line in lines)
    gold = [truth[record["id"]] for record in records]
    print(f"{len(records):,} articles\n")
    print("| tool | P | R | found | signatures | whole |\n| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        path = str(folder / "corpus.jsonl")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        for tool in ("datasketch", "rensa", "gaoya", "daft", "text-dedup", "cleaner"):
            if importlib.util.find_spec(tool.replace("-", "_")) is None:
                continue
            signing, whole, groups = measured(tool, path, folder)
            figures = [f"{value:.4f}" for value in scores(gold, groups)] if groups else ["-"] * 3
            rates = [f"{len(records) / seconds:,.0f}" if seconds else "-" for seconds in (signing, whole)]
            print(f"| {tool} | {' | '.join(figures + rates)} |", flush=True)


if __name__ == "__main__":
    main()
