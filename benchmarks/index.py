"""Measure the index by hand, on data of your own (JSONL, maybe .gz or .xz; "text", and "id", "title", "date", "label").

    python benchmarks/index.py large ARTICLES --count 100000 [--index PATH]
    python benchmarks/index.py parts ARTICLES [--shuffle SEED] [--no-clean]
    python benchmarks/index.py kills ARTICLES [--times 100]

large  fills an index with so many articles made of the given ones, and adds 500 others of these to it, and 500 more, in a
       process of its own: seconds (cleaning apart), bytes an article, the peak of memory. Of those that are made the
       shingles and the rare half of the terms are others in each round, as of other events in one language; they are
       written down as they are, without being compared. The index stays at PATH.
added  the second half of that: adds the articles to a copy of the index at ARTICLES, which `large` made.
parts  adds the articles in ten parts, and groups them at once: how many pairs of copies are others; and where the articles
       have labels, BCubed F1 of the stories of both.
kills  adds half of the articles, and kills the adding of the others (SIGKILL) at random moments: whether the index is whole,
       as before or as after, and the same after finishing.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import json
import lzma
import pickle
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, combinations
from pathlib import Path

import msgspec
import numpy as np

from cleaner import Article
from cleaner.engine import Serial
from cleaner.fingerprint.facts import Facts
from cleaner.group.collection import Collection
from cleaner.group.copies.signatures import signed
from cleaner.group.stories.features import StoryFeatures
from cleaner.group.stories.store import packed
from cleaner.index import contents, news, rows
from cleaner.index.decision import Decision
from cleaner.index.file import IndexFile
from cleaner.index.frequencies import Frequencies
from cleaner.index.keeping import keep
from cleaner.index.packing import coarse_stories
from cleaner.index.rows import Given, given
from cleaner.index.stories import Stories
from cleaner.options import WINDOW, CleanOptions, StoryOptions
from cleaner.pipeline import Summaries, Work, done

TABLES = ("articles", "copy_features", "story_features", "blocks", "merged", "periods")
ADDED = 500  # a day's articles
PART = 10_000
PARTS = 10
AT_ONCE = 500  # that are made
READ = 6_000  # articles that others are made of
RARE = 80  # the quantised idf from which a term is other in each round


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("large", "added", "parts", "kills"))
    parser.add_argument("articles", type=Path)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--shuffle", type=int)
    parser.add_argument("--no-clean", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if args.what == "kills":
            kills(args.articles, args.times, Path(folder))
            return
        if args.what == "added":
            shutil.copyfile(args.articles, copy := Path(folder) / "index")
            add_last(copy, _beside(args.articles))
            return
        summaries, labels = summarised(args.articles, not args.no_clean, READ if args.what == "large" else None)
        if args.what == "large":
            found = list(chain.from_iterable(map(given, summaries)))
            large(found, args.count, args.index or Path(folder) / "index")
        else:
            parts(summaries, labels, args.shuffle, Path(folder) / "index")


def summarised(path: Path, clean: bool, most: int | None) -> tuple[list[Summaries], list[object]]:
    """What the articles of a file come to, and their labels."""
    opened = {".gz": gzip.open, ".xz": lzma.open, ".bz2": bz2.open}.get(path.suffix, open)
    with opened(path, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line, _ in zip(lines, range(most or sys.maxsize), strict=False)]
    names = ("title", "date", "url")
    articles = [
        Article(text=one["text"], id=str(one.get("id", i)), **{name: one.get(name) for name in names})
        for i, one in enumerate(records)
    ]
    work = Work(CleanOptions() if clean else None, metadata=True, summary="stories", keep=False, openings=True)
    found = [item for _, _, item in done(((None, article) for article in articles), work, Serial())]
    assert all(isinstance(item, Summaries) for item in found)
    return found, [one.get("label") for one in records]


def large(found: Sequence[Given], count: int, path: Path) -> None:
    last, bases = found[-2 * ADDED :], found[: -2 * ADDED]
    file = IndexFile(path, make=True)
    began = time.monotonic()
    for start in range(0, count, PART):
        made: list[Given] = []
        while len(made) < min(PART, count - start):
            number = start + len(made)
            some = bases[number % len(bases) :][: min(AT_ONCE, count - number, PART - len(made))]
            made += others(some, number // len(bases))
        with file.writing():
            frequencies = Frequencies(file, [one.features for one in made], WINDOW)
            numbers = list(range(start + 1, start + 1 + len(made)))
            ones = Stories(frequencies=frequencies, partners=frequencies.partners._replace(likely=0.0, articles=len(made)))
            keep(file, Decision(start + 1, made, numbers, list(numbers), [1.0] * len(made), stories=ones))
    size = contents.size(file)
    file.close()
    print(
        f"filled with {count:,} in {time.monotonic() - began:.0f} s; {size.bytes / count:,.0f} bytes an article", flush=True
    )
    _beside(path).write_bytes(pickle.dumps(last))
    subprocess.run([sys.executable, __file__, "added", str(path)], check=True)  # its memory is what adding takes


def _beside(path: Path) -> Path:
    """Where the articles are that are added to an index."""
    return path.with_name(path.name + ".added")


def add_last(path: Path, articles: Path) -> None:
    last = pickle.loads(articles.read_bytes())
    before = peak()
    for part in (last[:ADDED], last[ADDED:], last[:ADDED]):  # the last time all are there already
        file = IndexFile(path)
        wall, cpu = time.monotonic(), time.process_time()
        news.add(file, [part], StoryOptions())
        print(f"adding {len(part)}: {time.monotonic() - wall:.2f} s, {time.process_time() - cpu:.2f} s of CPU", flush=True)
        file.close()
    print(f"peak of memory: {peak():,.0f} MiB, {before:,.0f} before adding", flush=True)


def peak() -> float:
    """The most memory that this process took so far, in MiB. (`getrusage` counts what it was made by too.)"""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def others(some: Sequence[Given], round: int) -> list[Given]:
    """Articles of other events, made of some."""
    pick = np.uint32(0x9E3779B1 * round & 0xFFFFFFFF)
    signatures = [one.summary.signatures for one in some]
    shingles, facts_ = (
        np.frombuffer(b"".join(getattr(one, name) for one in signatures), dtype=np.uint32) for name in ("shingles", "facts")
    )
    counts, fact_counts = (
        np.frombuffer(b"".join(getattr(one, name) for one in signatures), dtype=np.uint32).astype(np.int64)
        for name in ("counts", "fact_counts")
    )
    keys, values = facts_.reshape(-1, 2).T
    digests = b"".join(bytes(16 - 4) + (pick ^ np.uint32(i)).tobytes() for i in range(len(some)))
    stated = Facts(keys, values ^ (pick >> np.uint32(24)), fact_counts)
    copies = signed(digests, shingles ^ (pick >> np.uint32(16)), counts, stated).each()
    features = coarse_stories([_other_terms(one.features, pick) for one in some])
    return [
        replace(
            one,
            summary=replace(one.summary, signatures=signature, features=[packed(feature)]),
            known=msgspec.structs.replace(one.known, id=f"{one.id}.{round}"),
        )
        for one, signature, feature in zip(some, copies, features, strict=True)
    ]


def _other_terms(features: StoryFeatures, pick: np.uint32) -> StoryFeatures:
    rare = features.idfs >= RARE
    terms = features.terms ^ np.where(rare, (pick >> np.uint32(4)) & np.uint32(0xFFFFFFF), np.uint32(0))
    terms, at = np.unique(terms, return_index=True)
    labels = features.label_terms[np.isin(features.label_terms, terms)]
    words = "\n".join(features.label_words.split("\n")[: len(labels)])
    return replace(
        features, terms=terms, counts=features.counts[at], idfs=features.idfs[at], label_terms=labels, label_words=words
    )


def parts(summaries: Sequence[Summaries], labels: list[object], seed: int | None, path: Path) -> None:
    collection = Collection()
    for item in summaries:
        collection.add(item.summary)
    groups = collection.groups(False, StoryOptions())
    found = list(chain.from_iterable(map(given, summaries)))
    order = list(range(len(found)))
    if seed is not None:
        random.Random(seed).shuffle(order)
    found, labels = [found[i] for i in order], [labels[i] for i in order]
    copy, story = ([of[i] for i in order] for of in (groups.copy.tolist(), groups.story.tolist()))
    file = IndexFile(path, make=True)
    for k in range(PARTS):
        news.add(file, [found[k * len(found) // PARTS : (k + 1) * len(found) // PARTS]], StoryOptions())
    where = rows.by_id(file, [one.id for one in found])
    copies, stories = ([getattr(where[one.id], name) for one in found] for name in ("copy", "story"))
    once, in_parts = together(copy), together(copies)
    apart = len(once ^ in_parts)
    print(f"copies: {len(once):,} pairs at once, {apart:,} others: {1000 * apart / max(1, len(once)):.2f} in 1,000")
    if any(labels):
        at_once, by_parts = bcubed(labels, story), bcubed(labels, stories)
        print(f"stories: BCubed F1 {at_once:.4f} at once, {by_parts:.4f} in parts: {by_parts - at_once:+.4f}")
    print(f"{contents.size(file).bytes / len(found):,.0f} bytes an article")


def together(groups: Sequence[int]) -> set[tuple[int, int]]:
    members = defaultdict(list)
    for i, group in enumerate(groups):
        members[group].append(i)
    return {pair for some in members.values() for pair in combinations(some, 2)}


def bcubed(gold: Sequence[object], found: Sequence[int]) -> float:
    cells, labels, groups = Counter(zip(gold, found, strict=True)), Counter(gold), Counter(found)
    precision = sum(n * n / groups[group] for (_, group), n in cells.items()) / len(gold)
    recall = sum(n * n / labels[label] for (label, _), n in cells.items()) / len(gold)
    return 2 * precision * recall / (precision + recall)


def kills(path: Path, times: int, folder: Path) -> None:
    index, base, lines = folder / "index", folder / "base", path.read_bytes().splitlines(keepends=True)
    halves = folder / "first.jsonl", folder / "second.jsonl"
    for half, some in zip(halves, (lines[: len(lines) // 2], lines[len(lines) // 2 :]), strict=True):
        half.write_bytes(b"".join(some))

    def adding(half: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "cleaner", "index", "add", str(index), str(half), "--json", "-j", "1"]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def known() -> list[object] | None:
        """All that the index holds but the days of additions, or None where it is not whole."""
        file = IndexFile(index)
        try:
            with file.reading():
                whole = not contents.faults(file)
                return [list(file.rows(f"SELECT * FROM {table} ORDER BY 1")) for table in TABLES] if whole else None
        finally:
            file.close()

    assert adding(halves[0]).wait() == 0
    before = known()
    shutil.copyfile(index, base)
    began = time.monotonic()
    assert adding(halves[1]).wait() == 0
    took, after = time.monotonic() - began, known()
    print(f"undisturbed: {took:.1f} s", flush=True)
    pick, results, left = random.Random(1), Counter(), Counter()
    for _ in range(times):
        for one in folder.glob("index*"):
            one.unlink()
        shutil.copyfile(base, index)
        process = adding(halves[1])
        time.sleep(took * pick.uniform(0.5, 1.0))
        process.send_signal(signal.SIGKILL)
        ended = process.wait() == 0
        log = index.with_name("index-wal").exists() and index.with_name("index-wal").stat().st_size > 0
        found = known()
        state = "before" if found == before else "after" if found == after else "OTHER"
        left[f"as {state}" + (", ended" if ended else ", with a log" if log else "")] += 1
        began = time.monotonic()
        assert adding(halves[1]).wait() == 0
        took = time.monotonic() - began  # as long as it takes just now
        results["the same" if known() == after else "OTHER"] += 1
    print(f"left: {dict(left)}; after finishing: {dict(results)} of {times}")


if __name__ == "__main__":
    main()
